/* What a page gains with script. Everything works without: forms post, links go, details open. */

/** One menu open at a time; Escape and a click elsewhere close it and give the focus back. */
function watchMenus() {
  const menus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

/** A form that does something does it once, however often its button is pressed. */
function sendOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-once]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
}

/** A secret is copied with one press, and says so. */
function offerCopies() {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      button.textContent = button.dataset.copied;
    });
  }
}

/** The way back goes when its time is over: without script the next page no longer has it. */
function endUndo() {
  for (const form of document.querySelectorAll("form[data-seconds]")) {
    setTimeout(() => form.remove(), Number(form.dataset.seconds) * 1000);
  }
}

/** After a refusal the eye and the screen reader begin where the hand is needed. */
function goToRefusal() {
  const wrong = document.querySelector("[aria-invalid=true]") ?? document.getElementById("refusal");
  wrong?.focus();
}

watchMenus();
sendOnce();
offerCopies();
endUndo();
goToRefusal();
