// Asked on stdin: {"chromium": path, "pages": [{"url", "who", "cookies", "at": "desk" | "phone"}]}.
// Answers a line per page: {"url", "scores": {"accessibility": 0–100, "best practices", "speed"}, "failed": [audit, …]}.

import { readFileSync } from "node:fs";
import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer from "puppeteer-core";

const CATEGORIES = { accessibility: "accessibility", "best practices": "best-practices", speed: "performance" };
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];

const failed = ({ categories, audits }) =>
  Object.values(categories)
    .filter(({ id }) => id !== CATEGORIES.speed)
    .flatMap(({ auditRefs }) => auditRefs)
    .filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1)
    .map(({ id }) => id);

const { chromium, pages } = JSON.parse(readFileSync(0, "utf8"));
const browser = await puppeteer.launch({ executablePath: chromium, args: QUIET });
const windows = new Map();
for (const { url, who, cookies, at } of pages) {
  if (!windows.has(who)) windows.set(who, await browser.createBrowserContext());
  const window = windows.get(who);
  if (cookies.length) await window.setCookie(...cookies);
  const tab = await window.newPage();
  const config = at === "desk" ? desktopConfig : undefined;
  const { lhr } = await lighthouse(url, { logLevel: "error", onlyCategories: Object.values(CATEGORIES) }, config, tab);
  await tab.close();
  if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  if (lhr.finalDisplayedUrl !== url) throw new Error(`${url} led to ${lhr.finalDisplayedUrl}`);
  const scores = Object.entries(CATEGORIES).map(([name, id]) => [name, Math.round(100 * lhr.categories[id].score)]);
  console.log(JSON.stringify({ url, scores: Object.fromEntries(scores), failed: failed(lhr) }));
}
await browser.close();
