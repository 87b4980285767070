// What is looked at without a run: a message is dropped and checked, its findings gone through by the keyboard alone; two are
// compared; a letter converted; an expression evaluated; a protocol and a bundle checked; an organisation and a rule looked up.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BOTH, SHOW_IT, check, drop } from "../bench.mjs";

export const variants = BOTH;

const ROOT = process.env.TEST_ROOT;
const EXAMPLE = readFileSync(join(ROOT, "fixtures/examples/reply.json"), "utf8");
const OTHER = EXAMPLE.replace("5790000209354", "5790000000000");
const at = (page) => page.evaluate(() => [document.activeElement.id, document.querySelector(".line.here")?.id || ""]);
const send = (bench, page) => bench.sent(page, () => page.locator("main form button.main").first().click());

async function findings(bench, page) {
  await bench.visit(page, "/check");
  await send(bench, page);
  check((await page.locator(".notice.error").count()) === 1, "nothing to check, and nobody says so");
  await bench.judge(page, "check-nothing");
  await drop(page, "main [data-drop]", "dropped.json", OTHER);
  await send(bench, page);
  await bench.judge(page, "check-found");
  const lines = await page.locator(".finding").count();
  check(lines > 4, `${lines} findings`);
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("n");
  const first = await at(page);
  check(first[0] === "f1" && first[1] === "L54", `n goes to ${first}`);
  await page.keyboard.press("n");
  await page.keyboard.press("n");
  check((await at(page))[0] === "f3", "n goes on");
  await page.keyboard.press("p");
  const second = await at(page);
  check(second[0] === "f2", `p goes back, to ${second}`);
  const seen = await page.evaluate(() => [document.activeElement, document.querySelector(".line.here")].every((e) => {
    const r = e.getBoundingClientRect();
    return r.top >= 0 && r.bottom <= innerHeight;
  }));
  check(seen, "the finding and its line are both in sight");
  await page.locator("textarea[name=text]").focus();
  await page.keyboard.type("n");
  check((await page.locator("textarea[name=text]").inputValue()).endsWith("n"), "who writes an n gets an n");
  await bench.visit(page, "/check");
  await page.fill("textarea[name=text]", EXAMPLE);
  await send(bench, page);
  await bench.judge(page, "check-fine");
}

async function differences(bench, page) {
  await bench.visit(page, "/check/diff");
  await page.locator("textarea[name=expected]").fill(EXAMPLE);
  await page.locator("textarea[name=actual]").fill(OTHER);
  await send(bench, page);
  await page.waitForSelector(".finding");
  await bench.judge(page, "check-diff");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("n");
  const both = await page.evaluate(() => [...document.querySelectorAll(".line.here")].map((l) => l.id).join());
  check(both === "E54,A54", `n shows both sides: ${both}`);
}

async function letters(bench, page) {
  const mapping = join(ROOT, "harness/tests/data/mapping");
  for (const [file, well] of [[join(ROOT, "harness/tests/data/fhir/resources/patient.json"), false], [join(mapping, "xdis91.xml"), true]]) {
    await bench.visit(page, "/check/convert");
    await page.setInputFiles("input[name=file]", file);
    if (well) await page.setInputFiles("input[name=with]", join(mapping, "xbin01.xml"));
    await page.selectOption("select[name=to]", "CareCommunication");
    await send(bench, page);
    check((await page.locator("a[download]").count() > 0) === well && (await page.locator(".notice.error").count() === 0) === well, `${file} is${well ? " not" : ""} converted`);
    await bench.judge(page, well ? "check-converted" : "check-no-letter");
  }
}

async function expressions(bench, page) {
  for (const [expression, well] of [["name.where(", false], ["name.family", true]]) {
    await bench.visit(page, "/check/fhirpath");
    await page.fill("[name=expression]", expression);
    await page.setInputFiles("input[name=file]", join(ROOT, "harness/tests/data/fhir/resources/patient.json"));
    await send(bench, page);
    check((await page.textContent("main")).includes("Berggren") === well, `${expression} gives: ` + (await page.textContent("main")));
    await bench.judge(page, well ? "check-fhirpath" : "check-fhirpath-mistake");
  }
}

async function protocols(bench, page) {
  const sound = readFileSync(join(ROOT, "protocols/test-message/test-message.yaml"), "utf8");
  for (const [text, well] of [[sound.replace(/^standard:/m, "standart:"), false], [sound, true]]) {
    await bench.visit(page, "/check/protocol");
    await page.fill("textarea[name=text]", text);
    await send(bench, page);
    check((await page.locator(".finding").count() === 0) === well && (await page.locator(".notice.error").count() === 0) === well, "a protocol that is" + (well ? "" : " not") + " sound");
    await bench.judge(page, well ? "check-protocol" : "check-protocol-mistake");
  }
}

async function bundles(bench, page) {
  const run = await bench.begin("small");
  const written = await bench.command("report", run, "--format", "bundle", "--output", join(bench.folder, "b.tar.gz"), "--store", bench.store);
  check(written.code === 0, written.err);
  const whole = readFileSync(join(bench.folder, "b.tar.gz"));
  for (const well of [true, false]) {
    await bench.visit(page, "/check/bundle");
    await page.setInputFiles("input[name=bundle]", { name: "b.tar.gz", mimeType: "application/gzip", buffer: well ? whole : whole.subarray(0, whole.length / 2) });
    await send(bench, page);
    check((await page.locator(".notice.error").count() === 0) === well, "a bundle that is" + (well ? "" : " not") + " whole");
    await bench.judge(page, well ? "check-bundle" : "check-bundle-cut");
  }
}

async function words(bench, page) {
  for (const [word, status] of [["5790008888025", 200], ["nobody <at> all", 404]]) {
    const answer = await bench.visit(page, "/check/register?q=" + encodeURIComponent(word));
    check(answer.status() === status, `${word}: ${answer.status()}`);
    await bench.judge(page, status === 200 ? "check-register" : "check-register-none");
  }
  await bench.visit(page, "/explain?q=gln");
  await page.locator("main a[href^='/explain/']").first().click();
  await page.waitForURL(/explain\/./);
  await bench.judge(page, "check-explain");
}

export default async function (bench) {
  bench.protocol("small", SHOW_IT);
  const page = await bench.page();
  for (const part of [findings, differences, letters, expressions, protocols, bundles, words]) await part(bench, page);
}
