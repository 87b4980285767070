// Runs tests/*.mjs, or those named, one after the other; each gets a server of its own. Ends with 1 if one failed.
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Bench } from "./bench.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const names = process.argv.length > 2 ? process.argv.slice(2) : readdirSync(join(here, "tests")).filter((n) => n.endsWith(".mjs")).map((n) => n.slice(0, -4));
let failed = 0;
for (const name of names.sort()) {
  const { default: test } = await import(join(here, "tests", name + ".mjs"));
  const bench = new Bench();
  const from = Date.now();
  try {
    await bench.open();
    await test(bench);
    console.log(`ok    ${name} (${Date.now() - from} ms)`);
  } catch (e) {
    failed++;
    console.log(`FAIL  ${name}: ${e.stack}`);
  } finally {
    await bench.close();
  }
}
console.log(`${names.length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
