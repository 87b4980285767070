// Runs tests/*.mjs, or those named: each with a server of its own, each variant that it exports for itself, two at a time,
// and those that measure time alone behind the others. Ends with 1 if one failed.
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Bench, launch } from "./bench.mjs";

const AT_ONCE = 2, LIMIT_MS = 400000; // under what ctest gives to all variants of a test
const here = dirname(fileURLToPath(import.meta.url));
const names = process.argv.length > 2 ? process.argv.slice(2) : readdirSync(join(here, "tests")).filter((n) => n.endsWith(".mjs")).map((n) => n.slice(0, -4));
const browser = await launch();
let passed = 0, failed = 0;

async function play({ test, name, variant }) {
  const bench = new Bench();
  const from = Date.now(), full = variant ? `${name} ${variant.lang} ${variant.width}` : name;
  try {
    await bench.open({ browser, variant });
    let timer;
    const late = new Promise((_, failed) => { timer = setTimeout(() => failed(new Error(`it takes more than ${LIMIT_MS / 1000} seconds`)), LIMIT_MS); });
    await Promise.race([test(bench), late]).finally(() => clearTimeout(timer));
    passed++;
    console.log(`ok    ${full} (${Date.now() - from} ms)`);
  } catch (e) {
    failed++;
    console.log(`FAIL  ${full}: ${e.stack}`);
  } finally {
    await bench.close();
  }
}

async function playAll(tasks) {
  for (let task; (task = tasks.shift());) await play(task);
}

const together = [], alone = [];
for (const name of names.sort()) {
  const test = await import(join(here, "tests", name + ".mjs"));
  for (const variant of test.variants || [undefined]) (test.alone ? alone : together).push({ test: test.default, name, variant });
}
await Promise.all(Array.from({ length: AT_ONCE }, () => playAll(together)));
await playAll(alone);
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
