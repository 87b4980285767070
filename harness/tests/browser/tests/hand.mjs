// A vendor without network: the message is fetched in the browser, the system's answer dropped there; what has the CPR number
// of a stranger is held until MedCom lets it out, what no step wanted is explained and given to one.
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BOTH, check, drop } from "../bench.mjs";

export const variants = BOTH;

const CASES = `  - id: "3.1"
    title: {en: A letter arrives, da: Et brev ankommer}
    status: mandatory
    steps:
      - step: "3.1.1"
        send: {fixture: carecommunication/new.json, as: letter}
      - step: "3.1.2"
        expect-ack: {to: letter, code: ok, within: 30 min, as: ack}
      - step: "3.1.3"
        manual: {ask: {en: "Show the letter", da: "Vis brevet"}}
`;
const STRANGER = "010987-1234"; // has the form of a CPR number, and is on no list

// The system itself, which reads one folder and writes into another; a person carries the files.
function system(bench) {
  const into = join(bench.folder, "in"), out = join(bench.folder, "out");
  for (const f of [into, out]) mkdirSync(f);
  const child = spawn(join(process.env.TEST_BIN, "refvendor"), ["--folder-in", into, "--folder-out", out], { stdio: "ignore" });
  return { child, async answer(bytes) {
    writeFileSync(join(into, ".tmp"), bytes);
    renameSync(join(into, ".tmp"), join(into, "m.xml"));
    for (let i = 0; i < 200; i++) {
      const file = readdirSync(out).find((n) => n.endsWith(".xml") && !n.startsWith("."));
      if (file) return readFileSync(join(out, file), "utf8");
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error("the system does not answer");
  } };
}

async function fetchIt(bench, page, run) {
  await bench.visit(page, `/runs/${run}/messages/m1`);
  await bench.judge(page, "hand-message");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("form[action$='/fetch'] button")]);
  await bench.visit(page, `/runs/${run}/messages/m1`);
  check((await page.textContent("form[action$='/fetch']")).includes(page.say("was fetched", "er hentet")), "nobody says that it was fetched");
  return readFileSync(await download.path());
}

async function hand(bench, page, run, name, text, declared = true) {
  await bench.visit(page, "/runs/" + run);
  await bench.unfold(page, "form[action$='/put']");
  await drop(page, "form[action$='/put'] [data-drop]", name, text, { type: "text/xml" });
  const initials = page.locator("form[action$='/put'] input[name=by]"), box = page.locator("form[action$='/put'] input[name=test-persons]");
  if (await initials.count()) await initials.fill("AB");
  if (declared && await box.count()) await box.check();
  await bench.sent(page, () => page.click("form[action$='/put'] button.main"));
}

async function quarantined(bench, page, run) {
  const link = page.locator("tr.unmatched a").last();
  await bench.judge(page, "hand-unmatched");
  await link.click();
  await page.waitForURL(/messages/);
  check(!(await page.content()).includes(STRANGER), "the stranger's number is shown");
  await bench.judge(page, "hand-quarantine");
  await page.fill("form[action$='/release'] input[name=why]", "a test person of ours");
  const initials = page.locator("form[action$='/release'] input[name=by]");
  if (await initials.count()) await initials.fill("AB");
  await bench.sent(page, () => page.click("form[action$='/release'] button"));
  check((await page.locator(".notice.error").count()) === 0, "it is not let out: " + (await page.locator(".notice").allTextContents()));
}

async function unmatched(bench, page, run, text) {
  await hand(bench, page, run, "other <b>.xml", text);
  const address = await page.locator("tr.unmatched a").first().getAttribute("href");
  await bench.visit(page, address);
  check((await page.locator("main .panel p").count()) > 0, "nobody says why it nearly fitted");
  await bench.judge(page, "hand-near-miss");
  for (const why of ["", "it is the receipt"]) {
    await page.fill("form[action$='/attach'] input[name=why]", why);
    await bench.sent(page, () => page.click("form[action$='/attach'] button"));
    check((await page.locator(".notice.error").count()) === (why ? 0 : 1), `given because "${why}"`);
    if (!why) await bench.visit(page, address);
  }
  await page.waitForSelector("td .badge.fail");
  await bench.judge(page, "hand-attached");
}

export default async function (bench) {
  bench.protocol("small", CASES);
  const vendor = join(bench.folder, "vendor.yaml"), sys = system(bench);
  writeFileSync(vendor, readFileSync(join(bench.data, "vendors/reference/refvendor-upload.yaml"), "utf8").replace(/^.*test-persons-only.*\n/m, ""));
  try {
    const page = await bench.page(), run = await bench.begin("small", "--vendor", vendor);
    await bench.visit(page, "/runs/" + run);
    await bench.judge(page, "hand-run");
    const answer = await sys.answer(await fetchIt(bench, page, run));
    await hand(bench, page, run, "answer.xml", answer, false);
    check((await page.locator(".notice.error").count()) === 1, "a file without the declaration is taken");
    await bench.judge(page, "hand-undeclared");
    const second = await bench.begin("small", "--vendor", vendor);
    await unmatched(bench, page, second, answer);
    await hand(bench, page, run, "answer.xml", `${answer}<!-- ${STRANGER} -->\n`);
    await quarantined(bench, page, run);
    await page.waitForSelector('[id="answer-3.1.3"]');
  } finally {
    sys.child.kill("SIGKILL");
  }
}
