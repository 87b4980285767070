// A live test assessed by the keyboard alone, by two reviewers at once, up to the decision and its papers.
import { BOTH, check } from "../bench.mjs";

export const variants = BOTH;

const CASES = `  - id: "3.1"
    title: {en: Receive and show, da: Modtag og vis}
    status: mandatory
    steps:
      - step: "3.1.1"
        send: {fixture: carecommunication/new.json, as: first}
      - step: "3.1.2"
        expect-ack: {to: first, code: ok, within: 30 min}
      - step: "3.1.3"
        severity: F3
        manual: {ask: {en: Look at the screen., da: Se på skærmen.}}
      - step: "3.1.4"
        manual: {ask: {en: Close it., da: Luk den.}}
`;

const ANSWERS = '  "3.1.3": {answer: fail, text: "the colour <b>is</b> wrong"}\n  "3.1.4": {answer: ok}\n';

const chosen = (page, step) => page.evaluate((id) => document.getElementById(id)?.querySelector("button.chosen")?.value || "", "s" + step);
const focus = (page) => page.evaluate(() => document.activeElement.id);

async function press(page, ...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

// Presses what sends a form, and waits for the page that comes after it.
const decide = (bench, page, key) => bench.sent(page, () => page.keyboard.press(key));

// MedCom decides: the result has to be chosen, it does not stand there.
async function decideCourse(bench, page, course) {
  await bench.visit(page, "/courses");
  await bench.judge(page, "certify-courses");
  await bench.visit(page, "/courses/" + course);
  const form = page.locator("form:has(input[name=verb][value=decide])");
  for (const result of ["", "yes"]) {
    await bench.unfold(page, "input[name=verb][value=decide]");
    if (result) await form.locator("select[name=approved]").selectOption(result);
    await form.locator("input[name=date]").fill("2026-05-04");
    await form.locator("input[name=place]").fill("Odense");
    await form.locator("input[name=why]").fill("all was shown");
    if (result) await bench.judge(page, "certify-decide");
    await bench.sent(page, () => form.locator("button.main").click());
    check((await page.locator(".notice.error").count()) === (result ? 0 : 1), `result "${result}": ` + (await page.locator(".notice").allTextContents()));
    // The form that was refused is open, with all that was written into it.
    if (!result) check((await form.locator("input[name=why]").inputValue()) === "all was shown", "the remark is gone");
    if (!result) check((await form.locator("input[name=date]").inputValue()) === "2026-05-04", "the date is gone");
    if (!result) check((await form.locator("input[name=place]").inputValue()) === "Odense", "the place is gone");
  }
  await bench.judge(page, "certify-course");
}

export default async function (bench) {
  bench.protocol("live", CASES);
  await bench.stop(); // a server would take the runs to itself
  const { course, again } = await bench.course("live", ANSWERS);
  const live = await again("--mode", "certify");
  await bench.account("mia", "medcom");
  await bench.account("mads", "medcom");
  await bench.serve();
  const page = await bench.page(), other = await bench.page(bench.other);
  await bench.login(page, "mia");
  await page.waitForURL(bench.url + "/");
  await bench.login(other, "mads");
  await other.waitForURL(bench.url + "/");
  const address = `/runs/${live}?case=3.1`;
  await bench.visit(page, address);
  await bench.visit(other, address);
  await bench.judge(page, "certify-open");
  await bench.judge(other, "certify-open");

  // The colleague begins to write: what happens meanwhile does not reach their page.
  const row = other.locator("#s3\\.1\\.3");
  await row.locator("form[action$='/assess'] details summary").click();
  await row.locator("form[action$='/assess'] input[name=why]").fill("ser fint ud");

  // j and k move, a digit assesses, and the row has the focus again afterwards.
  await press(page, "j", "j", "j", "k");
  check((await focus(page)) === "s3.1.2", "j and k lead to " + (await focus(page)));
  await press(page, "k");
  await decide(bench, page, "5");
  check((await chosen(page, "3.1.1")) === "OK" && (await focus(page)) === "s3.1.1", "5 is not OK");
  await press(page, "j", "j");
  await decide(bench, page, "3");
  check((await chosen(page, "3.1.3")) === "F3" && (await focus(page)) === "s3.1.3", "3 is not F3");
  await press(page, "j");
  await decide(bench, page, "0");
  check((await chosen(page, "3.1.4")) === "not-relevant", "0 is not Not relevant");

  // Another assessment without a remark is refused; the remark is written and sent without a mouse, and Enter in it decides nothing.
  await press(page, "k");
  await decide(bench, page, "4");
  check((await page.locator(".notice.error").count()) === 1 && (await chosen(page, "3.1.3")) === "F3", "a change needs no remark");
  const seen = await page.locator(".notice.error").evaluate((e) => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight; });
  check(seen, "what went wrong is not in sight beside the row");
  await bench.judge(page, "certify-refused");
  await page.locator("#s3\\.1\\.3").focus();
  for (let i = 0; i < 20 && !(await page.evaluate(() => document.activeElement.matches(".assess ~ details summary"))); i++) await press(page, "Tab");
  await press(page, "Enter", "Tab");
  await page.keyboard.type("only the colour, 5 of 5");
  await press(page, "Enter");
  await page.waitForTimeout(200);
  check((await chosen(page, "3.1.3")) === "F3", "Enter in the remark chooses " + (await chosen(page, "3.1.3")));
  await press(page, "Shift+Tab");
  await decide(bench, page, "4");
  check((await chosen(page, "3.1.3")) === "F4", "with a remark it is not changed: " + (await page.locator(".notice").allTextContents()));
  check((await page.textContent("#s3\\.1\\.3")).includes("only the colour, 5 of 5"), "the remark is gone");

  // The colleague sends what is older: nothing is overwritten, and they are told by whom, with their text.
  await Promise.all([other.waitForEvent("domcontentloaded"), row.locator("button[value=OK]").click()]);
  const told = await other.textContent(".notice.error");
  check(told.includes("MIA") && told.includes("ser fint ud") && told.includes(other.say("Nothing was changed", "Intet er ændret")), "the later one is told " + told);
  check((await chosen(other, "3.1.3")) === "F4", "the earlier one is overwritten");
  const below = await other.locator(".notice.error").boundingBox();
  check(below.y >= 0 && below.y + below.height <= 844, "what they are told is out of sight: " + JSON.stringify(below));
  await bench.judge(other, "certify-later");

  // What is left is accepted at once; MedCom decides; the papers are at the run.
  await page.click("form[action$='/accept'] button");
  await page.waitForLoadState();
  check((await chosen(page, "3.1.2")) === "OK", "what the machine passed is not accepted");
  check((await page.locator("a[href$='/report/certificate']").count()) === 0 ||
    (await page.request.get(`${bench.url}/runs/${live}/report/certificate`)).status() !== 200, "a certificate before the decision");
  await decideCourse(bench, page, course);
  await bench.visit(page, `/runs/${live}`);
  await bench.judge(page, "certify-decided");
  for (const format of ["html", "certificate"]) {
    const link = page.locator(`a[href='/runs/${live}/report/${format}']`).first();
    check((await link.count()) === 1, `no link to ${format}`);
    check((await page.request.get(bench.url + (await link.getAttribute("href")))).ok(), `${format} is not there`);
  }
  await bench.visit(other, "/board");
  check((await other.textContent(".board")).includes(other.say("approved", "Godkendt")), "the board does not show it");
}
