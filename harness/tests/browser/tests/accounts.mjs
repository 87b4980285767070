// People: the first account by command, logins that fit and do not, an invitation, what a vendor sees, and a session that
// ends while somebody writes.
import { BOTH, SHOW_IT, check, passwordOf } from "../bench.mjs";

export const variants = BOTH;

async function invite(bench, medcom) {
  await bench.visit(medcom, "/people");
  await bench.unfold(medcom, "form[action='/people']");
  await medcom.fill("input[name=email]", "otto@example.org");
  await medcom.locator("form[action='/people'] input[name=name]").fill("Acme A/S");
  await medcom.click("form[action='/people'] button.main");
  await bench.judge(medcom, "accounts-organisation-new");
  await bench.unfold(medcom, "form[action='/accounts']");
  await medcom.fill("input[name=name]", "vic");
  await medcom.fill("input[name=full-name]", "Vic <b>Vendor</b>");
  await medcom.fill("input[name=initials]", "VIC");
  await bench.judge(medcom, "accounts-organisation");
  await medcom.click("form[action='/accounts'] button.main");
  await medcom.waitForSelector("pre");
  await bench.judge(medcom, "accounts-invitation");
  return new URL((await medcom.textContent("pre")).trim()).pathname;
}

async function choosePassword(bench, vendor, link) {
  await bench.visit(vendor, link);
  await vendor.fill("input[name=password]", passwordOf("vic"));
  await vendor.fill("input[name=again]", "something else again");
  await vendor.click("main button.main");
  await vendor.waitForSelector(".notice.error");
  await bench.judge(vendor, "accounts-password");
  await vendor.fill("input[name=password]", passwordOf("vic"));
  await vendor.fill("input[name=again]", passwordOf("vic"));
  await vendor.click("main button.main");
  await vendor.waitForURL(/login/);
  check((await vendor.textContent(".notice")).includes(vendor.say("saved", "gemt")), "nobody says that it is kept");
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

// A viewer sees how far the run is and what became of it; nothing of what was sent or answered, and nothing to press.
async function onlooker(bench, medcom, run) {
  await bench.account("vera", "viewer");
  await bench.visit(medcom, "/people");
  await bench.judge(medcom, "accounts-all");
  const viewer = await bench.page(medcom.width === "phone" ? bench.variant : bench.other);
  await bench.login(viewer, "vera");
  await viewer.waitForURL(bench.url + "/");
  await bench.judge(viewer, "accounts-viewer-runs");
  await bench.visit(viewer, run);
  check(!(await viewer.textContent("main")).includes("æøå") && (await viewer.locator("main form, main a[href*='/messages/']").count()) === 0, "a viewer sees or does too much");
  await bench.judge(viewer, "accounts-viewer-run");
  for (const path of ["/start", "/systems", "/people", "/check", run + "/report/html"]) check((await bench.visit(viewer, path)).status() === 404, `a viewer sees ${path}`);

  // Logged out elsewhere, a page that follows the run says that it does so no more, and shows nothing else in its place.
  await bench.visit(viewer, run);
  await viewer.context().clearCookies();
  const done = await bench.command("repeat", run.split("/").at(-1), "3.1.1", "--by", "VIC", "--why", "again", "--report", bench.folder, "--store", bench.store);
  check(done.code === 0 || done.code === 3, done.err);
  await viewer.waitForSelector("[role=status]:has-text('" + viewer.say("logged out", "logget ud") + "')");
  check((await viewer.locator("h1").count()) === 1 && (await viewer.locator("input[name=password]").count()) === 0, "the login stands in the page of the run");
  viewer.troubles = viewer.troubles.filter((t) => !/EventSource's response has a MIME type/.test(t)); // it is the login
  await bench.judge(viewer, "accounts-logged-out");
}

export default async function (bench) {
  bench.protocol("small", SHOW_IT);
  await bench.account("mia", "medcom");
  const medcom = await bench.page();
  await bench.visit(medcom, "/people");
  check(medcom.url().endsWith("/login"), "nobody asks for a login");
  await bench.login(medcom, "mia", "not that one at all");
  await medcom.waitForSelector(".notice.error");
  check((await medcom.textContent(".notice.error")).includes(medcom.say("do not go together", "passer ikke sammen")), "a wrong password is not told");
  await bench.judge(medcom, "accounts-login");
  await bench.login(medcom, "mia");
  await medcom.waitForURL(bench.url + "/");

  const link = await invite(bench, medcom);
  const vendor = await bench.page(bench.other);
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
  check((await vendor.textContent("h1")).includes(vendor.say("not logged in any more", "ikke længere logget ind")), "nobody says why it is refused");
  await bench.judge(vendor, "accounts-expired");
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

  await onlooker(bench, medcom, run);
  await vendor.click("form[action='/logout'] button");
  await vendor.waitForURL(/login/);
  await bench.visit(vendor, run);
  check(vendor.url().endsWith("/login"), "who has logged out still sees the run");
}
