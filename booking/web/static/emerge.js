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

watchMenus();
