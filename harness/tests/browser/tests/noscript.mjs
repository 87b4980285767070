// Without JavaScript: a run from its start to the report and the hand-over, and its review; only what is live is missing.
import { BOTH, SHOW_IT, check } from "../bench.mjs";

export const variants = BOTH;

export default async function (bench) {
  bench.protocol("small", SHOW_IT);
  await bench.account("mia", "medcom");
  await bench.account("vic", "vendor", "Acme A/S");
  const vendor = await bench.page({ ...bench.variant, javaScriptEnabled: false }), medcom = await bench.page({ ...bench.other, javaScriptEnabled: false });
  for (const [page, name] of [[vendor, "vic"], [medcom, "mia"]]) {
    await bench.login(page, name);
    await page.waitForURL(bench.url + "/");
  }
  await bench.visit(vendor, "/systems/new");
  await vendor.fill("textarea.code", bench.vendorFile("Acme A/S"));
  await bench.sent(vendor, () => vendor.click("form[action='/systems'] button.main"));
  await bench.visit(vendor, "/start?system=system:1");
  await vendor.selectOption("select[name=protocol]", "small");
  await bench.sent(vendor, () => vendor.click("button[value=look]"));
  await bench.judge(vendor, "noscript-look");
  await bench.sent(vendor, () => vendor.click("button[value=start]"));
  const run = new URL(vendor.url()).pathname;
  for (let i = 0; i < 20 && !(await vendor.locator(".waits textarea").count()); i++) await bench.visit(vendor, run);
  await vendor.fill(".waits textarea", "Det står der: æøå");
  await vendor.setInputFiles(".waits input[type=file]", { name: "skærm.png", mimeType: "image/png", buffer: Buffer.from("iVBORw0KGgo=", "base64") });
  await bench.judge(vendor, "noscript-run");
  await bench.sent(vendor, () => vendor.click(".waits button[value=ok]"));
  check((await vendor.textContent("main")).includes("Det står der: æøå") && (await vendor.locator("a[href*='/evidence/']").count()) === 1, "the answer is not there");
  await bench.visit(vendor, run + "/handover");
  await vendor.fill("form[action$='/submit'] textarea", "Klar");
  await bench.sent(vendor, () => vendor.click("form[action$='/submit'] button.main"));
  check((await vendor.request.get(`${bench.url}${run}/report/pdf`)).ok(), "no report");

  await bench.visit(medcom, "/review");
  await bench.sent(medcom, () => medcom.click("a[href^='/review/']"));
  await bench.judge(medcom, "noscript-review");
  await bench.sent(medcom, () => medcom.click("form[action$='/decide'] button[value=signed]"));
  check((await medcom.locator(".notice.error").count()) === 0, "it is not signed off");
  await bench.visit(medcom, "/board");
  await bench.judge(medcom, "noscript-board");
  await bench.sent(medcom, () => medcom.click("form[action='/language'] button"));
  check((await medcom.locator("html").getAttribute("lang")) !== medcom.lang, "the language is not changed");
}
