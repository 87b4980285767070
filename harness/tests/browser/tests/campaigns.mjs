// MedCom reads in the list of approved systems, searches it, and has every system of a standard tested anew by a date.
import { BOTH, SHOW_IT, check } from "../bench.mjs";

export const variants = BOTH;

const LIST = `System;Leverandør;Systemtype/Oversigt;Standard;Standard ID (Version);Kanal;Teststatus
Old <b>journal;House;EPJ;Korrespondancemeddelelse;CareCommunication (4.0);Sende;Godkendt
Reference vendor;testcamp;EPJ;Korrespondancemeddelelse;CareCommunication (4.0);Modtage;Godkendt
Wrong;House;EPJ;Korrespondancemeddelelse;CareCommunication (4.0);Modtager;Godkendt
`;

async function readIn(bench, page) {
  await bench.visit(page, "/approved");
  for (const [day, well] of [["2026-02-30", false], ["2026-01-02", true]]) {
    await bench.unfold(page, "form[action='/approved']").catch(() => {});
    await page.locator("form[action='/approved'] input[name=as-of]").evaluate((e, d) => { e.type = "text"; e.value = d; }, day);
    await page.setInputFiles("form[action='/approved'] input[type=file]", { name: "list.csv", mimeType: "text/csv", buffer: Buffer.from(LIST) });
    await bench.sent(page, () => page.click("form[action='/approved'] button.main"));
    check((await page.textContent("main")).includes("Old <b>journal") === well, `the list as of ${day}`);
    check(!(await page.textContent("main")).includes(bench.folder), "it is told where files of the server lie");
    await bench.judge(page, well ? "campaigns-approved" : "campaigns-refused");
  }
  await bench.visit(page, "/approved?q=reference");
  check((await page.textContent("main")).includes("Reference vendor") && !(await page.textContent("main")).includes("journal"), "the search does not search");
}

async function create(bench, page) {
  await bench.visit(page, "/campaigns");
  for (const name of ["", "Again <i>2026</i>"]) {
    await bench.unfold(page, "form[action='/campaigns']");
    await page.fill("form[action='/campaigns'] input[name=name]", name);
    await page.fill("form[action='/campaigns'] input[name=standard]", "korrespondancemeddelelse");
    await page.selectOption("form[action='/campaigns'] select[name=protocol]", "small");
    await page.fill("form[action='/campaigns'] input[name=due]", "2026-01-01");
    await bench.sent(page, () => page.click("form[action='/campaigns'] button.main"));
    check((await page.locator(".notice.error").count()) === (name ? 0 : 1), `a campaign called "${name}"`);
  }
}

export default async function (bench) {
  bench.protocol("small", SHOW_IT);
  const page = await bench.page();
  await readIn(bench, page);
  await create(bench, page);
  check((await page.textContent("main")).includes("Old <b>journal"), "who is approved is not asked");
  await bench.judge(page, "campaigns-late");
  const own = page.url();
  await bench.begin("small");
  await bench.visit(page, new URL(own).pathname);
  check((await page.textContent("main")).includes(page.say("self-test under way", "egentest i gang")), "the run does not count");
  await bench.judge(page, "campaigns-under-way");
  await bench.visit(page, "/campaigns");
  await bench.judge(page, "campaigns-list");
}
