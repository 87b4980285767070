// The first page is there at once.
import { check, FIRST_MS } from "../bench.mjs";

export const alone = true;

export default async function (bench) {
  const page = await bench.page(), times = [];
  for (let i = 0; i < 5; i++) {
    await bench.visit(page, "/");
    times.push(await page.evaluate(() => performance.getEntriesByType("navigation")[0].responseEnd));
  }
  times.sort((a, b) => a - b);
  check(times[2] < FIRST_MS, `the first page takes ${times[2]} ms`);
}
