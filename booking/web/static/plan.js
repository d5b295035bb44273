/* Moving a booking in the plan, by hand or by keys. Nothing is saved here: letting go opens the form, filled in. */

const DAY = 86_400_000;
const NEAR_THE_EDGE = 10;
const A_DRAG = 6;

const plan = document.querySelector("[data-plan]");
const said = document.getElementById("plan-says");
const first = Date.parse(plan.dataset.first);
const count = Number(plan.dataset.days);
const words = new Intl.DateTimeFormat(document.documentElement.lang, {
  weekday: "short", day: "numeric", month: "short", timeZone: "UTC",
});

let moving = null;

const dayOf = (column) => first + (column - 1) * DAY;
const iso = (moment) => new Date(moment).toISOString().slice(0, 10);
const rows = () => [...plan.querySelectorAll("[data-resource]")];
const bars = (row) => row.querySelector(".days--bars");

/** What stands on those days of a row: the bars that hold it hard, and those that are only asked or optioned. */
function inTheWay(row, from, to, booking) {
  return [...bars(row).querySelectorAll("li[data-from]")].filter((bar) =>
    bar.dataset.booking !== booking && Date.parse(bar.dataset.from) <= to && from <= Date.parse(bar.dataset.to));
}

/** Where the booking would be now, drawn on its row, and told in words before anything is let go. */
function show() {
  const { ghost, row, from, to, booking } = moving;
  const others = inTheWay(row, from, to, booking);
  const hard = others.filter((bar) => "hard" in bar.dataset);
  const column = Math.max(1, Math.round((from - first) / DAY) + 1);
  const end = Math.min(count, Math.round((to - first) / DAY) + 1);
  ghost.className = `from-${column} span-${Math.max(1, end - column + 1)} plan__ghost${hard.length ? " plan__ghost--no" : ""}`;
  if (ghost.parentElement !== bars(row)) bars(row).append(ghost);
  const days = from === to ? words.format(from) : `${words.format(from)} – ${words.format(to)}`;
  const names = (hard.length ? hard : others).map((bar) => bar.querySelector(".bar__text").textContent.trim().replaceAll(/\s+/g, " "));
  const verdict = hard.length ? plan.dataset.taken : others.length ? plan.dataset.asked : plan.dataset.free;
  said.textContent = `${row.getAttribute("aria-label")}, ${days}: ${verdict} ${[...new Set(names)].join(", ")}`.trim();
  said.hidden = false;
}

function begin(bar, resize) {
  const item = bar.closest("li");
  const ghost = document.createElement("li");
  ghost.append(document.createElement("span"));
  ghost.firstChild.className = "bar";
  const from = Date.parse(item.dataset.from);
  const to = Date.parse(item.dataset.to);
  moving = { bar, ghost, resize, booking: item.dataset.booking, row: item.closest("[data-resource]"), from, to, was: { from, to, row: item.closest("[data-resource]") } };
  plan.classList.add("plan--moving");
  show();
}

function end() {
  moving?.ghost.remove();
  plan.classList.remove("plan--moving");
  said.hidden = true;
  moving = null;
}

/** Move by days, or make longer or shorter; never past its own beginning. */
function shift(days, longer) {
  if (!longer) moving.from += days * DAY;
  moving.to = Math.max(moving.to + days * DAY, moving.from);
  show();
}

function toRow(row) {
  if (!row) return;
  moving.row = row;
  show();
}

function letGo() {
  const { booking, from, to, row, was } = moving;
  const moved = Math.round((from - was.from) / DAY);
  const longer = Math.round((to - from - (was.to - was.from)) / DAY);
  const elsewhere = row === was.row ? "" : `&to=${encodeURIComponent(row.dataset.resource)}`;
  end();
  if (moved || longer || elsewhere) location.assign(`/bookings/${booking}/change?shift=${moved}&longer=${longer}${elsewhere}`);
}

function byHand() {
  let press = null;
  plan.addEventListener("pointerdown", (event) => {
    const bar = event.target.closest("li[data-moves] > a.bar");
    if (!bar || event.button !== 0 || event.pointerType === "touch") return;
    const box = bar.getBoundingClientRect();
    press = { bar, x: event.clientX, column: bars(bar.closest("[data-resource]")).clientWidth / count, resize: box.right - event.clientX < NEAR_THE_EDGE, done: 0 };
  });
  addEventListener("pointermove", (event) => {
    if (!press) return;
    if (!moving) {
      if (Math.abs(event.clientX - press.x) < A_DRAG) return;
      begin(press.bar, press.resize);
    }
    const days = Math.round((event.clientX - press.x) / press.column);
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-resource]");
    if (!press.resize && under && under !== moving.row) toRow(under);
    if (days !== press.done) {
      shift(days - press.done, press.resize);
      press.done = days;
    }
  });
  addEventListener("pointerup", () => {
    if (moving && press) {
      addEventListener("click", (event) => event.preventDefault(), { once: true, capture: true });
      letGo();
    }
    press = null;
  });
  plan.addEventListener("dragstart", (event) => event.preventDefault());
}

function byKeys() {
  plan.addEventListener("keydown", (event) => {
    const bar = event.target.closest("li[data-moves] > a.bar");
    if (!moving) {
      if (!bar || event.key !== "m" || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      begin(bar, false);
      return;
    }
    const all = rows();
    const step = {
      ArrowLeft: () => shift(-1, event.shiftKey),
      ArrowRight: () => shift(1, event.shiftKey),
      ArrowUp: () => toRow(all[all.indexOf(moving.row) - 1]),
      ArrowDown: () => toRow(all[all.indexOf(moving.row) + 1]),
      Enter: letGo,
      Escape: end,
    }[event.key];
    if (!step) return;
    event.preventDefault();
    step();
  });
}

byHand();
byKeys();
