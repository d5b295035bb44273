/* The button that copies an address. Without script the address stands in a field, to be selected by hand. */

for (const button of document.querySelectorAll("button[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // where the page came without https, browsers keep the new way closed
    }
    document.getElementById("live").textContent = button.dataset.done;
  });
}
