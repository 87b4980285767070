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
    // Nothing was written: each field says so in the language of the page, and nothing turns into YAML.
    const missing = { en: "This is missing.", da: "Dette mangler." }, fault = { en: "be made unable to take messages", da: "gøres ude af stand til at modtage" };
    for (const p of [page, other]) {
      const lang = await p.evaluate(() => document.documentElement.lang);
      await p.click("form[action='/systems/form'] button[value=save]");
      await p.waitForSelector(".wrong");
      check((await p.locator(".wrong").allTextContents()).every((t) => t === missing[lang]), "a field says something else");
      check(await p.evaluate(() => document.activeElement.name) === "system", "the first wrong field has not the focus");
      check(await p.locator("textarea.code").count() === 0, "the form turned into a file");
      check((await p.textContent("form[action='/systems/form']")).includes(fault[lang]), "a capability is not told what it means");
      await bench.judge(p, "systems-empty");
    }

    await fill(page, { system: 'Journal "<b>8</b>"', version: "1.0", type: "EHR", contact: "Vic", email: "vic@example.org", gln: "5790009998014",
      sor: "9998011000016003", organisation: "Clinic Ærø", address: `http://127.0.0.1:${system.address().port}/in`, persons: "2512489996 Nanna, X" });
    await page.locator("input[name=claim][value^='CareCommunication|5.0|receiver']").check();
    await page.locator("input[name=capability][value=reply]").check();
    await page.locator("input[name=capability][value=user-interface]").check();
    await page.click("form[action='/systems/form'] button[value=save]");

    // One digit of the GLN is wrong, and a comma is missing: each is told at its place, and all that was written stays.
    await page.waitForSelector("#wrong-gln");
    check(await page.evaluate(() => document.activeElement.name) === "gln", "the GLN has not the focus");
    check((await page.textContent("#wrong-persons")).includes('"2512489996 Nanna"'), "the line is not told");
    check(await page.inputValue("[name=organisation]") === "Clinic Ærø" && await page.inputValue("[name=system]") === 'Journal "<b>8</b>"', "what was written is gone");
    check(await page.isChecked("input[name=capability][value=reply]") && await page.isChecked("input[name=claim][value^='CareCommunication|5.0|receiver']"),
      "what was ticked is gone");
    await bench.judge(page, "systems-mistake");
    await fill(page, { gln: "5790009998013", persons: "2512489996, Nanna, Testperson" });

    // The file may be seen first; a mistake made there is shown in its line.
    await page.click("form[action='/systems/form'] button[value=look]");
    await page.waitForSelector("textarea.code");
    const file = await page.inputValue("textarea.code");
    check(file.includes("Clinic Ærø") && file.includes('Journal \\"<b>8</b>\\"'), "what was written is not in the file");
    await page.fill("textarea.code", file.replace("5790009998013", "5790009998014"));
    await page.click("form[action='/systems'] button.main");
    await page.waitForSelector(".notice.error");
    const line = await page.evaluate(() => {
      const area = document.activeElement, at = area.value.slice(0, area.selectionStart).split("\n").length;
      const y = (area.scrollHeight / area.value.split("\n").length) * (at - 1) - area.scrollTop;
      return [area.value.slice(area.selectionStart, area.selectionEnd), y > 0 && y < area.clientHeight];
    });
    check(line[0].includes("5790009998014") && line[1], `the line of the mistake is not chosen and in sight: ${line}`);
    await bench.judge(page, "systems-line");
    await page.fill("textarea.code", file);
    await page.click("form[action='/systems'] button.main");
    await page.waitForURL(/systems\/\d+$/);
    const own = new URL(page.url()).pathname;
    check((await page.textContent("h1")).includes('Journal "<b>8</b>" 1.0'), "the name is not shown as it was written");
    await bench.judge(page, "systems-own");
    await bench.visit(other, own);
    await bench.judge(other, "systems-own");

    await page.click(`form[action='${own}/hello'] button`);
    await page.waitForURL(/\/runs\//);
    await page.waitForSelector("table.exchanges");
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
    check((await page.locator("main ul a[href^='/runs/']").count()) === 2, "its runs are not listed");
    check((await page.locator("table.addresses a[href^='/runs/']").count()) === 1, "the open one is not told with its address");
    await bench.judge(page, "systems-open");
    await bench.visit(other, own);
    await bench.judge(other, "systems-open");
  } finally {
    system.closeAllConnections();
    await new Promise((done) => system.close(done));
  }
}
