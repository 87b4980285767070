// How long it takes until N browsers that watch one board all have the new one, and what the server uses for it. A
// benchmark, not a test: it prints, in one run, the times of 1 and of 200 and their ratio.
// usage: TEST_BIN=build TEST_ROOT=. node harness/tests/browser/watch.mjs [N]
import http from "node:http";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Bench } from "./bench.mjs";

const TICKS = 100; // of a processor's clock in a second (sysconf(_SC_CLK_TCK) on Linux)
const agent = new http.Agent({ keepAlive: true, maxSockets: 1000 });
const get = (url) => new Promise((done, failed) => {
  http.get(url, { agent }, (answer) => {
    const parts = [];
    answer.on("data", (d) => parts.push(d));
    answer.on("end", () => done(Buffer.concat(parts).toString()));
  }).on("error", failed);
});
const used = (pid) => { const f = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" "); return (Number(f[11]) + Number(f[12])) / TICKS; };

const bench = new Bench();
await bench.open();
const begin = () => bench.command("run", join(bench.data, "protocols/acknowledgement/2.0/receive.yaml"), "--by-hand", "--vendor", join(bench.data, "vendors/reference/refvendor.yaml"), "--store", bench.store);

// Each waits for a change and then asks for the board, as the page's script does; gives how long that took from the change.
async function watch(n) {
  let changed = 0;
  const told = Array.from({ length: n }, async () => {
    const said = await get(bench.url + "/events");
    const board = await get(bench.url + "/board?part=1");
    if (!said.includes("changed") || !board.includes("board")) throw new Error("nothing was told");
    return performance.now() - changed;
  });
  await new Promise((done) => setTimeout(done, 500));
  const cpu = used(bench.server.pid);
  changed = performance.now();
  await begin();
  const times = (await Promise.all(told)).sort((a, b) => a - b);
  return { n, first: times[0], last: times[n - 1], cpu: used(bench.server.pid) - cpu };
}

await begin();
const one = await watch(1), many = await watch(Number(process.argv[2] || 200));
for (const r of [one, many]) console.log(`${r.n} browsers: first after ${r.first.toFixed(0)} ms, last after ${r.last.toFixed(0)} ms, server ${(r.cpu * 1000).toFixed(0)} ms of processor`);
console.log(`ratio of the last: ${(many.last / one.last).toFixed(2)}`);
agent.destroy();
await bench.close();
