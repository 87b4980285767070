// Live parts, uploads and keys. Every page works without this file; with it, a page follows what happens.
"use strict";

// Something in it was written, ticked or chosen that is not sent yet.
const isWritten = (element) => [...element.querySelectorAll("input, textarea")].some((i) =>
  i.type === "file" ? i.files.length > 0 : i.type === "checkbox" ? i.checked !== i.defaultChecked
    : i.type !== "hidden" && i.value !== i.defaultValue);

// An element with data-live (a stream of events) and data-part (its own content, anew) is kept up to date. What a person
// is writing in is never taken from them: the part waits until they have left it.
function follow(element) {
  let owed = false, asking = false;
  const isBusy = () => {
    const at = document.activeElement;
    const writes = at && element.contains(at) && at.matches("input, textarea, select");
    return writes || isWritten(element) || element.querySelector("details.form[open]") !== null;
  };
  async function refresh() {
    if (asking) { owed = true; return; }
    if (isBusy()) { owed = true; return; }
    asking = true;
    owed = false;
    try {
      const answer = await fetch(element.dataset.part, { headers: { "X-Part": "1" } });
      const own = answer.ok && !answer.redirected; // else it is the login
      if (own && !isBusy()) put(element, await answer.text());
      else if (own) owed = true;
    } catch { owed = true; }
    asking = false;
    if (owed && !isBusy()) setTimeout(refresh, 500);
  }
  listen(element, refresh);
  element.addEventListener("focusout", () => setTimeout(() => { if (owed) refresh(); }, 50));
}

const LOST = {
  en: "This page does not follow the test just now: what it shows may be old. It tries again by itself; if you have been logged out, load it anew.",
  da: "Siden følger ikke testen lige nu: det, den viser, kan være forældet. Den prøver selv igen; er du logget ud, så genindlæs siden.",
};

// Follows the events of an element while somebody can see the page: a browser has few connections to one server (six, over
// HTTP/1.1), and pages behind others would use them up. What was missed meanwhile is told at once (?since). The server says
// something every 25 seconds: after a silence, as of a laptop that was shut, it is asked anew.
const SILENCE = 60000, AGAIN = 4000;

function listen(element, refresh) {
  const note = document.createElement("p");
  let stream, since, fails = 0, timer;
  note.className = "notice wait";
  note.setAttribute("role", "status");
  const wait = (deed, ms) => { clearTimeout(timer); timer = setTimeout(deed, ms); };
  const well = () => { fails = 0; note.remove(); wait(open, SILENCE); };
  const lost = () => {
    if (note.isConnected) return;
    element.before(note);
    note.textContent = LOST[document.documentElement.lang] || LOST.en;
  };
  function open() {
    const address = new URL(element.dataset.live, location);
    clearTimeout(timer);
    stream?.close();
    if (document.hidden) return;
    if (since) address.searchParams.set("since", since);
    stream = new EventSource(address);
    stream.onopen = well;
    stream.onmessage = (e) => { since = e.lastEventId || since; refresh(); };
    // A stream that ended is opened again by the browser; one that was refused is not.
    stream.onerror = () => {
      const refused = stream.readyState === EventSource.CLOSED;
      if (++fails > 3 || refused) lost();
      wait(refused ? open : well, AGAIN);
    };
    if (note.isConnected) wait(well, AGAIN); else wait(open, SILENCE);
  }
  document.addEventListener("visibilitychange", open);
  window.addEventListener("online", open);
  window.addEventListener("offline", lost);
  open();
}

// What has no id is known again by what it stands in, what it is, and what it leads to or says.
function handleOf(e) {
  return e.id || [e.closest("[id]")?.id, e.tagName, e.getAttribute("href") || e.name, e.value, e.matches(".scroll") || e.textContent].join("\n");
}

// Replaces the content, and keeps which details are open, where the focus was, and how far tables were scrolled.
function put(element, html) {
  const open = new Set([...element.querySelectorAll("details[open][id]")].map((d) => d.id));
  const closed = new Set([...element.querySelectorAll("details:not([open])[id]")].map((d) => d.id));
  const focus = element.contains(document.activeElement) && handleOf(document.activeElement);
  const scrolled = [...element.querySelectorAll(".scroll")].map((s) => s.scrollLeft);
  element.innerHTML = html;
  for (const d of element.querySelectorAll("details[id]")) {
    if (open.has(d.id)) d.open = true;
    if (closed.has(d.id)) d.open = false;
  }
  element.querySelectorAll(".scroll").forEach((s, i) => { s.scrollLeft = scrolled[i] || 0; });
  if (focus) [...element.querySelectorAll("[id], a, button, summary, .scroll")].find((e) => handleOf(e) === focus)?.focus({ preventScroll: true });
}

// A field for files inside an element with data-drop takes what is dropped on it or pasted into it.
function giveFiles(zone, files) {
  const input = zone.querySelector("input[type=file]");
  if (!input || !files.length) return false;
  const all = new DataTransfer();
  for (const f of input.multiple ? [...input.files, ...files] : [files[0]]) all.items.add(f);
  input.files = all.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function onDrag(e) {
  const zone = e.target.closest?.("[data-drop]");
  document.querySelectorAll(".over").forEach((z) => { if (z !== zone) z.classList.remove("over"); });
  if (!zone) return;
  e.preventDefault();
  zone.classList.toggle("over", e.type === "dragover");
  if (e.type === "drop") giveFiles(zone, [...e.dataTransfer.files]);
}

function onPaste(e) {
  const zone = e.target.closest?.("[data-drop]");
  if (zone && giveFiles(zone, [...e.clipboardData.files])) e.preventDefault();
}

// Rows with data-keys (steps that are assessed): j, k and, once in a row, the arrows move between them.
function moveRow(e, row) {
  const by = { j: 1, k: -1, ArrowDown: row ? 1 : 0, ArrowUp: row ? -1 : 0 }[e.key];
  const rows = [...document.querySelectorAll("[data-keys]")];
  if (!by || !rows.length) return false;
  const to = rows[Math.min(Math.max(rows.indexOf(row) + by, 0), rows.length - 1)];
  to.focus();
  to.scrollIntoView({ block: "nearest" });
  return true;
}

// An element with data-key (keys, with blanks between) is clicked by that key, when nobody is writing; one in a row only
// while the focus is in that row.
function onKey(e) {
  if (e.ctrlKey || e.altKey || e.metaKey || e.target.matches("input, textarea, select")) return;
  const row = e.target.closest("[data-keys]");
  if (moveRow(e, row)) { e.preventDefault(); return; }
  if (!/^[!-~]$/.test(e.key)) return;
  const own = [...(row || document).querySelectorAll(`[data-key~="${CSS.escape(e.key)}"]`)];
  const button = own.find((b) => b.closest("[data-keys]") === row);
  if (button) { e.preventDefault(); button.click(); }
}

// A finding and its line, both in sight; a line that is folded away is unfolded.
function showFinding(to) {
  document.querySelectorAll(".line.here").forEach((l) => l.classList.remove("here"));
  for (const a of to.querySelectorAll("a[href^='#']")) {
    const line = document.getElementById(a.hash.slice(1));
    const folded = line?.closest("details");
    if (folded) folded.open = true;
    line?.classList.add("here");
    line?.scrollIntoView({ block: "center" });
  }
  to.focus({ preventScroll: true });
  to.scrollIntoView({ block: "nearest" });
}

// n and p go through findings (data-findings), and on to those of the parts of the message that are pages of their own
// (data-next, data-previous).
function moveFinding(e) {
  const by = { n: 1, p: -1 }[e.key];
  const lists = [...document.querySelectorAll("[data-findings]")];
  if (!by || !lists.length || e.ctrlKey || e.altKey || e.metaKey || e.target.matches("input, textarea, select")) return;
  const all = lists.flatMap((l) => [...l.children]);
  const now = document.activeElement.closest(".finding"), at = all.indexOf(now);
  const list = now ? now.parentElement : lists[0];
  const to = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  const beyond = by > 0 ? list.dataset.next : list.dataset.previous;
  if (beyond && (!to || to.parentElement !== list)) location.assign(beyond);
  else if (to || now) showFinding(to || now);
}

// After a form, the row that it was about has the focus again; a question that is not answered yet stands open.
function returnToRow() {
  const to = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (to && to.matches("[data-keys]")) to.focus();
  if (to && to.matches("[data-findings] > .finding")) showFinding(to);
  if (!to || !to.matches("details.answer")) return;
  for (let d = to; d; d = d.parentElement.closest("details")) d.open = true;
  to.scrollIntoView();
}

// A text with data-line has a mistake in that line: it is chosen and in sight, ready to be written over.
function showLine(area) {
  const lines = area.value.split("\n"), at = Math.min(Number(area.dataset.line), lines.length) - 1;
  const from = lines.slice(0, at).join("\n").length + (at ? 1 : 0);
  area.focus();
  area.setSelectionRange(from, from + lines[at].length);
  area.scrollTop = (area.scrollHeight / lines.length) * at - area.clientHeight / 2;
}

// An element with data-load gets its content from there once the page stands: what takes the server a while. Where that
// fails, the link that stands in it leads to the same.
async function load(element) {
  element.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(element.dataset.load, { headers: { "X-Part": "1" } });
    if (answer.ok) element.innerHTML = await answer.text();
  } catch { /* the link stays */ }
  element.removeAttribute("aria-busy");
}

// A double click sends a form once: the second would begin another test, or find that the first has changed everything.
const ONCE_MS = 1000;
document.addEventListener("submit", (e) => {
  if (e.target.method !== "post") return;
  const now = performance.now();
  if (now - Number(e.target.dataset.sent || -ONCE_MS) < ONCE_MS) e.preventDefault();
  else e.target.dataset.sent = now;
});

document.querySelectorAll("[data-load]").forEach(load);
document.querySelectorAll("textarea[data-line]").forEach(showLine);
document.querySelectorAll("[data-live]").forEach(follow);
for (const kind of ["dragover", "dragleave", "drop"]) document.addEventListener(kind, onDrag);
document.addEventListener("paste", onPaste);
document.addEventListener("keydown", onKey);
document.addEventListener("keydown", moveFinding);
returnToRow();
