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

/** Printing is what the browser does anyway; the button only says that this page is made for it. */
function offerPrinting() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
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

/** A form that keeps itself: what was typed last is kept even when the page is left in the middle of a word. */
function keepOnLeaving() {
  const keeper = document.querySelector("[hx-post^='/drafts/']");
  const form = keeper?.closest("form");
  if (!form) return;
  let typed = false;
  form.addEventListener("input", () => (typed = true));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt === keeper && event.detail.successful) typed = false;
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (form.dataset.sent) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || !typed || form.dataset.sent) return;
    navigator.sendBeacon(keeper.getAttribute("hx-post"), new FormData(form));
  });
}

/** Without a connection nothing is sent and nothing is lost: it is said, and goes on by itself when there is one. */
function watchConnection() {
  const notice = document.getElementById("trouble");
  const form = notice?.closest("form");
  if (!form) return;
  let lost = false;
  let sure = false;
  const tell = (what) => {
    for (const each of notice.children) each.hidden = each.dataset.when !== what;
    notice.hidden = !what;
  };
  const reachable = () => fetch("/healthz", { cache: "no-store" }).then(() => true, () => false);
  const look = async () => {
    if (!(await reachable())) return setTimeout(look, 2000);
    lost = false;
    tell("back");
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const lose = () => {
    if (lost) return;
    lost = true;
    tell("lost");
    setTimeout(look, 2000);
  };
  const sendIfPossible = async (button) => {
    sure = await reachable();
    if (sure) return form.requestSubmit(button);
    lose();
    notice.focus();
  };
  addEventListener("offline", lose);
  document.addEventListener("htmx:sendError", lose);
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 400) tell("signed-out");
  });
  form.addEventListener(
    "submit",
    (event) => {
      if (sure || (!lost && navigator.onLine)) return;
      event.preventDefault();
      event.stopPropagation();
      sendIfPossible(event.submitter); // a browser that thinks it is offline may be wrong
    },
    true,
  );
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
  for (const notice of document.querySelectorAll("[data-seconds]")) {
    setTimeout(() => notice.remove(), Number(notice.dataset.seconds) * 1000);
  }
}

/** After a refusal the eye and the screen reader begin where the hand is needed. */
function goToRefusal() {
  const wrong = document.querySelector("[aria-invalid=true]:not(.sample *)") ?? document.getElementById("refusal");
  wrong?.focus();
}

/** On a phone what was asked fills the screen: a page that is opened with answers begins at them, unless one went back. */
function goToAnswers() {
  const answers = document.querySelector("[data-answers]");
  const [way] = performance.getEntriesByType("navigation");
  if (!answers || location.hash || way?.type !== "navigate") return;
  if (matchMedia("(max-width: 40rem)").matches) answers.scrollIntoView();
}

/** What is being asked anew stays, and is dimmed when the answer takes more than a moment. */
function dimWhileAsked() {
  const asks = (event) => event.detail.elt.matches("[data-dims]") && event.detail.elt.closest("form");
  let moment;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = asks(event);
    if (form) moment = setTimeout(() => (form.dataset.waiting = ""), 300);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = asks(event);
    if (!form) return;
    clearTimeout(moment);
    delete form.dataset.waiting;
  });
}

/** A screen reader announces what changes, not what a page begins with: what it tells after a deed is said once more. */
function sayAloud() {
  const told = [...document.querySelectorAll("#live > *, [data-seconds] > p")].map((each) => each.textContent.trim());
  if (!told.length) return;
  const aloud = document.createElement("p");
  aloud.className = "visually-hidden";
  aloud.id = "aloud";
  aloud.role = "status";
  document.getElementById("main").append(aloud);
  setTimeout(() => (aloud.textContent = told.join(" ")), 300);
}

watchMenus();
watchConnection();
keepOnLeaving();
offerPrinting();
sendOnce();
offerCopies();
endUndo();
goToRefusal();
goToAnswers();
dimWhileAsked();
sayAloud();
