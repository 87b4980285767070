// What every browser test has: a server with a store of its own, Debian's Chromium, and pages that are watched: an error
// in the console, a refused script or style, a request elsewhere, or a page over its weight fails the test.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

export const WEIGHT_MAX = 200 * 1024; // bytes of a page with all that it loads
export const HEIGHT_MAX = 20000; // pixels: nobody reads a page that is longer, and its picture takes a minute
export const FIRST_MS = 100; // the first page, at this machine
const PATIENCE_MS = 60000; // of a test for what it waits for: on a busy machine a browser stands still for many seconds
export const WIDTHS = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
// Each event is on the disk before the next: in memory, a thousand runs are there in seconds.
const MEMORY = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const BIN = process.env.TEST_BIN, ROOT = process.env.TEST_ROOT;
const SHOTS = join(BIN, "browser");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8") + "; 0";

// A flow that exports these as `variants` is played twice, with the first person as one of them and the second (bench.other)
// as the other: each side of it is seen in Danish at a desk and in English on a phone.
export const BOTH = [{ lang: "da", width: "desktop", scheme: "light" }, { lang: "en", width: "phone", scheme: "dark" }];

// One step that a person answers: the cases of a protocol for who tries what is around it.
export const SHOW_IT = `  - id: "3.1"
    title: {en: Show it, da: Vis det}
    status: mandatory
    steps:
      - step: "3.1.1"
        manual: {ask: {en: "Show the letter", da: "Vis brevet"}}
`;

export function check(what, text) {
  if (!what) throw new Error(text);
}

// A file, or something from the clipboard, comes to that element as by the mouse or by Ctrl-V.
export async function drop(page, zone, name, content, { type = "text/plain", how = "drop" } = {}) {
  await page.evaluate(([selector, name, bytes, type, how]) => {
    const all = new DataTransfer();
    all.items.add(new File([Uint8Array.from(bytes)], name, { type }));
    const event = how === "paste" ? new ClipboardEvent("paste", { clipboardData: all, bubbles: true, cancelable: true })
      : new DragEvent(how, { dataTransfer: all, bubbles: true, cancelable: true });
    document.querySelector(selector).dispatchEvent(event);
  }, [zone, name, [...Buffer.from(content)], type, how]);
}

export const passwordOf = (name) => "the password of " + name;

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});

// One that is still there for the server after stop(): the system would give the port that it chose itself to the next who asks.
const freePort = () => execFileSync(join(ROOT, "harness/tests/e2e/free_port"), { encoding: "utf8" }).trim();

export class Bench {
  // browser: that of launch(), which stays the caller's.
  async open({ browser, variant } = {}) {
    this.browser = browser;
    this.variant = variant;
    this.other = variant && BOTH.find((v) => v.lang !== variant.lang);
    this.contexts = [];
    this.folder = mkdtempSync(join(MEMORY, "testcamp-browser-"));
    this.store = join(this.folder, "store.sqlite");
    mkdirSync(SHOTS, { recursive: true });
    this.data = join(this.folder, "data");
    mkdirSync(join(this.data, "protocols", "small"), { recursive: true });
    for (const name of readdirSync(ROOT)) if (name !== "protocols" && !name.startsWith(".")) symlinkSync(join(ROOT, name), join(this.data, name));
    for (const name of readdirSync(join(ROOT, "protocols"))) symlinkSync(join(ROOT, "protocols", name), join(this.data, "protocols", name));
    await this.serve();
    return this;
  }

  // A protocol of the test's own, beside those that are shipped.
  protocol(id, cases) {
    writeFileSync(join(this.data, "protocols", "small", id + ".yaml"),
      `protocol: ${id}\ntitle: {en: Small test, da: Lille test}\nstandard: {name: CareCommunication, danish: Korrespondancemeddelelse, version: "5.0", type: HL7 FHIR}\nversion: 0.1.0\nrole: receiver\nsections:\n${cases}`);
  }

  // Starts the server, and waits until it says where it is; after stop() or kill() it goes on with the same store and port.
  async serve() {
    this.systems ??= "127.0.0.1:" + freePort();
    const where = this.url ? new URL(this.url).host : "127.0.0.1:" + freePort();
    this.server = spawn(join(BIN, "testcamp"), ["serve", "--store", this.store, "--listen", this.systems, "--console", where,
      "--report", join(this.folder, "reports")], { cwd: this.folder, env: { ...process.env, TESTCAMP_DATA: this.data }, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    await new Promise((done, failed) => {
      this.server.stderr.on("data", (d) => {
        said += d;
        const at = /console at (\S+)/.exec(said);
        if (at && /serving \d+ runs at /.test(said)) { this.url = at[1]; done(); }
      });
      this.server.on("exit", () => failed(new Error("the server ended: " + said)));
    });
  }

  async stop(signal = "SIGTERM") {
    const gone = new Promise((done) => this.server.once("exit", done));
    this.server.removeAllListeners("exit");
    this.server.once("exit", () => {});
    const end = new Promise((done) => this.server.once("close", done));
    this.server.kill(signal);
    await Promise.race([gone, end]);
  }

  // Runs a command, in a folder that goes with the test; a last argument {input} is what it reads.
  command(...words) {
    const { input = "" } = typeof words.at(-1) === "object" ? words.pop() : {};
    return new Promise((done) => {
      const c = spawn(join(BIN, "testcamp"), words, { cwd: this.folder, env: { ...process.env, TESTCAMP_DATA: this.data }, stdio: ["pipe", "pipe", "pipe"] });
      let out = "", err = "";
      c.stdout.on("data", (d) => { out += d; });
      c.stderr.on("data", (d) => { err += d; });
      c.stdin.on("error", () => {}); // it may end before it has read
      c.stdin.end(input);
      c.on("close", (code) => done({ code, out, err }));
    });
  }

  // A run of a protocol of ours, begun by a command beside the server, which takes it over; its id.
  async begin(protocol, ...more) {
    const done = await this.command("run", join(this.data, "protocols/small", protocol + ".yaml"),
      ...(more.includes("--vendor") ? [] : ["--vendor", join(this.data, "vendors/reference/refvendor.yaml")]), "--report", join(this.folder, "reports"), "--store", this.store, ...more);
    const run = /^\d{8}-[0-9a-f]+/.exec(done.out);
    check(run, `no run was begun: ${done.out} ${done.err}`);
    return run[0];
  }

  // The way to a live test, by commands while there is no server, which would take the runs to itself: a course and a self-test
  // that is accepted; again(...) plays the protocol once more, and gives the run.
  async course(protocol, answers) {
    const file = join(this.folder, "answers.yaml"), path = join(this.data, "protocols/small", protocol + ".yaml");
    const vendor = join(this.data, "vendors/reference/refvendor.yaml");
    writeFileSync(file, "by: vendor\nanswers:\n" + answers);
    const well = async (...words) => {
      const done = await this.command(...words, "--store", this.store);
      check(done.code === 0, words.join(" ") + ": " + done.err);
      return done.out;
    };
    const ids = async () => [...new Set((await well("list", "runs")).match(/\d{8}-[0-9a-f]+/g))];
    const again = async (...more) => {
      const before = await ids();
      await this.command("run", path, "--vendor", vendor, "--report", join(this.folder, "reports"), "--answers", file, ...more, "--store", this.store);
      return (await ids()).find((id) => !before.includes(id));
    };
    await well("course", "start", path, "--vendor", vendor);
    const course = (await well("course", "list")).trim().split("\n").at(-1).split(" ")[0];
    await well("course", "submit", course, await again());
    await well("course", "accept", course, "--by", "JD");
    return { course, again };
  }

  // An account with a password, as the command line gives it; from then on everybody logs in.
  async account(name, role, organisation) {
    const of = organisation ? ["--organisation", organisation] : [];
    const added = await this.command("account", "add", name, "--role", role, "--initials", name.slice(0, 3).toUpperCase(), ...of, "--store", this.store);
    check(added.code === 0, added.err);
    const chosen = await this.command("account", "password", name, "--store", this.store, { input: passwordOf(name) + "\n" });
    check(chosen.code === 0, chosen.err);
  }

  async login(page, name, password = passwordOf(name)) {
    await this.visit(page, "/login");
    await page.fill("input[name=name]", name);
    await page.fill("input[name=password]", password);
    await page.click("main form button.main");
  }

  // The vendor file that is shipped as an example, of that organisation and without what only a machine of one's own has.
  vendorFile(organisation) {
    return readFileSync(join(ROOT, "vendors/example/example.yaml"), "utf8").replace(/^  name: Example Vendor/m, "  name: " + organisation).replace(/^  listen:.*\n/m, "");
  }

  // A page of its own (own cookies) in that language and width; options are those of a browser's context.
  async page({ lang = "en", width = "desktop", scheme = "light", ...options } = this.variant || {}) {
    const context = await this.browser.newContext({
      viewport: WIDTHS[width], locale: lang === "da" ? "da-DK" : "en-GB", colorScheme: scheme, reducedMotion: "reduce", ...options,
    });
    this.contexts.push(context);
    context.setDefaultTimeout(PATIENCE_MS);
    await context.addCookies([{ name: "lang", value: lang, url: this.url }]);
    return this.watch(await context.newPage(), { lang, width, scripts: options.javaScriptEnabled !== false });
  }

  watch(page, { lang, width, scripts }) {
    page.troubles = [];
    page.weight = 0;
    page.lang = lang;
    page.width = width;
    page.scripts = scripts;
    page.say = (en, da) => (lang === "da" ? da : en);
    page.on("console", (m) => { if (m.type() === "error" && !/status of (4|5)\d\d|ERR_CONNECTION_(REFUSED|RESET)|Blocked script execution in .*sandboxed/.test(m.text())) page.troubles.push(m.text()); });
    page.on("pageerror", (e) => page.troubles.push(String(e)));
    page.on("request", (r) => { if (!r.url().startsWith(this.url) && !r.url().startsWith("data:")) page.troubles.push("asks " + r.url()); });
    page.on("response", async (r) => {
      const size = await r.request().sizes().catch(() => null);
      if (size) page.weight += size.responseBodySize;
    });
    return page;
  }

  // Goes there, and holds the page to what every page must be.
  async visit(page, path, { weight = true } = {}) {
    page.weight = 0;
    const answer = await page.goto(this.url + path, { waitUntil: "load" });
    await page.waitForTimeout(30);
    if (weight) check(page.weight < WEIGHT_MAX, `${path} weighs ${page.weight} bytes`);
    return answer;
  }

  // Opens what is folded around an element: its details, whatever their summary says in whatever language.
  async unfold(page, selector) {
    const details = page.locator(`details:has(${selector})`).last();
    if (!(await details.evaluate((d) => d.open))) await details.locator("> summary").click();
  }

  // Does what sends a form, and waits for the page that comes after it.
  async sent(page, deed) {
    await Promise.all([page.waitForEvent("domcontentloaded"), deed()]);
    await page.waitForLoadState();
  }

  // What every page must be, whatever stands on it: not wider than the window, not endless, without motion for who asked for none, in
  // one language, right for a screen reader. A picture of it is left behind.
  // tall: in pixels, for a page that has to be longer than others.
  async judge(page, name, { axe = true, tall = HEIGHT_MAX } = {}) {
    if (this.variant) name += `-${page.lang}-${page.width}`;
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    check(height <= tall, `${name} is ${height} pixels high`);
    await page.screenshot({ path: join(SHOTS, name + ".png"), fullPage: true });
    const found = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      moves: document.getAnimations().length,
      lang: document.documentElement.lang,
      heads: [...document.querySelectorAll("h1, h2, h3, h4")].map((h) => Number(h.tagName[1])),
      ids: [...document.querySelectorAll("[id]")].map((e) => e.id).filter((id, i, all) => all.indexOf(id) !== i),
    }));
    check(found.wide <= 0, `${name} is ${found.wide} pixels wider than the window`);
    check(found.moves === 0, `${name} moves, though less motion is asked for`);
    check(found.lang === page.lang, `${name} is in ${found.lang}`);
    check(found.heads[0] === 1 && found.heads.every((h, i) => !i || (h > 1 && h <= found.heads[i - 1] + 1)), `${name} has headings ${found.heads}`);
    check(found.ids.length === 0, `${name} has these ids twice: ${found.ids}`);
    if (axe && page.scripts) await this.accessible(page, name);
    check(page.troubles.length === 0, `${name}: ${page.troubles.join("; ")}`);
  }

  async accessible(page, name) {
    await page.evaluate(AXE);
    const found = await page.evaluate(async () => (await window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] })).violations.map((v) =>
      `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")}`));
    check(found.length === 0, `${name}: ${found.join("; ")}`);
  }

  async close() {
    await Promise.all(this.contexts.map((c) => c.close()));
    if (this.server && this.server.exitCode === null && this.server.signalCode === null) await this.stop("SIGKILL"); // a test may have failed without it
    rmSync(this.folder, { recursive: true, force: true });
  }
}
