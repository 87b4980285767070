// A message is dropped and checked without a run, its findings gone through by the keyboard alone; two are compared.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { check } from "../bench.mjs";

const EXAMPLE = readFileSync(join(process.env.TEST_ROOT, "fixtures/examples/reply.json"), "utf8");
const OTHER = EXAMPLE.replace("5790000209354", "5790000000000");
const at = (page) => page.evaluate(() => [document.activeElement.id, document.querySelector(".line.here")?.id || ""]);

async function drop(page, zone, name, text) {
  const data = await page.evaluateHandle(([n, t]) => {
    const d = new DataTransfer();
    d.items.add(new File([t], n));
    return d;
  }, [name, text]);
  await page.locator("[data-drop]").nth(zone).dispatchEvent("drop", { dataTransfer: data });
}

export default async function (bench) {
  for (const width of ["desktop", "phone"]) {
    const page = await bench.page({ width, lang: width === "phone" ? "da" : "en" });
    await bench.visit(page, "/check");
    await drop(page, 0, "dropped.json", OTHER);
    await page.locator("main form button.main").click();
    await page.waitForSelector(".finding");
    await bench.judge(page, `check-found-${width}`);
    const lines = await page.locator(".finding").count();
    check(lines > 4, `${lines} findings`);
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("n");
    const first = await at(page);
    check(first[0] === "f1" && first[1] === "L54", `n goes to ${first}`);
    await page.keyboard.press("n");
    await page.keyboard.press("n");
    check((await at(page))[0] === "f3", "n goes on");
    await page.keyboard.press("p");
    const second = await at(page);
    check(second[0] === "f2", `p goes back, to ${second}`);
    const seen = await page.evaluate(() => [document.activeElement, document.querySelector(".line.here")].every((e) => {
      const r = e.getBoundingClientRect();
      return r.top >= 0 && r.bottom <= innerHeight;
    }));
    check(seen, "the finding and its line are both in sight");
    await page.locator("textarea[name=text]").focus();
    await page.keyboard.type("n");
    check((await page.locator("textarea[name=text]").inputValue()).endsWith("n"), "who writes an n gets an n");

    await bench.visit(page, "/check/diff");
    await page.locator("textarea[name=expected]").fill(EXAMPLE);
    await page.locator("textarea[name=actual]").fill(OTHER);
    await page.locator("main form button.main").click();
    await page.waitForSelector(".finding");
    await bench.judge(page, `diff-found-${width}`);
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("n");
    const both = await page.evaluate(() => [...document.querySelectorAll(".line.here")].map((l) => l.id).join());
    check(both === "E54,A54", `n shows both sides: ${both}`);
    await page.context().close();
  }
}
