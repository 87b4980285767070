// Every page without a run, in both languages, at both widths, in light and dark: right for keyboard and screen reader, not
// wider than the window, light, and quick.
import { check, FIRST_MS } from "../bench.mjs";

export const PAGES = ["/", "/start", "/board", "/board?big=1", "/camps", "/campaigns", "/approved", "/protocols", "/check", "/check/diff", "/check/convert", "/check/fhirpath", "/check/bundle", "/check/protocol", "/check/register", "/people", "/review", "/courses", "/systems",
  "/explain", "/explain?q=gln", "/explain/header.party.gln", "/explain/vans.size-in-bytes", "/nothing"];

export default async function (bench) {
  for (const lang of ["en", "da"])
    for (const width of ["phone", "desktop"]) {
      const page = await bench.page({ lang, width, scheme: lang === "da" ? "dark" : "light" });
      for (const path of PAGES) {
        const answer = await bench.visit(page, path);
        check(answer.status() === (path === "/nothing" ? 404 : 200), `${path}: ${answer.status()}`);
        check((await page.locator("html").getAttribute("lang")) === lang, `${path} is not in ${lang}`);
        check((await page.locator("h1").count()) === 1, `${path} has not one h1`);
        await bench.judge(page, `page-${path.replace(/[^a-z0-9]+/g, "-")}-${lang}-${width}`);
      }
      await page.context().close();
    }
  const page = await bench.page();
  await bench.visit(page, "/");
  const times = [];
  for (let i = 0; i < 5; i++) {
    await bench.visit(page, "/");
    times.push(await page.evaluate(() => performance.getEntriesByType("navigation")[0].responseEnd));
  }
  times.sort((a, b) => a - b);
  check(times[2] < FIRST_MS, `the first page takes ${times[2]} ms`);
  // The keyboard alone: the first stop skips to the content.
  await page.keyboard.press("Tab");
  check((await page.evaluate(() => document.activeElement.className)) === "skip", "the first stop is not the skip link");
  await page.keyboard.press("Enter");
  check((await page.evaluate(() => location.hash)) === "#main", "the skip link goes nowhere");
}
