// Messages that are larger than a page: half a megabyte of FHIR, an EDIFACT interchange in one line, a thousand findings. Each
// page of them stays light, nothing is lost, the keys go on from part to part, and the whole can be fetched.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BOTH, check } from "../bench.mjs";

export const variants = BOTH;

const WAITS = `  - id: "3.1"\n    title: {en: Large, da: Stor}\n    status: mandatory\n    steps:\n      - step: "3.1.1"\n        send: {fixture: carecommunication/new.json, as: first}\n      - step: "3.1.2"\n        expect-ack: {to: first, code: ok, within: 30 min}\n`;

// A real message, with so many more resources that it is that large; each has something that no resource may have.
function bundle() {
  const all = JSON.parse(readFileSync(join(process.env.TEST_ROOT, "fixtures/examples/reply.json"), "utf8"));
  const one = all.entry.at(-1);
  for (let i = 0; i < 420; i++) all.entry.push({ ...structuredClone(one), fullUrl: `urn:uuid:00000000-0000-4000-8000-${String(i).padStart(12, "0")}`, notOfIt: i, norThis: i });
  return JSON.stringify(all, null, 2);
}

const interchange = () => "UNA:+.? 'UNB+UNOC:3+5790000121526:14+5790000201389:14+261129:1200+1'" + "FTX+SPC+P00:2++Prøvesvar: æøå i en lang meddelelse'".repeat(6000) + "UNZ+1+1'";

const READS = `  - id: "3.1"\n    title: {en: Large, da: Stor}\n    status: mandatory\n    steps:\n      - step: "3.1.1"\n        expect: {event: care-communication-message, within: 30 min, as: large}\n      - step: "3.1.2"\n        validate: {on: large, level: profile}\n`;
const MESSAGES = [["large.json", bundle, READS], ["large.edi", interchange, WAITS]];

async function textOf(page) {
  return page.evaluate(() => [...document.querySelectorAll(".source .line[id^=L] .code")].map((c) => {
    const copy = c.cloneNode(true);
    copy.querySelectorAll("sup").forEach((s) => s.remove());
    return copy.textContent;
  }));
}

// All parts after each other are the message, and all of its findings.
async function goThrough(bench, page, path, bytes) {
  let text = "", n = 1;
  const seen = new Set();
  for (let part = 1; part <= n; part++) {
    await bench.visit(page, `${path}?part=L${part}`);
    const links = await page.locator("nav.parts a[href*='part=L']").evaluateAll((all) => all.map((a) => Number(/part=L(\d+)/.exec(a.href)[1])));
    n = Math.max(n, ...links);
    for (const id of await page.locator(".finding").evaluateAll((all) => all.map((f) => f.id))) { check(!seen.has(id), id + " stands twice"); seen.add(id); }
    const lines = await textOf(page), more = await page.locator(".source .line[id^=L] .no").first().textContent();
    text += (text && !more.startsWith("…") ? "\n" : "") + lines.join("\n");
  }
  const whole = bytes.replace(/\n$/, "");
  let same = 0;
  while (same < whole.length && text[same] === whole[same]) same++;
  check(text === whole, `${path}: the parts are not the whole: at ${same} of ${whole.length} there is ${JSON.stringify(text.slice(same, same + 60))}`);
  check(n > 5, `${path} has ${n} parts`);
  return { n, findings: seen.size };
}

async function keys(bench, page, path, findings) {
  await bench.visit(page, path);
  const first = await page.locator(".finding").count();
  await page.keyboard.press("p");
  await page.waitForTimeout(50);
  check(await page.evaluate(() => document.activeElement.classList.contains("finding")), "p goes to the last of the part");
  await Promise.all([page.waitForEvent("domcontentloaded"), page.keyboard.press("n")]);
  await page.waitForLoadState();
  check((await page.evaluate(() => document.activeElement.id)) === `f${first + 1}`, `n goes on in the next part: ${await page.evaluate(() => document.activeElement.id)}`);
  await Promise.all([page.waitForEvent("domcontentloaded"), page.keyboard.press("p")]);
  await page.waitForLoadState();
  check((await page.evaluate(() => document.activeElement.id)) === `f${first}`, "p goes back to the part before");
  check(findings > first, "all findings stand in one part");
}

export default async function (bench) {
  const runs = [];
  for (const [name, make, steps] of MESSAGES) {
    bench.protocol(name, steps);
    const run = await bench.begin(name, "--by-hand"), file = join(bench.folder, name);
    writeFileSync(file, make());
    const done = await bench.command("put", run, file, "--test-persons-only", "--by", "AB", "--store", bench.store);
    check(done.code !== 2, done.err);
    runs.push([run, make(), steps === WAITS ? "m2" : "m1"]);
  }
  const page = await bench.page();
  for (const [run, bytes, message] of runs) {
    const path = `/runs/${run}/messages/${message}`;
    await bench.visit(page, path);
    await bench.judge(page, "parts-" + (bytes[0] === "{" ? "fhir" : "edifact"));
    const all = await goThrough(bench, page, path, bytes);
    console.log(`      ${bytes.length} bytes: ${all.n} parts, ${all.findings} findings, the last of ${page.weight} bytes`);
    const raw = await page.request.get(`${bench.url}${path}/raw`);
    check((await raw.text()) === bytes, "it cannot be fetched whole");
    check(message === "m2" || all.findings > 900, `${all.findings} findings`);
    if (message === "m1") await keys(bench, page, path, all.findings);
  }
}
