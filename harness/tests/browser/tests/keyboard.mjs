// A whole live test by the keyboard alone, from the login to the decision: every stop is seen, and after each deed the next
// stop is near what was done.
import { BOTH, check, passwordOf } from "../bench.mjs";

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
        manual: {ask: {en: Look at the screen., da: Se på skærmen.}}
      - step: "3.1.4"
        manual: {ask: {en: Close it., da: Luk den.}}
`;
const STOPS_MAX = 120;

// Where the keyboard is, and whether that can be seen.
const stop = (page) => page.evaluate(() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  return { body: e === document.body, seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.bottom > 0 && box.top < innerHeight,
    what: e.outerHTML.slice(0, 160) };
});

// Tabs until that is reached, at most so many stops on.
async function tabTo(page, selector, most = STOPS_MAX, key = "Tab") {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press(key);
    const s = await stop(page);
    check(s.body || s.seen, `the keyboard is at what nobody sees: ${s.what}`);
    if (await page.evaluate((q) => document.activeElement.matches(q), selector)) return;
  }
  check(false, `${selector} is not reached in ${most} stops; the last is ${(await stop(page)).what}`);
}

async function type(page, selector, text, most) {
  await tabTo(page, selector, most);
  await page.keyboard.type(text);
}

// In a list the arrows go on to the entry that begins so.
async function choose(page, selector, text) {
  const chosen = () => page.evaluate(() => document.activeElement.selectedOptions[0].textContent);
  await tabTo(page, selector);
  for (let i = 0; i < STOPS_MAX && !(await chosen()).startsWith(text); i++) await page.keyboard.press("ArrowDown");
  check((await chosen()).startsWith(text), `the last entry is "${await chosen()}", not "${text}"`);
}

const press = (bench, page, key) => bench.sent(page, () => page.keyboard.press(key));

async function begin(bench, page) {
  await bench.visit(page, "/login");
  await type(page, "input[name=name]", "mia");
  await type(page, "input[name=password]", passwordOf("mia"), 1);
  await press(bench, page, "Enter");
  await page.waitForURL(bench.url + "/");
  await tabTo(page, ".menu a[href='/start']", 8);
  await press(bench, page, "Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // to the content
  await choose(page, "select[name=protocol]", page.say("CareCommunication 5.0 · Small", "Korrespondancemeddelelse 5.0 · Lille"));
  await choose(page, "select[name=system]", "vendors/reference/refvendor.yaml");
  await choose(page, "select[name=mode]", "Cert");
  await tabTo(page, "button[value=start]");
  await press(bench, page, "Enter");
  await page.waitForURL(/\/runs\//);
}

async function answer(bench, page) {
  await page.waitForSelector('[id="answer-3.1.3"]');
  await tabTo(page, ".waits textarea");
  await page.keyboard.type("It stood there: æøå, 5 of 5 jk");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), tabTo(page, ".waits input[type=file]", 1).then(() => page.keyboard.press("Space"))]);
  await chooser.setFiles({ name: "screen.png", mimeType: "image/png", buffer: Buffer.from("iVBORw0KGgo=", "base64") });
  await tabTo(page, ".waits button[value=ok]", 4);
  await press(bench, page, "Enter");
  await page.waitForSelector('[id="answer-3.1.4"]');
  check((await page.textContent("#s3\\.1\\.3")).includes("5 of 5 jk"), "what was written did something else");
  check((await page.locator("#s3\\.1\\.3 .evidence").count()) === 1, "the evidence is not there");
  await tabTo(page, ".waits textarea", 3); // it is what comes next
  await tabTo(page, ".waits button[value=fail]", 5);
  await tabTo(page, ".waits button[value=ok]", 1, "Shift+Tab");
  await press(bench, page, "Space");
  await page.waitForSelector(".badge.pass >> nth=0");
}

const row = (page) => page.evaluate(() => document.activeElement.id);

// The row that was assessed has the focus again, and the digits go on from there.
async function assess(bench, page) {
  const run = new URL(page.url()).pathname;
  await page.waitForFunction(() => document.querySelectorAll("[data-keys]").length === 4);
  await page.evaluate(() => document.activeElement.blur());
  for (const [key, step] of [["5", "s3.1.1"], ["o", "s3.1.2"], ["5", "s3.1.3"], ["4", "s3.1.4"]]) {
    await page.keyboard.press("j");
    check((await row(page)) === step, `j goes to ${await row(page)}`);
    const s = await stop(page);
    check(s.seen, `the row is not seen: ${s.what}`);
    await press(bench, page, key);
    check((await row(page)) === step, `after ${key} the keyboard is at ${await row(page)}`);
  }
  await bench.judge(page, "keyboard-assessed");
  return run;
}

async function decide(bench, page, course) {
  await bench.visit(page, "/courses/" + course);
  const verb = "input[name=verb][value=decide]", form = `form:has(${verb})`;
  await tabTo(page, `details:has(${verb}) > summary`);
  await page.keyboard.press("Enter");
  await choose(page, `${form} select[name=approved]`, page.say("Approved", "Godkendt"));
  await type(page, `${form} input[name=date]`, "05052026", 3); // day and month are one number: their order is the browser's
  await type(page, `${form} input[name=place]`, "Odense", 5);
  await type(page, `${form} input[name=why]`, "all was shown", 5);
  check((await page.inputValue(`${form} input[name=date]`)) === "2026-05-05", "the date is " + (await page.inputValue(`${form} input[name=date]`)));
  await tabTo(page, `${form} button.main`, 5);
  await press(bench, page, "Enter");
  check((await page.locator(".notice.error").count()) === 0, "it is not decided: " + (await page.locator(".notice").allTextContents()));
  await bench.judge(page, "keyboard-decided");
}

export default async function (bench) {
  bench.protocol("small", CASES);
  await bench.stop();
  const { course } = await bench.course("small", '  "3.1.3": {answer: ok}\n  "3.1.4": {answer: ok}\n');
  await bench.account("mia", "medcom");
  await bench.serve();
  const page = await bench.page();
  await begin(bench, page);
  await answer(bench, page);
  await assess(bench, page);
  await decide(bench, page, course);
}
