/* The plan in one's hands: moving a booking, choosing free days. Nothing is saved here: letting go opens a form, filled in.
   Columns are days, or half-hours on the plan of one day; where things stand is read from their classes. */

const DAY = 86_400_000;
const HALF_HOUR = 30;
const NEAR_THE_EDGE = 10;
const A_DRAG = 6;
const ROWS_A_FRAME = 2;
const HARD = ["is-confirmed", "is-completed", "is-pending", "is-closure", "is-external", "is-partly", "is-mixed"];

const plan = document.querySelector("[data-plan]");
const said = document.getElementById("plan-says");
const pick = document.getElementById("plan-pick");
const named = document.getElementById("plan-name");
const first = Date.parse(plan.dataset.first);
const count = Number(plan.dataset.days);
const byHours = "hours" in plan.dataset;
const words = new Intl.DateTimeFormat(document.documentElement.lang, {
  weekday: "short", day: "numeric", month: "short", timeZone: "UTC",
});

let moving = null;
let chosen = null;
let press = null;

const rows = [...plan.querySelectorAll("[data-resource]")];
const lineOf = (row) => row.querySelector("ol");
const numberIn = (element, name) => Number(element.className.match(new RegExp(`(?:^| )${name}-(\\d+)`))?.[1] ?? 1);
const dayOf = (column) => first + (column - 1) * DAY;
const iso = (moment) => new Date(moment).toISOString().slice(0, 10);
const lineStart = byHours ? Number(plan.dataset.line) : 0;

/** What one item of a row takes, as columns; a name beside it takes none. */
function read(item) {
  const from = numberIn(item, "from");
  const beside = item.querySelector(".piece > b");
  const to = from + numberIn(item, "span") - 1 - (beside ? numberIn(beside, "span") : 0);
  const bar = item.querySelector(".bar, .piece > i");
  const link = item.querySelector("a[href^='/bookings/']");
  const shapes = bar ? [...bar.classList] : [];
  return {
    item, from, to,
    booking: link?.getAttribute("href").slice("/bookings/".length) ?? "",
    isFree: shapes.includes("is-free"),
    isHard: shapes.some((shape) => HARD.includes(shape)),
    name: () => (item.querySelector(".bar__text") ?? item.querySelector("[aria-label]") ?? item).textContent
      .trim().replaceAll(/\s+/g, " ") || item.querySelector("[aria-label]")?.ariaLabel || "",
  };
}

const known = new Map();

/** Everything on a row, read once: dragging must not read the page again and again. */
function itemsOf(row) {
  if (!known.has(row)) known.set(row, [...lineOf(row).children].map(read).filter((each) => !each.isFree));
  return known.get(row);
}

const inTheWay = (row, from, to, booking) =>
  itemsOf(row).filter((each) => (!booking || each.booking !== booking) && each.from <= to && from <= each.to);

const clock = (column) => {
  const minutes = (lineStart + (column - 1) * HALF_HOUR) % 1440;
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
};

function inWords(from, to) {
  if (byHours) return `${clock(from)}–${clock(to + 1)}`;
  return from === to ? words.format(dayOf(from)) : `${words.format(dayOf(from))} – ${words.format(dayOf(to))}`;
}

/** A frame over some columns of a row; placed by script, so that the row itself is not laid out anew. */
function frameOn(row, from, to, frame) {
  const start = Math.max(1, from);
  const end = Math.min(count, to);
  frame.style.left = `${(100 * (start - 1)) / count}%`;
  frame.style.width = `${(100 * Math.max(1, end - start + 1)) / count}%`;
  if (frame.parentElement !== lineOf(row)) lineOf(row).append(frame);
}

function newFrame(name) {
  const frame = document.createElement("li");
  frame.className = name;
  frame.ariaHidden = "true";
  return frame;
}

/** Where the booking would be now, drawn on its row, and told in words before anything is let go. */
function show() {
  const { frame, row, from, to, booking } = moving;
  const others = inTheWay(row, from, to, booking);
  const hard = others.filter((each) => each.isHard);
  frame.classList.toggle("plan__ghost--no", hard.length > 0);
  frameOn(row, from, to, frame);
  const names = [...new Set((hard.length ? hard : others).map((each) => each.name()))];
  const verdict = hard.length ? plan.dataset.taken : others.length ? plan.dataset.asked : plan.dataset.free;
  say(`${row.ariaLabel}, ${inWords(from, to)}: ${verdict} ${names.join(", ")}`.trim());
}

function say(text) {
  said.textContent = text;
  said.hidden = !text;
}

/** What is in the way is hatched while something moves: a few rows a frame, nearest first, since all of them at once
    would be one long frame. */
const hatching = { next: [], frame: 0 };

function hatch(from, isMoving) {
  const here = rows.indexOf(from);
  hatching.next = rows.map((row, n) => [Math.abs(n - here), row]).sort(([one], [other]) => one - other).map(([, row]) => row);
  const some = () => {
    for (const row of hatching.next.splice(0, ROWS_A_FRAME)) row.classList.toggle("plan__row--hatched", isMoving);
    hatching.frame = hatching.next.length ? requestAnimationFrame(some) : 0;
  };
  cancelAnimationFrame(hatching.frame);
  hatching.frame = requestAnimationFrame(some);
}

function begin(item, resize) {
  const { from, to, booking } = read(item);
  const row = item.closest("[data-resource]");
  moving = { frame: newFrame("plan__ghost"), resize, booking, row, from, to, was: { from, to, row } };
  hatch(row, true);
  show();
}

function end() {
  if (!moving) return;
  moving.frame.remove();
  hatch(moving.row, false);
  say("");
  moving = null;
}

/** Leave everything as it was; a hand that still holds the button begins nothing anew. */
function giveUp() {
  if (press) press.isOver = true;
  end();
  unchoose();
}

/** Move by columns, or make longer or shorter; never past its own beginning. */
function shift(columns, longer) {
  if (!longer) moving.from += columns;
  moving.to = Math.max(moving.to + columns, moving.from);
  show();
}

function toRow(row) {
  if (!row) return;
  moving.row = row;
  show();
}

function letGo() {
  const { booking, from, to, row, was } = moving;
  const moved = from - was.from;
  const longer = to - from - (was.to - was.from);
  const elsewhere = row === was.row ? "" : `&to=${encodeURIComponent(row.dataset.resource)}`;
  end();
  if (!moved && !longer && !elsewhere) return;
  const by = byHours
    ? `minutes=${moved * HALF_HOUR}&longer_minutes=${longer * HALF_HOUR}`
    : `shift=${moved}&longer=${longer}`;
  location.assign(`/bookings/${booking}/change?${by}${elsewhere}`);
}

/** Some free columns of one or more rows, with what can be done with them. */
function choose(row, from, to, last = row) {
  if (!pick) return;
  const ends = [rows.indexOf(row), rows.indexOf(last)].sort((a, b) => a - b);
  const taken = rows.slice(ends[0], ends[1] + 1);
  for (const frame of chosen?.frames ?? []) frame.remove();
  const [start, stop] = [Math.min(from, to), Math.max(from, to)];
  chosen = { row, last, from, to, frames: taken.map(() => newFrame("plan__chosen")) };
  taken.forEach((each, n) => frameOn(each, start, stop, chosen.frames[n]));
  const others = taken.flatMap((each) => inTheWay(each, start, stop).map((one) => one.name()));
  const names = taken.map((each) => each.ariaLabel).join(", ");
  pick.hidden = false;
  pick.querySelector("output").textContent = `${names}, ${inWords(start, stop)}${
    others.length ? `: ${plan.dataset.asked} ${[...new Set(others)].slice(0, 3).join(", ")}` : ""}`;
  for (const link of pick.querySelectorAll("a")) {
    const address = new URL(link.dataset.to, location.href);
    const asked = address.searchParams;
    asked.set("resource", taken[0].dataset.resource);
    if (taken.length > 1) asked.set("also", taken.slice(1).map((each) => each.dataset.resource).join(","));
    if (byHours) {
      asked.set("from", iso(first));
      asked.set("from_time", clock(start));
      asked.set("to_time", clock(stop + 1));
    } else {
      asked.set("from", iso(dayOf(start)));
      asked.set("to", iso(dayOf(stop + 1)));
    }
    link.href = address.pathname + address.search;
    link.hidden = "one" in link.dataset && taken.length > 1;
  }
}

function unchoose() {
  for (const frame of chosen?.frames ?? []) frame.remove();
  chosen = null;
  if (pick) pick.hidden = true;
}

const columnAt = (line, x) => {
  const box = line.getBoundingClientRect();
  return Math.min(count, Math.max(1, Math.ceil((x - box.left) / (box.width / count))));
};

/** The row at a height of the window, by halving: asking what lies under a point costs far more. */
function rowAt(y) {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].getBoundingClientRect().bottom > y) high = middle;
    else low = middle + 1;
  }
  const found = rows[low];
  return found && found.getBoundingClientRect().top <= y ? found : null;
}

function byHand() {
  let waiting = 0;

  /** All that the pointer does goes to one small element from now on: nobody looks for what lies under it, and only
      that element's pointer changes its shape. */
  function hold(shape) {
    if (press.held) return;
    press.held = true;
    said.style.cursor = shape;
    said.setPointerCapture(press.pointer);
  }

  plan.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    const line = event.target.closest("[data-resource] > ol, [data-resource] > .strip > ol");
    if (!line) return;
    const item = event.target.closest("li[data-moves]");
    const bar = item?.querySelector(".bar, .piece > i:last-of-type");
    const column = line.getBoundingClientRect().width / count;
    if (item && bar) {
      press = { item, pointer: event.pointerId, x: event.clientX, column, resize: bar.getBoundingClientRect().right - event.clientX < Math.min(NEAR_THE_EDGE, column / 2), done: 0 };
    } else if (pick && (event.target === line || event.target.closest(".is-free"))) {
      press = { line, pointer: event.pointerId, row: line.closest("[data-resource]"), x: event.clientX, start: columnAt(line, event.clientX) };
    }
  });

  function follow(event) {
    waiting = 0;
    if (!press || press.isOver) return;
    const under = rowAt(event.clientY);
    if (!press.item) {
      if (!chosen && Math.abs(event.clientX - press.x) < A_DRAG) return;
      press.did = true;
      hold("cell");
      choose(press.row, press.start, columnAt(press.line, event.clientX), under ?? press.row);
      return;
    }
    if (!moving) {
      if (Math.abs(event.clientX - press.x) < A_DRAG) return;
      hold("grabbing");
      begin(press.item, press.resize);
    }
    const columns = Math.round((event.clientX - press.x) / press.column);
    if (!press.resize && under && under !== moving.row) toRow(under);
    if (columns !== press.done) {
      shift(columns - press.done, press.resize);
      press.done = columns;
    }
  }

  let latest = null;
  addEventListener("pointermove", (event) => {
    if (!press) return;
    latest = event;
    waiting ||= requestAnimationFrame(() => follow(latest));
  });

  /** The click that ends a drag opens nothing; it comes with the letting go, or not at all. */
  const noClick = (click) => click.preventDefault();

  addEventListener("pointerup", (event) => {
    if (waiting) {
      cancelAnimationFrame(waiting);
      follow(event);
    }
    if (press?.held) {
      addEventListener("click", noClick, { capture: true });
      setTimeout(() => removeEventListener("click", noClick, { capture: true }));
    }
    if (moving && press) letGo();
    press = null;
  });
  addEventListener("pointercancel", () => {
    if (press) giveUp();
    press = null;
  });
  plan.addEventListener("dragstart", (event) => event.preventDefault());
  plan.addEventListener("selectstart", (event) => press && event.preventDefault());
}

function byKeys() {
  plan.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const done = moving ? whileMoving(event) : beginning(event);
    if (done) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") giveUp();
  });
}

function whileMoving(event) {
  const step = {
    ArrowLeft: () => shift(-1, event.shiftKey),
    ArrowRight: () => shift(1, event.shiftKey),
    ArrowUp: () => toRow(rows[rows.indexOf(moving.row) - 1]),
    ArrowDown: () => toRow(rows[rows.indexOf(moving.row) + 1]),
    Enter: letGo,
    Escape: giveUp,
  }[event.key];
  step?.();
  moving?.frame.scrollIntoView({ block: "nearest" });
  return Boolean(step);
}

/** M takes a booking up; Shift and an arrow on free days chooses some of them, Enter then opens the form for these. */
function beginning(event) {
  const item = event.target.closest("li[data-moves]");
  if (item && event.key === "m") {
    begin(item, false);
    return true;
  }
  const free = event.target.closest(".is-free");
  if (chosen && free && event.key === "Enter") {
    pick.querySelector(".button:not(.button--second)").click();
    return true;
  }
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (!pick || !free || !event.shiftKey || !step) return false;
  const row = free.closest("[data-resource]");
  const start = numberIn(free.closest("li"), "from");
  const now = chosen?.row === row ? chosen : { from: start, to: start - step[0], last: row };
  const last = rows[rows.indexOf(now.last) + step[1]] ?? now.last;
  choose(row, now.from, Math.min(count, Math.max(1, now.to + step[0])), last);
  chosen.frames.at(rows.indexOf(last) < rows.indexOf(row) ? 0 : -1).scrollIntoView({ block: "nearest" });
  return true;
}

/** What is too thin for its words says them below, when it is pointed at or focused. */
function byName() {
  if (!named) return;
  const tell = (event) => {
    const label = event.target.closest?.(".piece")?.getAttribute("aria-label") ?? "";
    named.textContent = label;
    named.hidden = !label;
  };
  plan.addEventListener("pointerover", tell);
  plan.addEventListener("focusin", tell);
  plan.addEventListener("pointerleave", tell);
}

if (said) {
  byHand();
  byKeys();
}
byName();
