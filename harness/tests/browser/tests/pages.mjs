// Every page without a run, in both languages, at both widths, in light and dark: right for keyboard and screen reader, not
// wider than the window, and light.
import { check } from "../bench.mjs";

export const PAGES = ["/", "/start", "/board", "/board?big=1", "/camps", "/campaigns", "/approved", "/protocols", "/check", "/check/diff", "/check/convert", "/check/fhirpath", "/check/bundle", "/check/protocol", "/check/import", "/check/regress", "/check/certificates", "/check/register", "/check/coverage", "/check/coverage?protocol=carecommunication-5.0-receive", "/check/coverage/requirements", "/check/coverage/fidelity", "/people", "/review", "/courses", "/systems",
  "/help", "/explain", "/explain?q=gln", "/explain/header.party.gln", "/explain/vans.size-in-bytes", "/nothing"];

export const variants = ["en", "da"].flatMap((lang) => ["phone", "desktop"].map((width) => ({ lang, width, scheme: lang === "da" ? "dark" : "light" })));

export default async function (bench) {
  const page = await bench.page();
  for (const path of PAGES) {
    const answer = await bench.visit(page, path);
    check(answer.status() === (path === "/nothing" ? 404 : 200), `${path}: ${answer.status()}`);
    check((await page.locator("h1").count()) === 1, `${path} has not one h1`);
    await bench.judge(page, `page-${path.replace(/[^a-z0-9]+/g, "-")}`);
  }
  // The longest word of a protocol's title is cut on a phone, not the page.
  await page.evaluate(() => { document.querySelector("h1").textContent = "Udskrivningskorrespondancemeddelelser"; });
  await bench.judge(page, "page-long");
  // The keyboard alone: the first stop skips to the content.
  await bench.visit(page, "/");
  await page.keyboard.press("Tab");
  check((await page.evaluate(() => document.activeElement.className)) === "skip", "the first stop is not the skip link");
  await page.keyboard.press("Enter");
  check((await page.evaluate(() => location.hash)) === "#main", "the skip link goes nowhere");
}
