/* input[data-money]: sets the thousands apart when the cursor leaves the field: 1500000 becomes 1.500.000. */

export function enhance(input) {
  input.addEventListener("change", () => {
    const digits = input.value.replace(/[\s.,]|đồng|vnđ|vnd|₫|đ/gi, "");
    if (/^\d{1,16}$/.test(digits)) input.value = digits.replace(/\B(?=(\d{3})+$)/g, ".");
  });
}
