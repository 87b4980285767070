// What may become of a run on its way: paused, shut with the laptop, changed while the server was down, gone on with, compared,
// repeated, ended; and a page that follows it takes neither the place of who is at the keyboard nor connections for nobody.
import { BOTH, check } from "../bench.mjs";

export const variants = BOTH;

const CASES = `  - id: "3.1"
    title: {en: Receive and show, da: Modtag og vis}
    status: mandatory
    steps:
      - step: 3.1.1
        send: {fixture: carecommunication/new.json, as: first}
      - step: 3.1.2
        expect-ack: {to: first, code: ok, within: 30 min, as: receipt}
      - step: 3.1.3
        severity: F3
        manual: {ask: {en: Look at the screen., da: Se på skærmen.}}
      - step: 3.1.4
        manual: {ask: {en: Close it., da: Luk den.}}
  - id: "3.2"
    title: {en: Compare, da: Sammenlign}
    status: mandatory
    steps:
      - send: {fixture: carecommunication/new-priority.json, as: second}
      - expect-ack: {to: second, code: ok, within: 30 min}
      - step: 3.2.1
        diff: {on: second, expected: first}
      - step: 3.2.2
        manual: {ask: {en: Show more., da: Vis mere.}}
`;

const asked = (page, step) => page.waitForSelector(`[id="answer-${step}"]`);

async function deed(bench, page, name, why) {
  const form = `form[action$='/${name}']`;
  await bench.unfold(page, form);
  await page.fill(`${form} input[name=why]`, why);
  if (await page.locator(`${form} input[name=by]`).count()) await page.fill(`${form} input[name=by]`, "AB");
  await bench.sent(page, () => page.click(`${form} button:not([hidden])`));
}

async function pause(bench, page, watcher) {
  await bench.unfold(page, "form[action$='/pause']");
  await bench.judge(page, "steer-pause");
  await deed(bench, page, "pause", "lunch & <talk>");
  await watcher.waitForSelector(".notice.wait");
  check((await watcher.textContent(".notice.wait")).includes("lunch & <talk>"), "who watches is not told why");
  check((await page.locator("form[action$='/answer']").count()) === 0, "a run that is paused asks");
  await bench.judge(page, "steer-paused");
}

// The laptop of who watches is shut; meanwhile the run goes on. Opened again, it comes to show that by itself.
async function shutLaptop(bench, page, watcher) {
  await watcher.context().setOffline(true);
  await watcher.waitForSelector("[role=status]:has-text('" + watcher.say("does not follow", "følger ikke") + "')");
  await bench.judge(watcher, "steer-lost");
  await bench.sent(page, () => page.click("form[action$='/resume'] button"));
  await asked(page, "3.1.3");
  check((await watcher.locator("form[action$='/answer']").count()) === 0, "the laptop was not shut");
  await watcher.context().setOffline(false);
  await asked(watcher, "3.1.3");
  await watcher.waitForSelector("[role=status]", { state: "detached" });
}

// The server is stopped, the command line answers beside it, and the page shows it when the server is there again.
async function restart(bench, page, run) {
  await bench.stop();
  const done = await bench.command("answer", run, "3.1.3", "ok", "seen", "--by", "CD", "--store", bench.store, "--report", bench.folder);
  check(done.code === 0 || done.code === 3, done.err);
  await bench.serve();
  await asked(page, "3.1.4");
}

// Whoever is on a link of a part that is put anew is still there afterwards.
async function keepsFocus(bench, page, run) {
  const link = page.locator("table.exchanges a").last();
  await link.focus();
  const href = await link.getAttribute("href"), before = await page.locator("table.exchanges tr").count();
  const done = await bench.command("put", run, process.argv[1], "--test-persons-only", "--by", "CD", "--store", bench.store);
  check(done.code !== 2, done.err);
  await page.waitForFunction((n) => document.querySelectorAll("table.exchanges tr").length > n, before);
  check((await page.evaluate(() => document.activeElement.getAttribute("href"))) === href, "the focus is lost when the page shows something new");
}

// Behind other pages it asks for nothing; in front again it shows at once what it missed.
async function hidden(bench, page, watcher) {
  const hide = (how) => watcher.evaluate((h) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => h });
    document.dispatchEvent(new Event("visibilitychange"));
  }, how);
  await hide(true);
  const asks = [];
  watcher.on("request", (r) => asks.push(r.url()));
  await bench.sent(page, () => page.click(".waits button[value=ok]"));
  await asked(page, "3.2.2");
  check(asks.length === 0, "a page that nobody sees asks for " + asks);
  await hide(false);
  await asked(watcher, "3.2.2");
}

async function compare(bench, page, run) {
  await bench.visit(page, `/runs/${run}?case=3.2`);
  await bench.judge(page, "steer-case");
  await page.click(`a[href='/runs/${run}/diff/3.2.1']`);
  await page.waitForURL(/diff/);
  await bench.judge(page, "steer-diff", { tall: 40000 }); // on a phone the two messages stand below each other
  await page.keyboard.press("n");
  check((await page.evaluate(() => [...document.querySelectorAll(".line.here")].map((l) => l.id[0]).join(""))) === "EA", "n does not show both sides");
}

async function end(bench, page, run) {
  await bench.visit(page, `/runs/${run}?case=3.1`);
  const row = page.locator("#s3\\.1\\.3");
  await row.locator("details:has(form[action$='/repeat']) > summary").click();
  await bench.judge(page, "steer-repeat");
  await row.locator("form[action$='/repeat'] input[name=why]").fill("once more");
  await row.locator("form[action$='/repeat'] input[name=system-version]").fill("0.1.1");
  await bench.sent(page, () => row.locator("form[action$='/repeat'] button").click());
  await asked(page, "3.1.3");
  check((await page.textContent("dl.facts")).includes("0.1.1"), "the new version is not shown");
  for (const why of ["", "the vendor went home"]) {
    await deed(bench, page, "abort", why);
    check((await page.locator(".notice.error").count()) === (why ? 0 : 1), `ended because "${why}"`);
    if (!why) await bench.judge(page, "steer-no-reason");
  }
  check((await page.textContent(".notice.wait")).includes("the vendor went home"), "nobody says why it was ended");
  await bench.judge(page, "steer-ended");
}

export default async function (bench) {
  bench.protocol("small", CASES);
  const run = await bench.begin("small"), page = await bench.page(), watcher = await bench.page(bench.other);
  for (const p of [page, watcher]) {
    await bench.visit(p, "/runs/" + run);
    await asked(p, "3.1.3");
  }
  await watcher.evaluate(() => { window.isSamePage = true; });
  await pause(bench, page, watcher);
  await shutLaptop(bench, page, watcher);
  await restart(bench, watcher, run);
  for (const p of [page, watcher]) p.troubles = p.troubles.filter((t) => !/ERR_(CONNECTION|EMPTY|INTERNET)/.test(t));
  await bench.visit(page, "/runs/" + run);
  await keepsFocus(bench, watcher, run);
  await hidden(bench, page, watcher);
  check(await watcher.evaluate(() => window.isSamePage), "the page was loaded again");
  await compare(bench, page, run);
  await end(bench, page, run);
}
