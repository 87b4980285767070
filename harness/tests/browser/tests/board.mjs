// The board as it is watched: on a desk and on the wall it follows a run that begins and fails, without a reload; and a
// camp whose frozen protocol changes says so.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BOTH, SHOW_IT, check } from "../bench.mjs";

export const variants = BOTH;

// A page that is reloaded loses this mark.
const mark = (page) => page.evaluate(() => { window.isSamePage = true; });
async function shows(page, word) {
  await page.waitForFunction((w) => [...document.querySelectorAll(".board td b")].some((e) => e.textContent === w), word)
    .catch(async () => check(false, `${page.url()} does not come to say "${word}": ` + (await page.textContent("main")).slice(0, 400)));
  check(await page.evaluate(() => window.isSamePage), "the page was loaded again");
}

async function start(bench, page) {
  await bench.visit(page, "/start?system=file:vendors/reference/refvendor.yaml");
  await page.selectOption("select[name=protocol]", "small");
  await page.selectOption("select[name=system]", "file:vendors/reference/refvendor.yaml");
  await page.click("button[value=start]");
  await page.waitForURL(/\/runs\//);
}

async function camp(bench, page) {
  await bench.visit(page, "/people");
  await bench.unfold(page, "form[action='/people']");
  await page.locator("form[action='/people'] input[name=name]").fill("Acme A/S");
  await page.click("form[action='/people'] button.main");
  await bench.visit(page, "/systems/new");
  await page.locator("form[action='/systems'] select[name=owner]").selectOption({ label: "Acme A/S" });
  await page.fill("textarea.code", bench.vendorFile("Acme A/S"));
  await page.click("form[action='/systems'] button.main");
  await page.waitForURL(/systems\/1/);
  await bench.visit(page, "/camps");
  for (const ends of ["2026-05-03", "2026-05-05"]) {
    await bench.unfold(page, "form[action='/camps']");
    await page.fill("input[name=name]", "Spring <i>camp</i>");
    await page.fill("input[name=starts]", "2026-05-04");
    await page.fill("input[name=ends]", ends);
    await page.fill("input[name=place]", "Odense");
    await bench.judge(page, "camp-new");
    await bench.sent(page, () => page.click("form[action='/camps'] button.main"));
    // The form that was refused is open, with what was written into it.
    if (ends < "2026-05-04") check((await page.inputValue("input[name=name]")) === "Spring <i>camp</i>" && (await page.inputValue("input[name=starts]")) === "2026-05-04", "a refused form loses its text");
    check((await page.locator(".notice.error").count()) === (ends < "2026-05-04" ? 1 : 0), `a camp that ends ${ends}`);
  }
  await page.waitForURL(/camps\/1/);
  await page.selectOption("form[action$='/tasks'] select", "small");
  await page.click("form[action$='/tasks'] button");
  await page.click("form[action$='/freeze'] button");
  await page.click("form[action$='/members'] button");
  await page.waitForSelector("table.members");
  await bench.unfold(page, "form[action$='/slots']");
  await page.fill("input[name=time]", "09:30");
  await page.fill("form[action$='/slots'] input[name=place]", "7");
  await page.click("form[action$='/slots'] button.main");
  await page.waitForSelector("table.slots");
}

export default async function (bench) {
  bench.protocol("small", SHOW_IT);
  const desk = await bench.page(), wall = await bench.page({ ...bench.variant, width: "desktop", scheme: "dark" }), other = await bench.page(bench.other);
  await bench.visit(desk, "/board");
  await bench.visit(wall, "/board?big=1");
  await mark(desk);
  await mark(wall);
  const tester = await bench.page();
  await start(bench, tester);
  await shows(desk, desk.say("vendor to act", "venter på leverandør"));
  await shows(wall, wall.say("vendor to act", "venter på leverandør"));
  await tester.waitForSelector("form[action$='/answer']");
  await tester.fill(".waits textarea", "it is not there");
  await tester.fill(".waits input[name=by]", "AB");
  // Enter in a field answers nothing: a browser would press OK, the first button, which nobody chose.
  await tester.press(".waits input[name=by]", "Enter");
  await tester.waitForTimeout(200);
  check((await tester.inputValue(".waits textarea")) === "it is not there", "Enter in the initials answers the step");
  await tester.click(".waits button[value=fail]");
  await tester.waitForLoadState();
  await shows(desk, desk.say("failed", "fejl"));
  await shows(wall, wall.say("failed", "fejl"));
  await bench.judge(desk, "board-failed");
  await bench.judge(wall, "board-big");

  await camp(bench, tester);
  await bench.judge(tester, "camp");
  check((await tester.locator(".badge.fail").count()) === 0, "a protocol that did not change is flagged");
  const file = join(bench.data, "protocols/small/small.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("Show the letter", "Show both letters"));
  await bench.visit(tester, "/camps/1");
  await tester.waitForTimeout(1200);
  await bench.visit(tester, "/camps/1");
  check((await tester.locator("table.tasks .badge.fail").count()) === 1, "a change after the freeze is not flagged");
  await bench.judge(tester, "camp-changed");
  await bench.visit(other, "/board?camp=1");
  check((await other.locator(".notice.error").count()) === 1, "the camp's board does not flag it");
  await bench.judge(other, "camp-board");
  await bench.visit(tester, "/camps/1");
  await bench.sent(tester, () => tester.click("form[action$='/freeze'] button"));
  check((await tester.textContent("table.tasks")).includes(tester.say("frozen anew after the camp had begun", "frosset på ny")), "that it was frozen anew is forgotten");
  await bench.unfold(tester, "form[action$='/slots']");
  await tester.fill("input[name=day]", "2026-05-06");
  await tester.fill("form[action$='/slots'] input[name=tester]", "MIA");
  await bench.sent(tester, () => tester.click("form[action$='/slots'] button.main"));
  check((await tester.locator(".notice.error").count()) === 1, "a slot after the camp");
  check((await tester.inputValue("form[action$='/slots'] input[name=tester]")) === "MIA", "a refused slot loses its tester");
  await bench.judge(tester, "camp-slot-refused");
  await bench.visit(wall, "/board?camp=1&big=1");
  check((await wall.textContent("main")).includes(wall.say("frozen anew", "frosset på ny")), "the wall does not say that it was frozen anew");
  await bench.judge(wall, "camp-board-big");
}
