/* button[data-copy="text"]: puts the text on the clipboard and says so for two seconds. */

export function enhance(button) {
  const label = button.querySelector("[data-copy-text]") ?? button;
  const before = label.textContent;
  label.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    if (!(await copy(button.dataset.copy, button))) return;
    label.textContent = button.dataset.textCopied;
    setTimeout(() => (label.textContent = before), 2000);
  });
}

async function copy(text, near) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // No clipboard access (plain http, an old browser): select the code so that Ctrl+C takes it.
    const code = near.parentElement.querySelector("code");
    if (code) getSelection().selectAllChildren(code);
    return false;
  }
}
