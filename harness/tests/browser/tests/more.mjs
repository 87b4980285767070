// What else is done to a run in the browser: which attempt counts, a step of MedCom's own, what was carried over, what is
// blacked out for good, other rules, another run, and whether it is unaltered; in both languages and widths.
import { join } from "node:path";
import { check } from "../bench.mjs";

const LAUNCH = "refvendor --to ${harness.address} --seed ${seed}";
const STEP = "- manual: {ask: {en: Show the letter., da: Vis brevet.}}";
const NUMBER = "2512489996";

// A run in which a step was played twice, one that passed, and one since that.
async function runs(bench) {
  const receive = join(bench.data, "protocols/carecommunication/5.0/receive.yaml");
  const common = ["--store", bench.store, "--report", join(bench.folder, "reports")];
  const given = [receive, "--vendor", join(bench.data, "vendors/reference/refvendor.yaml"), "--clock-scale", "20", "--case", "3.2.5", "--case", "3.2.6"];
  const ids = [];
  const add = async (code, ...words) => {
    const done = await bench.command(...words, ...common);
    check(done.code === code, `${words.join(" ")} ends with ${done.code}: ${done.out} ${done.err}`);
    const list = (await bench.command("list", "runs", "--store", bench.store)).out.match(/\d{8}-[0-9a-f]+/g);
    ids.push(list.find((id) => !ids.includes(id)));
    return ids.at(-1);
  };
  const twice = await add(1, "run", ...given, "--launch", LAUNCH + " --defect wrong-ack-code");
  const again = await bench.command("repeat", twice, "3.2.5.2", "--system-version", "0.2.0", "--why", "mended", "--by", "AB", "--launch", LAUNCH, ...common);
  check(again.code === 1, again.err);
  const passed = await add(0, "run", ...given);
  return { twice, passed, since: await add(3, "run", ...given, "--since", passed) };
}

const send = (page, button) => Promise.all([page.waitForEvent("domcontentloaded"), button.click()]).then(() => page.waitForLoadState());
const notice = async (page) => (await page.locator(".notice").allTextContents()).join(" ");

// By the keyboard alone, from the message on: two texts, a page that asks once more, and only then it is done.
async function blackOut(bench, page, run) {
  await bench.visit(page, `/runs/${run}/messages/m1`);
  check((await page.textContent("main")).includes(NUMBER), "the message has not the number");
  await send(page, page.locator("a[href$='/redact/m1']"));
  await page.focus("textarea[name=text]");
  await page.keyboard.type(NUMBER + "\n\nNancy (x) A*");
  await page.fill("input[name=by]", "JD");
  await page.focus("input[name=why]");
  await page.keyboard.type("a real <b>person</b>");
  await Promise.all([page.waitForEvent("domcontentloaded"), page.keyboard.press("Enter")]);
  check((await page.textContent("main")).includes("Nothing has been done yet"), "it does not ask once more: " + (await notice(page)));
  check((await page.textContent("main")).includes("XXXXXXXXXX"), "how it will look is not shown");
  await bench.judge(page, "more-sure-en-desktop");
  const before = await page.request.get(`${bench.url}/runs/${run}/messages/m1`);
  check((await before.text()).includes(NUMBER), "it was done without the second page");
  await send(page, page.locator("button.danger"));
  check((await notice(page)).includes("blacked out, for good"), "it is not done: " + (await notice(page)));
  check(!(await page.textContent("main")).includes(NUMBER), "the number is still there");
  await bench.judge(page, "more-blacked-out-en-desktop");
}

async function insert(bench, page, run) {
  await bench.visit(page, `/runs/${run}/insert?after=3.2.6.1`);
  await page.fill("textarea[name=text]", STEP + "\n  sed: {fixture: x}");
  await page.fill("input[name=why]", "any type");
  await page.locator("input[name=by]").fill("JD");
  await send(page, page.locator("main form button.main"));
  check((await page.evaluate(() => document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd))) === "  sed: {fixture: x}",
    "the line of the mistake is not chosen: " + (await notice(page)));
  await bench.judge(page, "more-mistake-en-desktop");
  await page.fill("textarea[name=text]", STEP);
  await send(page, page.locator("main form button.main"));
  check((await page.textContent("main")).includes("Show the letter."), "the run does not go on with it: " + (await notice(page)));
  await bench.visit(page, `/runs/${run}?case=3.2.6`);
  check((await page.textContent("main")).includes("MedCom's own step"), "the step is not marked");
  await bench.judge(page, "more-own-step-en-desktop");
}

export default async function (bench) {
  await bench.stop(); // a server would take the runs to itself
  const { twice, passed, since } = await runs(bench);
  await bench.serve();
  const pages = { run: `/runs/${twice}?case=3.2.5`, attempts: `/runs/${twice}/attempts/3.2.5.2`, insert: `/runs/${twice}/insert?after=3.2.5.2`,
    since: `/runs/${since}`, carried: `/runs/${since}/carried`, redact: `/runs/${passed}/redact/m1`, message: `/runs/${passed}/messages/m1`,
    rejudge: `/runs/${twice}/rejudge`, others: `/runs/${twice}/compare`, compared: `/runs/${twice}/compare/${passed}`, verify: `/runs/${twice}/verify` };
  for (const lang of ["en", "da"])
    for (const width of ["phone", "desktop"]) {
      const page = await bench.page({ lang, width, scheme: lang === "da" ? "dark" : "light" });
      for (const [name, path] of Object.entries(pages)) {
        const answer = await bench.visit(page, path);
        check(answer.status() === 200, `${path}: ${answer.status()}`);
        check((await page.locator("h1").count()) === 1, `${path} has not one h1`);
        await bench.judge(page, `more-${name}-${lang}-${width}`);
      }
      await page.context().close();
    }
  const page = await bench.page();
  await bench.visit(page, pages.attempts);
  await page.click("summary:has-text('Let it count')");
  await page.fill("input[name=why]", "the version was not agreed");
  await page.fill("input[name=by]", "JD");
  await bench.judge(page, "more-stand-en-desktop");
  await send(page, page.locator("form[action$='/stand'] button.main"));
  check((await notice(page)).includes("JD · the version was not agreed"), "it does not count: " + (await notice(page)));
  await bench.visit(page, pages.carried);
  await page.check("input[name=step] >> nth=0");
  await send(page, page.locator("button[value=chosen]"));
  check((await page.locator(".notice.error").count()) === 0, await notice(page));
  await bench.visit(page, pages.rejudge);
  await page.fill("input[name=use]", "medcom.fhir.dk.carecommunication@3.0.0");
  await send(page, page.locator("main form button.main"));
  check((await page.textContent("main")).includes("What would change"), "it is not judged again");
  await bench.judge(page, "more-rejudged-en-desktop");
  await blackOut(bench, page, passed);
  await insert(bench, page, twice);
}
