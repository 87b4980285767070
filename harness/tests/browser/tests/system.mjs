// The page of a system: what it can be tested by, its certificates, and a test of a few cases.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check } from "../bench.mjs";

const VIEWS = [{ lang: "en" }, { lang: "da", width: "phone", scheme: "dark" }, { lang: "da", scheme: "dark" }, { lang: "en", width: "phone" }];

// What a person does with a file and the mouse.
async function drop(page, file) {
  const text = readFileSync(file, "utf8");
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "client.pem"));
    document.querySelector("form[action$='/certificates'] [data-drop]").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
  }, text);
}

async function handIn(page, file) {
  await page.locator("summary:has-text('certifi')").last().click();
  await drop(page, file);
  await page.click("form[action$='/certificates'] button.main");
  await page.waitForLoadState("load");
}

export default async function (bench) {
  await bench.account("vic", "vendor", "Acme A/S");
  const tls = join(bench.folder, "tls"), file = join(bench.folder, "v.yaml");
  const made = await bench.command("certs", tls, "--client", "mine", "--client", "other");
  check(made.code === 0, made.err);
  writeFileSync(file, bench.vendorFile("Acme A/S").replace(/^claims:[^]*?^capabilities:/m,
    'claims:\n  - standard: CareCommunication\n    version: "5.0"\n    roles: [sender, receiver]\ncapabilities:'));
  const pages = [];
  for (const view of VIEWS) {
    const page = await bench.page(view);
    page.called = `${view.lang}-${view.width || "desktop"}${view.scheme ? "-dark" : ""}`;
    await bench.login(page, "vic");
    await page.waitForURL(bench.url + "/");
    pages.push(page);
  }
  const [page] = pages;
  await bench.visit(page, "/systems/new");
  await page.fill("textarea.code", readFileSync(file, "utf8"));
  await page.click("form[action='/systems'] button.main");
  await page.waitForURL(/systems\/\d+$/);

  await handIn(page, join(tls, "client-mine.key"));
  check((await page.textContent(".notice.error")).includes("private key"), "a key is taken");
  await bench.judge(page, "system-key-refused-en-desktop");
  await handIn(page, join(tls, "client-mine.pem"));
  check((await page.textContent(".certificates")).includes("CN=mine"), "the certificate is not shown");
  await handIn(page, join(tls, "client-other.pem"));
  check((await page.locator(".certificates tbody tr").count()) === 2, "the second is not beside the first");

  for (const p of pages) {
    await bench.visit(p, "/systems/1");
    await p.waitForSelector("table.protocols");
    await p.locator("table.protocols details summary").first().click();
    await p.locator("summary:has-text('certifi')").last().click();
    await bench.judge(p, `system-${p.called}`);
    await bench.visit(p, "/start?protocol=carecommunication-5.0-send&system=system:1");
    await p.click("button[value=look]");
    await p.waitForSelector(".picks");
    await bench.judge(p, `system-cases-${p.called}`);
  }
  await bench.visit(page, "/systems/1");
  await page.locator("table.certificates tbody tr:nth-child(2) button").click();
  await page.waitForLoadState("load");
  check((await page.locator(".certificates tbody tr").count()) === 1, "it is not removed");

  // By keyboard alone: all cases off but the first, and started.
  await bench.visit(page, "/start?protocol=carecommunication-5.0-send&system=system:1");
  await page.click("button[value=look]");
  await page.waitForSelector(".picks");
  for (const box of (await page.locator(".picks input[name=case]").all()).slice(1)) {
    await box.focus();
    await page.keyboard.press("Space");
  }
  check((await page.locator(".picks input[name=case]:checked").count()) === 1, "cases are not unticked");
  await page.click("form:has(.picks) button.main");
  await page.waitForURL(/\/runs\//);
  check((await page.textContent("main")).includes("not chosen"), "the run tests cases that were not chosen");
}
