// A window of 1280 pixels at 200 %, and letters twice as large: nothing is cut off, and no page is scrolled sideways.
import { check } from "../bench.mjs";
import { PAGES } from "./pages.mjs";

const CASES = `  - id: "3.1"
    title: {en: Receive and show, da: Modtag og vis}
    status: mandatory
    steps:
      - step: "3.1.1"
        send: {fixture: carecommunication/new.json, as: first}
      - step: "3.1.2"
        expect-ack: {to: first, code: ok, within: 30 min}
      - step: "3.1.3"
        manual: {ask: {en: Look at the screen., da: Se på skærmen.}}
`;

// What stands outside of its window or its box, other than in a part that scrolls by itself.
const cut = (page) => page.evaluate(() => {
  const wide = document.documentElement.clientWidth;
  const inside = (e) => e.closest(".scroll, pre, .hidden, iframe, textarea, select, .skip");
  return [document.documentElement.scrollWidth - wide, [...document.querySelectorAll("main *, header *")].filter((e) => {
    const r = e.getBoundingClientRect();
    return r.width && !inside(e) && r.right > wide + 1;
  }).slice(0, 3).map((e) => e.outerHTML.slice(0, 90))];
});

export default async function (bench) {
  bench.protocol("small", CASES);
  await bench.stop();
  const { again } = await bench.course("small", '  "3.1.3": {answer: fail, text: "it is not there"}\n');
  const live = await again("--mode", "certify");
  await bench.serve();
  const waiting = await bench.begin("small");
  const zoomed = await bench.page({ lang: "da", viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }), large = await bench.page({ lang: "da" });
  for (const path of [...PAGES, `/runs/${live}?case=3.1`, `/runs/${waiting}`, `/runs/${waiting}/messages/m1`, `/runs/${live}/handover`, `/review/${live}`])
    for (const page of [zoomed, large]) {
      await bench.visit(page, path);
      if (page === large) await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
      const [wider, elements] = await cut(page);
      check(wider <= 0 && !elements.length, `${path} at 200 % is ${wider} pixels too wide: ${elements.join(" ")}`);
      if (path.startsWith("/runs") || path === "/start") await bench.judge(page, `zoom-${page === large ? "letters" : "window"}-${path.split("/").slice(1).join("-").replace(/\d{8}-\w+/, "").replace(/\W+/g, "-")}`, { axe: false });
    }
}
