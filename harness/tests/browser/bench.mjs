// What every browser test has: a server with a store of its own, Debian's Chromium, and pages that are watched: an error
// in the console, a refused script or style, a request elsewhere, or a page over its weight fails the test.
import { spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

export const WEIGHT_MAX = 200 * 1024; // bytes of a page with all that it loads
export const FIRST_MS = 100; // the first page, at this machine
export const WIDTHS = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
const BIN = process.env.TEST_BIN, ROOT = process.env.TEST_ROOT;
const SHOTS = join(BIN, "browser");
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

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

export const passwordOf = (name) => "the password of " + name;

export class Bench {
  async open({ browser = true } = {}) {
    this.folder = mkdtempSync(join(tmpdir(), "testcamp-browser-"));
    this.store = join(this.folder, "store.sqlite");
    mkdirSync(SHOTS, { recursive: true });
    this.data = join(this.folder, "data");
    mkdirSync(join(this.data, "protocols", "small"), { recursive: true });
    for (const name of readdirSync(ROOT)) if (name !== "protocols" && !name.startsWith(".")) symlinkSync(join(ROOT, name), join(this.data, name));
    for (const name of readdirSync(join(ROOT, "protocols"))) symlinkSync(join(ROOT, "protocols", name), join(this.data, "protocols", name));
    if (browser) this.browser = await chromium.launch({
      executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
      args: process.getuid() === 0 ? ["--no-sandbox"] : [],
    });
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
    const where = this.url ? new URL(this.url).host : "127.0.0.1:0";
    const systems = this.systems || "127.0.0.1:0";
    this.server = spawn(join(BIN, "testcamp"), ["serve", "--store", this.store, "--listen", systems, "--console", where,
      "--report", join(this.folder, "reports")], { env: { ...process.env, TESTCAMP_DATA: this.data }, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    await new Promise((done, failed) => {
      this.server.stderr.on("data", (d) => {
        said += d;
        const at = /console at (\S+)/.exec(said), runs = /serving \d+ runs at http:\/\/(\S+);/.exec(said);
        if (at && runs) { this.url = at[1]; this.systems = runs[1]; done(); }
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

  // Runs a command; a last argument {input} is what it reads.
  command(...words) {
    const { input = "" } = typeof words.at(-1) === "object" ? words.pop() : {};
    return new Promise((done) => {
      const c = spawn(join(BIN, "testcamp"), words, { env: { ...process.env, TESTCAMP_DATA: this.data }, stdio: ["pipe", "pipe", "pipe"] });
      let out = "", err = "";
      c.stdout.on("data", (d) => { out += d; });
      c.stderr.on("data", (d) => { err += d; });
      c.stdin.end(input);
      c.on("close", (code) => done({ code, out, err }));
    });
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

  // A page of its own (own cookies) in that language and width.
  async page({ lang = "en", width = "desktop", scheme = "light" } = {}) {
    const context = await this.browser.newContext({
      viewport: WIDTHS[width], locale: lang === "da" ? "da-DK" : "en-GB", colorScheme: scheme,
    });
    await context.addCookies([{ name: "lang", value: lang, url: this.url }]);
    const page = await context.newPage();
    page.troubles = [];
    page.weight = 0;
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

  async judge(page, name) {
    await page.screenshot({ path: join(SHOTS, name + ".png"), fullPage: true });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    check(wide <= 0, `${name} is ${wide} pixels wider than the window`);
    await page.evaluate(readFileSync(axe, "utf8") + "; 0");
    const found = await page.evaluate(async () => (await window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] })).violations.map((v) =>
      `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")}`));
    check(found.length === 0, `${name}: ${found.join("; ")}`);
    check(page.troubles.length === 0, `${name}: ${page.troubles.join("; ")}`);
  }

  async close() {
    await this.browser?.close();
    if (this.server) await this.stop("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
