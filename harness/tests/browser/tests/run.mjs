// A run from the first page to the report: begun in the browser, followed live, answered with a picture that was dropped,
// not lost by a kill in the middle, repeated, and shown as PDF.
import { BOTH, check, drop } from "../bench.mjs";

export const variants = BOTH;

const CASES = `  - id: "3.1"
    title: {en: A letter arrives, da: Et brev ankommer}
    status: mandatory
    steps:
      - step: "3.1.1"
        send: {fixture: carecommunication/new.json, as: letter}
      - step: "3.1.2"
        expect-ack: {to: letter, code: ok, within: 20 s, as: ack}
      - step: "3.1.3"
        manual: {ask: {en: "Show the letter <b>on screen</b>", da: "Vis brevet <b>on screen</b>"}}
  - id: "3.2"
    title: {en: Afterwards, da: Bagefter}
    status: mandatory
    steps:
      - step: "3.2.1"
        manual: {ask: {en: "Close the letter", da: "Luk brevet"}}
`;
const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "base64");

export default async function (bench) {
  bench.protocol("small", CASES);
  const page = await bench.page();
  await bench.visit(page, "/start");
  await page.selectOption("select[name=protocol]", "small");
  await page.selectOption("select[name=system]", "file:vendors/reference/refvendor.yaml");
  await page.click("button[value=look]");
  await page.waitForSelector("h2");
  check((await page.textContent("h2")).includes(page.say("What will be tested", "Det, der testes")), "no preview: " + (await page.textContent("main")).slice(-600));
  await page.locator("main details summary").first().click();
  await bench.judge(page, "start-look");
  await page.evaluate(() => {
    const start = document.querySelector("button[value=start]");
    start.click();
    setTimeout(() => start.click(), 20); // while the first is on its way
  });
  await page.waitForURL(/\/runs\//);
  const run = new URL(page.url()).pathname;
  const begun = (await bench.command("list", "runs", "--store", bench.store)).out.trim().split("\n").length;
  check(begun === 1, `a double click began ${begun} runs`);

  // It follows what happens: the letter goes out and is acknowledged without a reload.
  await page.waitForSelector("form[action$='/answer']");
  check((await page.textContent(".waits")).includes("<b>on screen</b>"), "a text is not shown as it was written");
  await bench.judge(page, "run-prompt");
  const other = await bench.page(bench.other);
  await bench.visit(other, run);
  await bench.judge(other, "run-prompt-other");

  // What is being written is not taken away by what happens meanwhile, nor by a server that is killed and begun again.
  await page.fill(".waits textarea >> nth=0", "It stood there: æøå");
  await bench.stop("SIGKILL");
  await bench.serve();
  await page.waitForTimeout(500);
  // What a browser says of streams that were cut by the kill, and while there is no server, is no trouble of a page.
  for (const p of [page, other]) p.troubles = p.troubles.filter((t) => !/ERR_(CONNECTION_(REFUSED|RESET)|EMPTY_RESPONSE)/.test(t));
  check((await page.inputValue(".waits textarea >> nth=0")) === "It stood there: æøå", "what was written is gone");
  await drop(page, ".waits [data-drop]", "skærm.png", PNG, { type: "image/png", how: "dragover" });
  check((await page.locator(".drop.over").count()) === 1, "the place to drop it does not show itself");
  await drop(page, ".waits [data-drop]", "skærm.png", PNG, { type: "image/png" });
  await drop(page, ".waits textarea", "image.png", PNG, { type: "image/png", how: "paste" });
  const files = await page.evaluate(() => [...document.querySelector(".waits input[type=file]").files].map((f) => f.name).join());
  check(files === "skærm.png,image.png", "what was dropped and pasted is: " + files);
  const initials = page.locator(".waits input[name=by] >> nth=0");
  if (await initials.count()) await initials.fill("AB");
  await page.click(".waits button[value=ok] >> nth=0");
  await page.waitForURL(/case=/);
  check((await page.textContent("main")).includes("It stood there: æøå"), "the answer is not shown");
  const evidence = page.locator("a[href*='/evidence/']").first();
  check((await page.locator("a[href*='/evidence/'] img").count()) === 2, "the pictures are not there");
  await bench.judge(page, "run-answered");
  const picture = await page.request.get(bench.url + (await evidence.getAttribute("href")));
  check(picture.headers()["content-type"] === "image/png", "the picture is sent as " + picture.headers()["content-type"]);

  // A second window with the old form: it is told, and its text is not lost.
  await other.fill(".waits textarea >> nth=0", "for sent");
  if (await other.locator(".waits input[name=by] >> nth=0").count()) await other.fill(".waits input[name=by] >> nth=0", "CD");
  await other.click(".waits button[value=fail] >> nth=0");
  await other.waitForLoadState();
  const told = await other.textContent(".notice.error");
  check(told.includes("for sent") && told.includes(other.say("Nothing was changed", "Intet er ændret")), "the later one is told: " + told);

  // Messages with their lines; documents.
  await bench.visit(page, run + "?beside=1", { weight: false });
  check((await page.frameLocator("iframe").locator("h1").first().textContent()).length > 3, "no protocol beside the run");
  await bench.judge(page, "run-beside");
  await bench.visit(page, run + "/messages/m1");
  check((await page.locator(".source .line").count()) > 5, "the message has no lines");
  await bench.judge(page, "run-message");
  for (const [format, type] of [["pdf", "application/pdf"], ["html", "text/html"], ["junit", "application/xml"], ["json", "application/json"], ["xlsx", "spreadsheet"], ["bundle", "gzip"]]) {
    const paper = await page.request.get(`${bench.url}${run}/report/${format}`);
    check(paper.ok() && paper.headers()["content-type"].includes(type) && (await paper.body()).length > 200, `${format}: ${paper.status()}`);
  }

  // The last answer ends the run; the list says so.
  await bench.visit(page, run);
  await page.waitForSelector("form[action$='/answer']");
  if (await page.locator(".waits input[name=by]").count()) await page.fill(".waits input[name=by]", "AB");
  await page.click(".waits button[value=ok]");
  await page.waitForLoadState();
  await bench.visit(page, "/");
  await page.waitForFunction(() => document.querySelector("td .badge")?.classList.contains("pass"));
  await bench.judge(page, "run-list");
  await bench.visit(page, "/board");
  check((await page.textContent(".board")).includes(page.say("OK by machine", "OK maskinelt")), "the board does not show it");
  await bench.judge(page, "run-board");
}
