// People: the first account by command, logins that fit and do not, an invitation, what a vendor sees, and a session that
// ends while somebody writes.
import { SHOW_IT, check, passwordOf } from "../bench.mjs";

async function invite(bench, medcom) {
  await bench.visit(medcom, "/people");
  await medcom.click("summary:has-text('New organisation')");
  await medcom.fill("input[name=email]", "otto@example.org");
  await medcom.locator("form[action='/people'] input[name=name]").fill("Acme A/S");
  await medcom.click("form[action='/people'] button.main");
  await medcom.click("summary:has-text('Invite somebody')");
  await medcom.fill("input[name=name]", "vic");
  await medcom.fill("input[name=full-name]", "Vic <b>Vendor</b>");
  await medcom.fill("input[name=initials]", "VIC");
  await bench.judge(medcom, "accounts-organisation-en-desktop");
  await medcom.click("form[action='/accounts'] button.main");
  await medcom.waitForSelector("pre");
  await bench.judge(medcom, "accounts-invitation-en-desktop");
  return new URL((await medcom.textContent("pre")).trim()).pathname;
}

async function choosePassword(bench, vendor, link) {
  await bench.visit(vendor, link);
  await vendor.fill("input[name=password]", passwordOf("vic"));
  await vendor.fill("input[name=again]", "something else again");
  await vendor.click("main button.main");
  await vendor.waitForSelector(".notice.error");
  await bench.judge(vendor, "accounts-password-da-phone");
  await vendor.fill("input[name=password]", passwordOf("vic"));
  await vendor.fill("input[name=again]", passwordOf("vic"));
  await vendor.click("main button.main");
  await vendor.waitForURL(/login/);
  check((await vendor.textContent(".notice")).includes("gemt"), "nobody says that it is kept");
  check((await bench.visit(vendor, link)).status() === 404, "the link works twice");
}

// The vendor's own system and a run of it that asks.
async function begin(bench, vendor) {
  await bench.visit(vendor, "/systems/new");
  await vendor.fill("textarea.code", bench.vendorFile("Acme A/S"));
  await vendor.click("form[action='/systems'] button.main");
  await vendor.waitForURL(/systems\/1/);
  await bench.visit(vendor, "/start?system=system:1");
  await vendor.selectOption("select[name=protocol]", "small");
  await vendor.click("button[value=start]");
  await vendor.waitForURL(/\/runs\//);
  return new URL(vendor.url()).pathname;
}

export default async function (bench) {
  bench.protocol("small", SHOW_IT);
  await bench.account("mia", "medcom");
  const medcom = await bench.page();
  await bench.visit(medcom, "/people");
  check(medcom.url().endsWith("/login"), "nobody asks for a login");
  await bench.login(medcom, "mia", "not that one at all");
  await medcom.waitForSelector(".notice.error");
  check((await medcom.textContent(".notice.error")).includes("do not go together"), "a wrong password is not told");
  await bench.judge(medcom, "accounts-login-en-desktop");
  await bench.login(medcom, "mia");
  await medcom.waitForURL(bench.url + "/");

  const link = await invite(bench, medcom);
  const vendor = await bench.page({ lang: "da", width: "phone", scheme: "dark" });
  await choosePassword(bench, vendor, link);
  await bench.login(vendor, "vic");
  await vendor.waitForURL(bench.url + "/");
  check((await vendor.locator("a[href='/people'], a[href='/review']").count()) === 0, "a vendor is shown what is MedCom's");
  for (const path of ["/people", "/review", "/people/1"]) check((await bench.visit(vendor, path)).status() === 404, `a vendor sees ${path}`);
  const run = await begin(bench, vendor);

  // The session ends while somebody writes: they log in elsewhere, and send what they wrote.
  await vendor.waitForSelector("form[action$='/answer'] textarea");
  await vendor.fill("form[action$='/answer'] textarea", "Brevet stod der: æøå");
  const cookies = vendor.context();
  const session = (await cookies.cookies()).find((c) => !["lang", "by", "notice"].includes(c.name)).name;
  await cookies.clearCookies({ name: session });
  await vendor.click("form[action$='/answer'] button[value=ok]");
  await vendor.waitForSelector(".notice.error");
  check((await vendor.textContent("h1")).includes("ikke længere logget ind"), "nobody says why it is refused");
  await bench.judge(vendor, "accounts-expired-da-phone");
  const [other] = await Promise.all([cookies.waitForEvent("page"), vendor.click("main a[target=_blank]")]);
  await other.fill("input[name=name]", "vic");
  await other.fill("input[name=password]", passwordOf("vic"));
  await other.click("main form button.main");
  await other.waitForURL(bench.url + "/");
  await vendor.goBack();
  await vendor.waitForSelector("form[action$='/answer'] textarea");
  check((await vendor.inputValue("form[action$='/answer'] textarea")) === "Brevet stod der: æøå", "what was written is gone");
  await vendor.click("form[action$='/answer'] button[value=ok]");
  await vendor.waitForURL(/case=/);
  check((await vendor.textContent("main")).includes("Brevet stod der: æøå"), "it was not taken: " + (await vendor.textContent("main")).slice(0, 300));

  await vendor.click("form[action='/logout'] button");
  await vendor.waitForURL(/login/);
  await bench.visit(vendor, run);
  check(vendor.url().endsWith("/login"), "who has logged out still sees the run");
}
