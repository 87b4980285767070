// A vendor hands in its run, MedCom notes and gives it back, the vendor hands it in again, MedCom signs it off; who looks
// with an older page is told.
import { BOTH, SHOW_IT, check } from "../bench.mjs";

export const variants = BOTH;

async function played(bench, vendor) {
  await bench.visit(vendor, "/systems/new");
  await vendor.fill("textarea.code", bench.vendorFile("Acme A/S"));
  await vendor.click("form[action='/systems'] button.main");
  await vendor.waitForURL(/systems\/1/);
  await bench.visit(vendor, "/start?system=system:1");
  await vendor.selectOption("select[name=protocol]", "small");
  await vendor.click("button[value=start]");
  await vendor.waitForURL(/\/runs\//);
  const run = new URL(vendor.url()).pathname.split("/").at(-1);
  await vendor.waitForSelector("form[action$='/answer']");
  await vendor.fill("form[action$='/answer'] textarea", "Brevet står der");
  await vendor.click("form[action$='/answer'] button[value=ok]");
  await vendor.waitForURL(/case=/);
  return run;
}

async function submit(bench, vendor, run, text) {
  await bench.visit(vendor, `/runs/${run}/handover`);
  await vendor.fill("form[action$='/submit'] textarea", text);
  await vendor.click("form[action$='/submit'] button.main");
  await vendor.waitForSelector(".notice");
}

const decide = async (page, what, text) => {
  await page.fill("form[action$='/decide'] textarea", text);
  await Promise.all([page.waitForEvent("domcontentloaded"), page.click(`form[action$='/decide'] button[value=${what}]`)]);
};

export default async function (bench) {
  bench.protocol("small", SHOW_IT);
  await bench.account("mia", "medcom");
  await bench.account("mads", "medcom");
  await bench.account("vic", "vendor", "Acme A/S");
  const vendor = await bench.page(bench.other), page = await bench.page(), other = await bench.page(bench.other);
  for (const [p, name] of [[vendor, "vic"], [page, "mia"], [other, "mads"]]) {
    await bench.login(p, name);
    await p.waitForURL(bench.url + "/");
  }
  const run = await played(bench, vendor);
  await bench.visit(vendor, `/runs/${run}/handover`);
  await bench.judge(vendor, "review-handover");
  await submit(bench, vendor, run, "Klar <i>nu</i>");
  check((await vendor.textContent(".notice")).includes(vendor.say("Handed in", "Indsendt")), "nobody says that it is handed in");

  await bench.visit(page, "/review");
  await bench.judge(page, "review-queue");
  await page.click(`a[href='/review/${run}']`);
  await page.waitForSelector("form[action$='/decide']");
  check((await page.textContent("main")).includes("Klar <i>nu</i>"), "the vendor's words are not there as they were written");
  await bench.visit(other, `/review/${run}`);
  await bench.unfold(page, "form[action$='/judge']");
  await page.fill("form[action$='/judge'] textarea", "The date is missing");
  await bench.judge(page, "review-note");
  await Promise.all([page.waitForEvent("domcontentloaded"), page.click("form[action$='/judge'] button.main")]);
  check((await page.textContent("table.steps")).includes("The date is missing"), "the note is gone");

  // A revision, with the vendor's beside it; a colleague who saw the step before it is told, and keeps the text.
  const judge = async (p, verdict, why) => {
    const form = p.locator("form[action$='/judge']").first();
    if (!(await form.isVisible())) await p.locator("details:has(form[action$='/judge']) > summary").first().click();
    await form.locator("select[name=verdict]").selectOption(verdict);
    await form.locator("textarea").fill(why);
    await Promise.all([p.waitForEvent("domcontentloaded"), form.locator("button.main").click()]);
  };
  const third = await bench.page({ lang: "da", width: "phone", scheme: "dark" });
  await bench.login(third, "mads");
  await third.waitForURL(bench.url + "/");
  await bench.visit(third, `/review/${run}`);
  await judge(page, "inconclusive", "The screenshot shows another name");
  check((await page.textContent("table.steps")).includes("The screenshot shows another name"), "the revision is gone");
  await bench.judge(page, "review-revised");
  await judge(third, "fail", "Navnet er forkert");
  check((await third.textContent(".notice.error")).includes("The screenshot shows another name"), "the later one is not told of the verdict");
  check((await third.locator("form[action$='/judge'] textarea").first().inputValue()) === "Navnet er forkert", "the later one's text is gone");
  await bench.judge(third, "review-revised-third");
  await judge(third, "pass", "Navnet er rettet");
  await bench.visit(vendor, `/runs/${run}?case=3.1`);
  check((await vendor.textContent("main")).includes("The screenshot shows another name"), "the vendor does not see the revision");
  await bench.judge(vendor, "review-revised-vendor");

  // The colleague's page is older.
  await decide(other, "signed", "Ser fint ud");
  const told = await other.textContent(".notice.error");
  check(told.includes("MAD") && told.includes("Navnet er rettet"), "the later one is told " + told);
  check((await other.inputValue("form[action$='/decide'] textarea")) === "Ser fint ud", "the later one's text is gone");
  await bench.judge(other, "review-later");

  await decide(page, "returned", "");
  check((await page.locator(".notice.error").count()) === 1, "it is given back without a word");
  await decide(page, "returned", "Show the date, please");
  check((await page.locator(".notice.error").count()) === 0, "it is not given back: " + (await page.locator(".notice").allTextContents()));
  await bench.visit(vendor, `/runs/${run}/handover`);
  const said = await vendor.textContent("main");
  check(said.includes("Show the date, please"), "the vendor does not read why");
  check(!said.includes("The date is missing"), "the vendor reads MedCom's own note");
  await bench.judge(vendor, "review-returned");
  await submit(bench, vendor, run, "Datoen er der nu");
  await bench.visit(page, `/review/${run}`);
  await decide(page, "signed", "Good");
  check((await page.textContent("main")).includes(page.say("signed off", "underskrevet")), "it is not signed off");
  await bench.judge(page, "review-signed");
  await bench.visit(vendor, `/runs/${run}/handover`);
  check((await vendor.locator("form[action$='/submit']").count()) === 0, "it can be handed in once more");
}
