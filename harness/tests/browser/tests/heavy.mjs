// The heaviest pages there are: a board of 40 systems and 30 protocols, the list of its runs, a queue of 300 of them, the run of
// the largest protocol, a message of a megabyte. Each stays light and is there soon.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SHOW_IT, check } from "../bench.mjs";

export const alone = true;
const SYSTEMS = 40, PROTOCOLS = 30, QUEUE = 300;
const SIZE = { axe: false }; // which takes minutes for a thousand cells; the same pages are judged with few elsewhere
const SOON_MS = 1000; // of a page with a thousand cells or lines, at this machine

// Four systems at a time, each with all protocols: the first have answered, the others wait for their messages.
async function fill(bench) {
  const protocols = Array.from({ length: PROTOCOLS }, (_, i) => `p${i}`);
  for (const p of protocols) bench.protocol(p, SHOW_IT);
  writeFileSync(join(bench.folder, "a.yaml"), 'by: AB\nanswers:\n  "3.1.1": {answer: ok}\n');
  const vendor = readFileSync(join(bench.data, "vendors/reference/refvendor.yaml"), "utf8");
  for (let i = 0; i < SYSTEMS; i++) {
    const file = join(bench.folder, `v${i}.yaml`);
    writeFileSync(file, vendor.replace("name: Reference vendor", `name: System of a rather long name ${i}`));
    const how = i < QUEUE / PROTOCOLS ? ["--answers", join(bench.folder, "a.yaml")] : ["--by-hand"];
    const done = await bench.command("run", ...protocols.map((p) => join(bench.data, `protocols/small/${p}.yaml`)), "--vendor", file, ...how, "--quiet",
      "--report", join(bench.folder, "reports"), "--store", bench.store);
    check(done.code !== 2, done.err);
  }
}

async function submitAll(bench, page) {
  await bench.visit(page, "/", { weight: false });
  const csrf = await page.locator("input[name=csrf]").first().inputValue();
  const listed = await bench.command("list", "runs", "--store", bench.store);
  const runs = listed.out.split("\n").filter((l) => / pass /.test(l)).map((l) => l.split(" ")[0]);
  check(runs.length === QUEUE, `${runs.length} runs have passed`);
  for (const run of runs) await page.request.post(`${bench.url}/runs/${run}/submit`, { form: { csrf, by: "AB", text: "Look, please" }, maxRedirects: 0 });
}

async function soon(bench, page, path, selector, count) {
  await bench.visit(page, path);
  const ms = await page.evaluate(() => performance.getEntriesByType("navigation")[0].responseEnd);
  check(ms < SOON_MS, `${path} takes ${ms} ms`);
  const n = await page.locator(selector).count();
  check(n >= count, `${path} has ${n} of ${selector}`);
  console.log(`      ${path}: ${page.weight} bytes, ${Math.round(ms)} ms`);
}

// A receipt of a megabyte comes to a run that waits for one; it is too large for a page, and is fetched.
async function largeMessage(bench, page) {
  bench.protocol("large", `  - id: "3.1"\n    title: {en: Large, da: Stor}\n    status: mandatory\n    steps:\n      - step: "3.1.1"\n        send: {fixture: carecommunication/new.json, as: first}\n      - step: "3.1.2"\n        expect-ack: {to: first, code: ok, within: 30 min}\n`);
  const run = await bench.begin("large", "--by-hand"), file = join(bench.folder, "large.json");
  writeFileSync(file, '{"resourceType": "Bundle",\n' + '"note": "a line of a large message, as long as such lines are æøå",\n'.repeat(15000) + '"type": "message"}\n');
  const done = await bench.command("put", run, file, "--test-persons-only", "--by", "AB", "--store", bench.store);
  check(done.code !== 2, done.err);
  await soon(bench, page, `/runs/${run}/messages/m2`, "a[href$='/raw']", 1);
  const raw = await page.request.get(`${bench.url}/runs/${run}/messages/m2/raw`);
  check((await raw.body()).equals(readFileSync(file)), "it cannot be fetched whole");
  await bench.judge(page, "heavy-message");
}

export default async function (bench) {
  await bench.stop();
  await fill(bench);
  const largest = await bench.command("run", join(bench.data, "protocols/hospitalnotification/3.0/receive.yaml"), "--by-hand", "--vendor", join(bench.data, "vendors/reference/refvendor.yaml"),
    "--quiet", "--report", join(bench.folder, "reports"), "--store", bench.store);
  check(largest.code !== 2, largest.err);
  const run = (await bench.command("list", "runs", "--store", bench.store)).out.split("\n").find((l) => l.includes("hospitalnotification")).split(" ")[0];
  await bench.serve();
  const page = await bench.page({ lang: "da" });
  await submitAll(bench, page);
  await bench.visit(page, "/board", { weight: false });
  await page.waitForFunction((n) => document.querySelectorAll(".board td b").length >= n, SYSTEMS * PROTOCOLS); // they are read behind the pages
  await soon(bench, page, "/board", ".board td b", SYSTEMS * PROTOCOLS);
  await bench.judge(page, "heavy-board", SIZE);
  await soon(bench, page, "/", "table.runs tbody tr", 100);
  await bench.judge(page, "heavy-runs", SIZE);
  await soon(bench, page, "/review", "table.queue tbody tr", 100);
  await bench.judge(page, "heavy-queue", SIZE);
  await soon(bench, page, `/runs/${run}`, "table.cases tbody tr", 10);
  await bench.judge(page, "heavy-run");
  await largeMessage(bench, page);
}
