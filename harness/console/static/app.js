// Live parts, uploads and keys. Every page works without this file; with it, a page follows what happens.
"use strict";

// An element with data-live (a stream of events) and data-part (its own content, anew) is kept up to date. What a person
// is writing in is never taken from them: the part waits until they have left it.
function follow(element) {
  let owed = false, asking = false;
  const isBusy = () => {
    const at = document.activeElement;
    const writes = at && element.contains(at) && at.matches("input, textarea, select");
    const written = [...element.querySelectorAll("textarea, input[type=text], input[type=file]")]
      .some((f) => (f.type === "file" ? f.files.length > 0 : f.value !== f.defaultValue));
    return writes || written || element.querySelector("details.form[open]") !== null;
  };
  async function refresh() {
    if (asking) { owed = true; return; }
    if (isBusy()) { owed = true; return; }
    asking = true;
    owed = false;
    try {
      const answer = await fetch(element.dataset.part, { headers: { "X-Part": "1" } });
      if (answer.ok && !isBusy()) put(element, await answer.text());
      else if (answer.ok) owed = true;
    } catch { owed = true; }
    asking = false;
    if (owed && !isBusy()) setTimeout(refresh, 500);
  }
  const stream = new EventSource(element.dataset.live);
  stream.onmessage = refresh;
  element.addEventListener("focusout", () => setTimeout(() => { if (owed) refresh(); }, 50));
}

// Replaces the content, and keeps which details are open, where the focus was, and how far tables were scrolled.
function put(element, html) {
  const open = new Set([...element.querySelectorAll("details[open][id]")].map((d) => d.id));
  const closed = new Set([...element.querySelectorAll("details:not([open])[id]")].map((d) => d.id));
  const focus = element.contains(document.activeElement) ? document.activeElement.id : "";
  const scrolled = [...element.querySelectorAll(".scroll")].map((s) => s.scrollLeft);
  element.innerHTML = html;
  for (const d of element.querySelectorAll("details[id]")) {
    if (open.has(d.id)) d.open = true;
    if (closed.has(d.id)) d.open = false;
  }
  element.querySelectorAll(".scroll").forEach((s, i) => { s.scrollLeft = scrolled[i] || 0; });
  if (focus) document.getElementById(focus)?.focus();
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

// An element with data-key is clicked by that key, when nobody is writing.
function onKey(e) {
  if (e.ctrlKey || e.altKey || e.metaKey || e.target.matches("input, textarea, select")) return;
  const scope = e.target.closest("[data-keys]") || document;
  const button = scope.querySelector(`[data-key="${CSS.escape(e.key)}"]`);
  if (button) { e.preventDefault(); button.click(); }
}

document.querySelectorAll("[data-live]").forEach(follow);
for (const kind of ["dragover", "dragleave", "drop"]) document.addEventListener(kind, onDrag);
document.addEventListener("paste", onPaste);
document.addEventListener("keydown", onKey);
document.querySelectorAll("form[data-once]").forEach((f) => f.addEventListener("submit", () => {
  setTimeout(() => f.querySelectorAll("button").forEach((b) => { b.disabled = true; }), 0);
}));
