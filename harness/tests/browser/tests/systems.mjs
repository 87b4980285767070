// A vendor on its own: a system by form, a mistake that is shown where it stands, a test message to itself, a run.
import { createServer } from "node:http";
import { BOTH, SHOW_IT, check } from "../bench.mjs";

export const variants = BOTH;

async function fill(page, facts) {
  for (const [name, value] of Object.entries(facts)) await page.fill(`form[action='/systems/form'] [name=${name}]`, value);
}

export default async function (bench) {
  bench.protocol("small", SHOW_IT);
  await bench.account("mia", "medcom");
  await bench.account("vic", "vendor", "Acme A/S");
  let taken = 0;
  const system = createServer((request, answer) => { taken++; request.resume().on("end", () => answer.writeHead(200).end()); });
  await new Promise((done) => system.listen(0, "127.0.0.1", done));
  try {
    const page = await bench.page(), other = await bench.page(bench.other);
    for (const p of [page, other]) {
      await bench.login(p, "vic");
      await p.waitForURL(bench.url + "/");
    }
    await bench.visit(page, "/systems/new");
    await bench.judge(page, "systems-new");
    await bench.visit(other, "/systems/new");
    await bench.judge(other, "systems-new");
    await fill(page, { system: 'Journal "<b>8</b>"', version: "1.0", type: "EHR", contact: "Vic", email: "vic@example.org", gln: "5790009998014",
      sor: "9998011000016003", organisation: "Clinic Ærø", address: `http://127.0.0.1:${system.address().port}/in` });
    await page.locator("input[name=claim][value^='CareCommunication|5.0|receiver']").check();
    await page.locator("input[name=capability][value=reply]").check();
    await page.locator("input[name=capability][value=user-interface]").check();
    await page.click("form[action='/systems/form'] button.main");

    // One digit of the GLN is wrong: the place is told, the file stands there with all that was written.
    await page.waitForSelector(".notice.error");
    const told = await page.textContent(".notice.error"), file = await page.inputValue("textarea.code");
    const at = /system\.yaml:(\d+):(\d+)/.exec(told);
    check(at && file.split("\n")[at[1] - 1].includes("5790009998014"), `the place is not that of the GLN: ${told}`);
    check(file.includes("Clinic Ærø") && file.includes('Journal \\"<b>8</b>\\"'), "what was written is gone");
    const line = await page.evaluate(() => {
      const area = document.activeElement, at = area.value.slice(0, area.selectionStart).split("\n").length;
      const y = (area.scrollHeight / area.value.split("\n").length) * (at - 1) - area.scrollTop;
      return [area.value.slice(area.selectionStart, area.selectionEnd), y > 0 && y < area.clientHeight];
    });
    check(line[0].includes("5790009998014") && line[1], `the line of the mistake is not chosen and in sight: ${line}`);
    await bench.judge(page, "systems-mistake");
    await page.fill("textarea.code", file.replace("5790009998014", "5790009998013"));
    await page.click("form[action='/systems'] button.main");
    await page.waitForURL(/systems\/\d+$/);
    const own = new URL(page.url()).pathname;
    check((await page.textContent("h1")).includes('Journal "<b>8</b>" 1.0'), "the name is not shown as it was written");
    await bench.judge(page, "systems-own");
    await bench.visit(other, own);
    await bench.judge(other, "systems-own");

    await page.click(`form[action='${own}/hello'] button`);
    await page.waitForURL(/\/runs\//);
    await page.waitForSelector("table.exchanges", { timeout: 8000 });
    for (let i = 0; i < 80 && !taken; i++) await page.waitForTimeout(50);
    check(taken > 0, "no test message came");
    await bench.judge(page, "systems-hello");

    await bench.visit(other, `/start?system=system:${own.split("/").at(-1)}`);
    await other.selectOption("select[name=protocol]", "small");
    await other.click("button[value=look]");
    await other.waitForSelector("h2");
    await bench.judge(other, "systems-look");
    await other.click("form:has(.picks) button[value=start]");
    await other.waitForURL(/\/runs\//);
    await other.waitForSelector("form[action$='/answer']");
    await bench.judge(other, "systems-run");
    await bench.visit(page, own);
    check((await page.locator("main a[href^='/runs/']").count()) === 2, "its runs are not listed");
  } finally {
    system.closeAllConnections();
    await new Promise((done) => system.close(done));
  }
}
