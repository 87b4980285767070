// Measures serve and its console as a national test camp has them: thousands of runs in the store, browsers on the board,
// testers who click, vendors who send and are sent to, an upload and a PDF; then a kill, and what is left. It judges nothing
// but one thing: no message that was answered with 202, and none that a vendor got, may be gone. See README.md beside it.
// usage: node harness/tests/bench/console.mjs [BUILD]   RUNS=3000 SYSTEMS=60 OPEN=40 WATCHERS=200 TESTERS=20 VENDORS=10
//        SECONDS=20 CLICKS=2000 PROGRAM=testcamp (another one to be compared with) KEEP=FOLDER (of the store, to use again)
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const BUILD = resolve(process.argv[2] || join(ROOT, "build"));
const PROGRAM = process.env.PROGRAM || join(BUILD, "testcamp");
const BENCH = join(BUILD, "harness/tests/bench");
const number = (name, value) => Number(process.env[name] || value);
const RUNS = number("RUNS", 3000), SYSTEMS = number("SYSTEMS", 60), OPEN = number("OPEN", 40), CLICKS = number("CLICKS", 2000);
const WATCHERS = number("WATCHERS", 200), TESTERS = number("TESTERS", 20), VENDORS = number("VENDORS", 10), SECONDS = number("SECONDS", 20);
const STEPS = 60, UPLOAD = 60 << 20, TICK_MS = 10;

const work = mkdtempSync(join(tmpdir(), "testcamp-bench-"));
const store = join(work, "s.sqlite");
const env = { ...process.env, TESTCAMP_DATA: ROOT, XDG_CACHE_HOME: join(work, "cache"), TMPDIR: work };
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const testcamp = (...words) => {
  try {
    return execFileSync(PROGRAM, [...words, "--store", store], { cwd: work, env, stdio: ["ignore", "pipe", "ignore"] }).toString();
  } catch (e) {
    if (e.status === 1 || e.status === 3) return e.stdout.toString();
    throw e;
  }
};
const say = (what, ...values) => console.log([what, ...values].join("\t"));
function spread(what, took, more = "") {
  const v = took.sort((a, b) => a - b), at = (q) => (v.length ? v[Math.min(v.length - 1, Math.floor(v.length * q))].toFixed(1) : "-");
  say(what, `${v.length} of them`, `median ${at(0.5)} ms`, `99 of 100 ${at(0.99)} ms`, `most ${at(1)} ms`, more);
}

// ---- the store ----

const idOf = (out) => /\b(\d{8}-[0-9a-f]{8})\b/.exec(out)[1];
function makeStore() {
  const vendor = join(ROOT, "vendors/reference/refvendor.yaml"), of = (p) => join(ROOT, "protocols", p + ".yaml");
  const whole = ["carecommunication/5.0/receive", "carecommunication/5.0/send", "hospitalnotification/3.0/send"].map((p) =>
    idOf(testcamp("run", of(p), "--vendor", vendor, "--clock-scale", "200", "--quiet")));
  const aborted = ["acknowledgement/2.0/receive", "hospitalnotification/3.0/send"].map((p) => {
    const id = idOf(testcamp("run", of(p), "--by-hand", "--vendor", vendor, "--quiet"));
    testcamp("abort", id, "--by", "AB", "--why", "a bench");
    return id;
  });
  const shares = [[aborted[0], 0.4], [aborted[1], 0.29], [whole[0], 0.23], [whole[1], 0.07], [whole[2], 0.01]];
  return execFileSync(BENCH, ["copies", store, String(SYSTEMS), ...shares.flatMap(([id, part]) => [id, String(Math.round(RUNS * part))])], { env })
    .toString().trim().split("\n").concat(whole[2]);
}
function keptStore() {
  const kept = process.env.KEEP;
  if (kept && existsSync(join(kept, "ids"))) {
    for (const name of readdirSync(kept)) cpSync(join(kept, name), join(work, name), { recursive: true });
    return readFileSync(join(kept, "ids"), "utf8").trim().split("\n");
  }
  const ids = makeStore();
  writeFileSync(join(work, "ids"), ids.join("\n"));
  if (kept) {
    mkdirSync(kept, { recursive: true });
    for (const name of ["ids", "s.sqlite"]) copyFileSync(join(work, name), join(kept, name));
  }
  return ids;
}

// ---- the server ----

let server, console_, systems;
const agent = new http.Agent({ keepAlive: true, maxSockets: 2000 });
function ask(url, { method = "GET", body, type = "application/x-www-form-urlencoded", cookie } = {}) {
  const begun = performance.now();
  return new Promise((done, failed) => {
    const headers = { ...(body ? { "Content-Type": type, "Content-Length": Buffer.byteLength(body) } : {}), ...(cookie ? { Cookie: cookie } : {}) };
    const r = http.request(url, { method, agent, headers }, (answer) => {
      const parts = [];
      answer.on("data", (d) => parts.push(d));
      answer.on("end", () => done({ status: answer.statusCode, text: Buffer.concat(parts), ms: performance.now() - begun, cookies: answer.headers["set-cookie"] || [] }));
      answer.on("error", failed);
    });
    r.on("error", failed);
    r.end(body);
  });
}
const cpu = () => { const f = readFileSync(`/proc/${server.pid}/stat`, "utf8").split(") ")[1].split(" "); return (Number(f[11]) + Number(f[12])) * TICK_MS; };
const memory = () => Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))[1]) / 1024;
const descriptors = () => readdirSync(`/proc/${server.pid}/fd`).length;
async function serve() {
  const begun = performance.now();
  server = spawn(PROGRAM, ["serve", "--store", store, "--listen", systems || "127.0.0.1:0", "--console", console_ ? new URL(console_).host : "127.0.0.1:0",
    "--lang", "en", "--quiet"], { cwd: work, env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  await new Promise((done, failed) => {
    server.stderr.on("data", (d) => {
      said += d;
      const at = /console at (\S+)/.exec(said), runs = /serving \d+ runs at http:\/\/([^;\s]+)/.exec(said);
      if (at && runs) { console_ = at[1]; systems = runs[1]; done(); }
    });
    server.on("exit", () => failed(new Error("the server ended: " + said)));
  });
  const up = performance.now() - begun, used = cpu(), first = await ask(console_ + "/"), again = await ask(console_ + "/board");
  say("start", `listens after ${up.toFixed(0)} ms (processor ${used} ms)`, `first page ${first.ms.toFixed(0)} ms`, `board after it ${again.ms.toFixed(0)} ms`, `${memory().toFixed(0)} MB`);
}
async function end(signal) {
  server.removeAllListeners("exit");
  const gone = new Promise((done) => server.once("exit", done));
  server.kill(signal);
  await gone;
}

// Until it has read all runs and has nothing to do: less than a twentieth of a processor for a second.
async function quiet() {
  const begun = performance.now(), used = cpu();
  for (let before = -1000; cpu() - before > 50;) {
    before = cpu();
    await ask(console_ + "/");
    await sleep(1000);
  }
  say("all runs read", `after ${((performance.now() - begun) / 1000).toFixed(0)} s`, `processor ${cpu() - used} ms`);
}

// ---- the people ----

const gln = (n) => { const d = "579001" + String(n).padStart(6, "0"); const sum = [...d].reduce((s, c, i) => s + Number(c) * (i % 2 ? 3 : 1), 0); return d + ((10 - (sum % 10)) % 10); };
function openRuns() {
  const steps = Array.from({ length: STEPS }, (_, i) => `      - step: "1.${i + 1}"\n        expect: {event: care-communication-message, as: in${i}, early: true}\n      - validate: {on: in${i}, level: profile}\n      - send: {fixture: carecommunication/new.json, as: out${i}}\n`).join("");
  writeFileSync(join(work, "protocol.yaml"), `protocol: bench\ntitle: {en: Bench, da: Bench}\nstandard: {name: CareCommunication, danish: Korrespondancemeddelelse, version: "5.0", type: HL7 FHIR}\nversion: 0.1.0\nrole: sender\npackages: [medcom.fhir.dk.carecommunication@5.0.2]\nsections:\n  - id: "1"\n    title: {en: Messages, da: Meddelelser}\n    status: mandatory\n    steps:\n${steps}`);
  const reference = readFileSync(join(ROOT, "vendors/reference/refvendor.yaml"), "utf8").replace(/^launch[\s\S]*?\n\n/m, "").replace(/^trigger[\s\S]*?\n\n/m, "");
  return Array.from({ length: OPEN }, (_, i) => {
    const file = join(work, `vendor${i}.yaml`);
    writeFileSync(file, reference.replace("name: Reference vendor", `name: Open ${i}`).replace(/address: .*/, `address: "${sink}"`).replace("5790008888018", gln(i)) + "\ntrigger: {kind: person}\n");
    const [id, url] = /^(\d{8}-[0-9a-f]{8})\s.*\s(http\S+)$/m.exec(testcamp("run", join(work, "protocol.yaml"), "--vendor", file)).slice(1);
    return { id, url: `${url}/${id}` };
  });
}
const UUID = /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;
let sent = 0;
function message(template) {
  const move = (++sent * 2654435761) >>> 0;
  return template.replace(UUID, (u) => ((parseInt(u.slice(0, 8), 16) + move) >>> 0).toString(16).padStart(8, "0") + u.slice(8));
}

let going = true;
const told = new Map(); // run: messages that it was told are kept
// What the harness sent, by its bytes: it was taken, so it must be in the record of a run.
const got = new Set();
let sink;
const taker = http.createServer((r, answer) => {
  const hash = createHash("sha256");
  r.on("data", (d) => hash.update(d));
  r.on("end", () => { got.add(hash.digest("hex")); answer.writeHead(202).end(); });
  r.on("error", () => {});
});
async function vendor(open, template, took) {
  await sleep(Math.random() * 1000);
  for (let i = 0; going; i++) {
    const run = open[i % open.length], next = sleep(1000);
    const r = await ask(run.url, { method: "POST", body: message(template), type: "application/fhir+json" }).catch(() => null);
    if (r?.status === 202) took.push(r.ms), told.set(run.id, (told.get(run.id) || 0) + 1);
    else if (going) took.refused = (took.refused || 0) + 1;
    await next;
  }
}
async function watcher(took) {
  while (going) {
    const events = await ask(console_ + "/events").catch(() => null);
    const board = events && (await ask(console_ + "/board?part=1").catch(() => null));
    if (board) took.push(board.ms), took.bytes = board.text.length;
    else await sleep(100);
  }
}
function pages(ids, open) {
  const one = (list) => list[Math.floor(Math.random() * list.length)];
  return ["/", "/board", "/review", "/courses", "/systems", "/start", "/protocols", "/runs/" + one(ids), "/runs/" + one(open).id, "/review/" + one(ids)];
}
async function tester(ids, open, took, pause) {
  await sleep(Math.random() * pause);
  while (going) {
    for (const path of pages(ids, open).sort(() => Math.random() - 0.5)) {
      if (!going) return;
      const r = await ask(console_ + path).catch(() => null);
      if (!r) continue;
      const kind = path.replace(/\d{8}-.*/, open.some((o) => path.endsWith(o.id)) ? "*(open)" : "*");
      if (!took.has(kind)) took.set(kind, []);
      took.get(kind).push(r.ms);
      took.get(kind).bytes = Math.max(took.get(kind).bytes || 0, r.text.length);
      await sleep(pause);
    }
  }
}
// A form as a browser sends it: with the token of the page and the cookie that it came with.
async function form() {
  const r = await ask(console_ + "/start"), cookie = r.cookies.map((c) => c.split(";")[0]).join("; ");
  return { cookie, csrf: /name="csrf" value="([0-9a-f]+)"/.exec((await ask(console_ + "/check", { cookie })).text)[1] };
}
async function commands(open, took) {
  const f = await form();
  for (let i = 0; going; i++) {
    const r = await ask(`${console_}/runs/${open[i % open.length].id}/${i % 2 ? "resume" : "pause"}`, { method: "POST", body: `csrf=${f.csrf}&by=AB`, cookie: f.cookie }).catch(() => null);
    if (r?.status === 303) took.push(r.ms);
    await sleep(500);
  }
}
async function upload(took) {
  const f = await form(), edge = "----bench";
  const body = Buffer.concat([Buffer.from(`--${edge}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n${f.csrf}\r\n--${edge}\r\nContent-Disposition: form-data; name="file"; filename="large.json"\r\n\r\n`), Buffer.alloc(UPLOAD, 0x20), Buffer.from(`{}\r\n--${edge}--\r\n`)]);
  while (going) {
    const r = await ask(console_ + "/check", { method: "POST", body, type: `multipart/form-data; boundary=${edge}`, cookie: f.cookie }).catch(() => null);
    if (r) took.push(r.ms), took.status = r.status;
    await sleep(1000);
  }
}
async function papers(id, took) {
  while (going) {
    const r = await ask(`${console_}/runs/${id}/report/pdf`).catch(() => null);
    if (r) took.push(r.ms), took.status = r.status;
    await sleep(1000);
  }
}

// ---- what is measured ----

async function load(ids, open, template) {
  const took = { messages: [], boards: [], pages: new Map(), commands: [], uploads: [], papers: [] }, used = cpu();
  const all = [upload(took.uploads), papers(ids.at(-1), took.papers), commands(open.slice(0, 2), took.commands)];
  for (let i = 0; i < WATCHERS; i++) all.push(watcher(took.boards));
  for (let i = 0; i < TESTERS; i++) all.push(tester(ids, open, took.pages, 1000));
  for (let i = 0; i < VENDORS; i++) all.push(vendor(open.slice(2).filter((_, n) => n % VENDORS === i), template, took.messages));
  await sleep(SECONDS * 1000);
  const busy = (cpu() - used) / SECONDS / 10;
  going = false;
  await end("SIGKILL");
  await Promise.all(all);
  say("load", `${WATCHERS} browsers, ${TESTERS} testers, ${VENDORS} vendors, ${SECONDS} s`, `processor ${busy.toFixed(0)} %`);
  spread("messages answered", took.messages, `${took.messages.refused || 0} not`);
  spread("board to a browser", took.boards, `${took.boards.bytes} bytes`);
  for (const [kind, t] of took.pages) spread(kind, t, `${t.bytes} bytes`);
  spread("commands from a page", took.commands);
  spread("upload of 60 MB", took.uploads, took.uploads.status);
  spread("PDF of the largest", took.papers, took.papers.status);
}
// What the store has of each run that was told something, by the program itself.
function compare(open) {
  let lost = 0, n = 0;
  const there = new Set();
  for (const { id } of open) {
    const all = JSON.parse(testcamp("report", id, "--format", "json")).exchanges, kept = told.get(id) || 0;
    const seen = all.filter((x) => x.via).length;
    for (const x of all) there.add(x.digest);
    n += kept;
    if (seen < kept) lost += kept - seen;
  }
  const gone = [...got].filter((digest) => !there.has(digest)).length;
  say("after the kill", `${n} messages were answered`, `${lost} of them are gone`, `${got.size} were sent`, `${gone} of them are gone`);
  return lost + gone + (got.size ? 0 : 1);
}
async function endurance(ids, open) {
  const click = async (n) => { for (let i = 0; i < n;) for (const path of pages(ids, open)) await ask(console_ + path), i++; };
  await click(200);
  for (let part = 0, m = memory(), d = descriptors(), used = cpu(); part < 4; part++) {
    await click(CLICKS / 4);
    say(`${CLICKS / 4} clicks`, `${(memory() - m).toFixed(1)} MB more, ${memory().toFixed(0)} MB`, `${descriptors() - d} descriptors more`, `processor ${((cpu() - used) / (CLICKS / 4)).toFixed(1)} ms each`);
    m = memory(), d = descriptors(), used = cpu();
  }
}

try {
  execFileSync(BENCH, ["make", join(work, "messages"), join(ROOT, "fixtures/carecommunication/new-attachment.json"), "1000"], { env, stdio: "ignore" });
} catch { /* it says by its files what it made */ }
const ids = keptStore();
say("store", `${ids.length} runs of ${SYSTEMS} systems`);
await serve();
await quiet();
await end("SIGTERM");
await serve();
await new Promise((done) => taker.listen(0, "127.0.0.1", done));
sink = `http://127.0.0.1:${taker.address().port}/`;
const open = openRuns();
await load(ids, open, readFileSync(join(work, "messages/message.json"), "utf8"));
await serve();
const lost = compare(open);
await endurance(ids, open);
await end("SIGTERM");
agent.destroy();
taker.close();
rmSync(work, { recursive: true, force: true });
process.exit(lost ? 1 : 0);
