/* Keys on the desk: one letter does what a button on the page does. Nothing works by keys alone, and nothing while typing. */

const TYPING = "input, textarea, select, [contenteditable]";
const help = document.getElementById("keys-help");

const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility());
const opened = () => document.getElementById("opened") ?? document.activeElement?.closest("li");

function step(by) {
  const all = rows();
  if (!all.length) return;
  const current = all.indexOf(document.activeElement?.closest("li")?.querySelector("[data-row]"));
  const next = all[Math.min(all.length - 1, Math.max(0, current < 0 ? (by > 0 ? 0 : all.length - 1) : current + by))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

/** The row that has the focus, if it has the answer itself; else the request that stands open beside the list. */
function form(verb) {
  const row = document.activeElement?.closest("li");
  const wanted = `form[action$="/${verb}"]`;
  return row?.querySelector(wanted) ?? opened()?.querySelector(wanted);
}

/** Press the button; where a reason is asked, open the form and go to its field. */
function answer(verb) {
  const found = form(verb);
  if (!found) return;
  const reason = found.querySelector("textarea");
  if (!reason) {
    found.requestSubmit();
    return;
  }
  const menu = found.closest("details");
  if (menu) menu.open = true;
  reason.focus();
}

function follow(selector) {
  const link = document.activeElement?.closest("li")?.querySelector(selector) ?? opened()?.querySelector(selector)
    ?? document.querySelector(selector);
  if (!link) return;
  if (link.href) location.assign(link.href);
  else link.focus();
}

/** One zoom closer or further away, where there are zooms. */
function zoom(by) {
  const zooms = [...document.querySelectorAll("[data-zoom]")];
  const wanted = zooms[zooms.findIndex((each) => each.ariaCurrent) + by];
  if (wanted) location.assign(wanted.href);
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  g: () => answer("grant"),
  c: () => answer("confirm"),
  d: () => answer("decline"),
  m: () => follow("[data-key=m]"),
  t: () => follow("[data-key=t]"),
  p: () => follow("[rel=prev]"),
  n: () => follow("[rel=next]"),
  "+": () => zoom(-1),
  "-": () => zoom(1),
  "/": () => follow("[data-key=search]"),
  "?": () => help?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
  if (event.target.closest(TYPING) || document.querySelector("dialog[open]")) return;
  const deed = KEYS[event.key];
  if (!deed) return;
  event.preventDefault();
  deed();
});
