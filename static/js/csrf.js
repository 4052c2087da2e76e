/* Signing in again in another window gives the browser a new CSRF token: forms that are open take it from its cookie. */

const COOKIE = "portal_csrf=";

export function refreshToken(form) {
  const field = form.querySelector("[name=csrfmiddlewaretoken]");
  const cookie = document.cookie.split("; ").find((one) => one.startsWith(COOKIE));
  if (field && cookie) field.value = cookie.slice(COOKIE.length);
}
