// The page: what is chosen, and what follows from it.

import { $, choose, make, segments, toast } from "./elements.js";
import { Frame } from "./frame.js";
import { sentence, showFault, showFindings, showList, showOutline, showSize } from "./panels.js";
import { askAbout, askList, askLook, edit, isLive, listen, openFrame } from "./source.js";

const VIEWS = [["email", "E-mail", "1"], ["text", "Text", "2"], ["web", "Web", "3"], ["inbox", "Inbox", "4"], ["feed", "Feed", "5"], ["html", "HTML", "6"]];
const DEVICES = [["phone", "Phone", "390 pixels wide (p)"], ["tablet", "Tablet", "600 pixels wide (t)"], ["desktop", "Desktop", "720 pixels wide (d)"], ["free", "Free", "Drag the edge (w)"]];
const SCHEMES = [["light", "Light", "As on a light device (l)"], ["dark", "Dark", "As on a dark device (k)"], ["forced", "Forced", "As by a program that recolours letters itself (f)"]];
const WIDTHS = { phone: 390, tablet: 600, desktop: 720 };
const KEPT = ["view", "device", "width", "scheme", "pictures", "fill", "paid"];
const STORE = "newsletter-preview";

const state = { issue: "", view: "email", device: "desktop", width: 720, scheme: "light", pictures: true, fill: "reader", remote: false, paid: false };
let list = { publication: "", issues: [], fills: [], first: "", editor: false };
let look = null;
let about = null;
let asking = null;
let again = false;
let connected = true;

const frame = new Frame($("frame"), $("stage"), $("letter"), openFrame);
const doing = {
  editor: false,
  root: "",
  reveal(anchor) {
    if (!anchor) return;
    if (!frame.reveal(anchor) && state.view !== "email") {
      set({ view: "email" }).then(() => frame.reveal(anchor));
    }
    closeDrawers();
  },
  async edit(found) {
    const answer = await edit(found);
    toast(answer.opened ? sentence(answer.said) : `${sentence(answer.said.trim())}.`);
  },
};

// ── Choosing ────────────────────────────────────────────────────────────────────────────────────────────────────────

function remember() {
  const kept = Object.fromEntries(KEPT.map((key) => [key, state[key]]));
  try {
    localStorage.setItem(STORE, JSON.stringify(kept));
  } catch { /* private windows may keep nothing */ }
  const hash = `#${new URLSearchParams({ issue: state.issue, view: state.view, device: state.device, scheme: state.scheme })}`;
  if (location.hash !== hash) history.replaceState(null, "", hash);
}

function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) ?? "{}");
    for (const key of KEPT) if (typeof kept[key] === typeof state[key]) state[key] = kept[key];
  } catch { /* as above */ }
  const asked = new URLSearchParams(location.hash.slice(1));
  for (const key of ["issue", "view", "device", "scheme"]) if (asked.get(key)) state[key] = asked.get(key);
  if (!VIEWS.some(([key]) => key === state.view)) state.view = "email";
  if (!DEVICES.some(([key]) => key === state.device)) state.device = "desktop";
  if (!SCHEMES.some(([key]) => key === state.scheme)) state.scheme = "light";
}

async function set(changes) {
  const issue = state.issue;
  Object.assign(state, changes);
  if (state.issue !== issue) $("stage").scrollTop = 0;
  remember();
  reflect();
  await show();
}

function open(key) {
  closeDrawers();
  set({ issue: key });
}

function reflect() {
  choose($("view"), state.view);
  choose($("device"), state.device);
  choose($("scheme"), state.scheme);
  choose($("fill"), state.fill);
  choose($("audience"), state.paid ? "paid" : "free");
  $("pictures-off").checked = !state.pictures;
  $("remote").checked = state.remote;
  const chosen = list.fills.find((each) => each.key === state.fill);
  $("options-label").textContent = [chosen ? chosen.title.replace(/^Tags: /, "").replace(/,.*/, "") : "Options", state.pictures ? "" : "no pictures"].filter(Boolean).join(" · ");
  showList(list, state.issue, open);
  layOut();
}

// The letter is as wide as the device; where the window has less room, it is shown smaller, not narrower.
function layOut() {
  const wanted = state.device === "free" ? state.width : WIDTHS[state.device];
  const style = getComputedStyle($("stage"));
  const room = $("stage").clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const scale = Math.min(1, room / wanted);
  const paper = document.querySelector(".paper");
  $("letter").style.width = `${wanted * scale}px`;
  paper.style.width = `${wanted}px`;
  paper.style.transform = scale < 1 ? `scale(${scale})` : "";
  paper.classList.toggle("dark", state.scheme !== "light");
  frame.scale = scale;
  const handle = $("handle");
  handle.setAttribute("aria-valuenow", String(Math.round(wanted)));
  $("note").hidden = scale === 1 && state.device !== "free";
  $("note").textContent = scale < 1 ? `${Math.round(wanted)} pixels wide, shown at ${Math.round(scale * 100)} %` : `${Math.round(wanted)} pixels wide`;
  if (look) frame.fit();
}

// ── Showing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

async function show(since = null) {
  if (!state.issue) return showNothing();
  if (asking && since) { // one at a time: what was saved meanwhile is asked for when this one is there
    again = since;
    return asking.done;
  }
  asking?.stop.abort();
  const mine = { stop: new AbortController() };
  asking = mine;
  mine.done = (async () => {
    try {
      const seen = await askLook(state, mine.stop.signal);
      if (asking === mine) await put(seen, since);
    } catch (error) {
      if (error.name !== "AbortError") status(connected ? `Not shown: ${error.message}` : "Preview has ended", "broken");
    } finally {
      if (asking === mine) asking = null;
    }
  })();
  await mine.done;
  if (again && !asking) {
    const next = again;
    again = null;
    await show(next);
  }
}

async function put(seen, since) {
  if (seen.gone) {
    if (seen.moved) return set({ issue: seen.moved });
    toast("This issue is gone");
    list = await askList();
    return set({ issue: list.issues[0]?.key ?? "" });
  }
  const another = look?.key !== seen.key;
  if (another) about = null;
  look = seen;
  $("letter").hidden = !seen.html;
  if (seen.html) await frame.show(seen.html, state.remote);
  if (another) layOut();
  showFault(seen.fault, Boolean(seen.html));
  report(seen, since);
  document.title = `${seen.title} · ${list.publication}`;
  $("frame").title = `The letter: ${seen.title}`;
  if (!about || about.version !== seen.version || about.key !== seen.key) await tellAbout();
  showInbox();
}

// After the picture, which is what is waited for: what stands beside it.
async function tellAbout() {
  const found = await askAbout(state);
  if (found.gone || found.key !== state.issue) return;
  about = found;
  const at = list.issues.findIndex((issue) => issue.key === found.key);
  if (at >= 0) list.issues[at] = found.entry;
  showList(list, state.issue, open);
  showInbox();
  showSize(found.size);
  showFindings(found, doing);
  showOutline(found, doing);
  $("audience").hidden = !found.editions;
  $("status").dataset.about = `${found.key} ${found.version}`;
}

function report(seen, since) {
  $("status").dataset.version = `${seen.key} ${seen.version}`;
  if (!isLive) return status(`As of ${new Date(seen.saved * 1000).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })}`);
  const milliseconds = since ? (since.now - seen.saved) * 1000 + performance.now() - since.at : seen.took;
  const recent = !since || milliseconds < 5000 ? ` · ${Math.max(Math.round(milliseconds), 1)} ms` : "";
  status(`Saved ${clock(seen.saved)}${recent}`, seen.fault ? "broken" : "");
}

const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString("en-GB");

function status(text, kind = "") {
  $("status-text").textContent = text;
  $("status").className = `status ${kind}`;
}

function showInbox() {
  const inbox = about?.inbox;
  const row = $("inbox-row");
  row.hidden = !inbox || !["email", "text", "html"].includes(state.view);
  if (!inbox) return;
  row.querySelector(".from").textContent = inbox.sender;
  row.querySelector(".subject").textContent = inbox.subject;
  row.querySelector(".preview").textContent = inbox.preview ? `— ${inbox.preview}` : "";
}

function showNothing() {
  $("letter").hidden = true;
  $("inbox-row").hidden = true;
  showFault(list.fault, false);
  status("No issue is open");
}

// ── What has changed on disk ────────────────────────────────────────────────────────────────────────────────────────

async function changed(topics, now) {
  const at = performance.now();
  const mine = topics.includes(`issue ${state.issue}`) || !state.issue;
  const shown = mine ? show({ now, at }) : null;
  if (topics.includes("list")) await refreshList();
  await shown;
}

async function refreshList() {
  const had = new Set(list.issues.map((issue) => issue.key));
  list = { ...await askList() };
  Object.assign(doing, { editor: list.editor, root: list.root });
  fillMenu();
  reflect();
  if (!state.issue && list.issues.length) return set({ issue: list.issues.find((issue) => !had.has(issue.key))?.key ?? list.issues[0].key });
  if (!state.issue) showNothing();
}

// ── Keys, drawers, the handle ───────────────────────────────────────────────────────────────────────────────────────

const KEYS = [
  ["1 – 6", "E-mail, text, web, inbox, feed, HTML", null],
  ["p t d w", "Phone, tablet, desktop, free width", null],
  ["l k f", "Light, dark, forced dark", null],
  ["i", "Pictures on and off", null],
  ["[ ]", "Issue before, issue after", null],
  ["n N", "Next finding, finding before", null],
  ["g", "To the letter", null],
  ["?", "This help", null],
];

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !$("keys-on").checked || $("help").open) return;
  if (event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select")) return;
  const key = event.key;
  const view = VIEWS.find(([, , digit]) => digit === key);
  const device = { p: "phone", t: "tablet", d: "desktop", w: "free" }[key];
  const scheme = { l: "light", k: "dark", f: "forced" }[key];
  if (view) set({ view: view[0] });
  else if (device) set({ device });
  else if (scheme) set({ scheme });
  else if (key === "i") set({ pictures: !state.pictures });
  else if (key === "[" || key === "]") step(key === "]" ? 1 : -1);
  else if (key === "n" || key === "N") stepFinding(key === "n" ? 1 : -1);
  else if (key === "g") $("stage").focus();
  else if (key === "?") $("help").showModal();
  else if (key === "Escape") closeDrawers();
  else return;
  event.preventDefault();
}

function step(by) {
  const shown = [...document.querySelectorAll("[data-issue]")].map((button) => button.dataset.issue);
  const at = shown.indexOf(state.issue);
  const next = shown[at + by];
  if (next) set({ issue: next });
}

function stepFinding(by) {
  const buttons = [...document.querySelectorAll(".finding .what")];
  if (!buttons.length) return toast("Nothing to mend");
  const at = buttons.indexOf(document.activeElement);
  const next = buttons[(at + by + buttons.length) % buttons.length] ?? buttons[0];
  next.focus();
}

const DRAWERS = [["open-list", "list"], ["open-side", "side"]];

function closeDrawers() {
  $("options").open = false;
  for (const [button, drawer] of DRAWERS) {
    $(drawer).classList.remove("open");
    $(button).setAttribute("aria-expanded", "false");
  }
}

function openDrawer(button, drawer) {
  const open = !$(drawer).classList.contains("open");
  closeDrawers();
  $(drawer).classList.toggle("open", open);
  $(button).setAttribute("aria-expanded", String(open));
  if (open) $(drawer).querySelector("button, input:not([hidden])")?.focus();
}

function onDrag(down) {
  const handle = $("handle");
  const start = down.clientX;
  const width = $("letter").getBoundingClientRect().width / frame.scale;
  handle.setPointerCapture(down.pointerId);
  document.body.classList.add("dragging");
  const move = (event) => setWidth(width + 2 * (event.clientX - start));
  const up = () => {
    document.body.classList.remove("dragging");
    handle.removeEventListener("pointermove", move);
    remember();
  };
  handle.addEventListener("pointermove", move);
  handle.addEventListener("pointerup", up, { once: true });
  handle.addEventListener("pointercancel", up, { once: true });
}

function setWidth(width) {
  state.width = Math.min(Math.max(Math.round(width), 280), 1400);
  state.device = "free";
  choose($("device"), "free");
  layOut();
}

// ── Beginning ───────────────────────────────────────────────────────────────────────────────────────────────────────

function fillMenu() {
  if ($("fill").querySelectorAll("label").length === list.fills.length) return;
  for (const label of $("fill").querySelectorAll("label")) label.remove();
  for (const each of list.fills) {
    const input = make("input", { type: "radio", name: "fill", value: each.key, onchange: () => set({ fill: each.key }) });
    $("fill").append(make("label", {}, input, make("span", { text: each.title })));
  }
}

function prepare() {
  segments($("view"), "view", VIEWS, state.view, (view) => set({ view }));
  segments($("device"), "device", DEVICES, state.device, (device) => set({ device }));
  segments($("scheme"), "scheme", SCHEMES, state.scheme, (scheme) => set({ scheme }));
  for (const [value, label] of [["free", "All readers"], ["paid", "Paying readers"]]) {
    const input = make("input", { type: "radio", name: "audience", value, onchange: () => set({ paid: value === "paid" }) });
    $("audience").append(make("label", {}, input, make("span", { text: label })));
  }
  for (const [key, said] of KEYS) $("keys").append(make("dt", { text: key }), make("dd", { text: said }));
  $("pictures-off").addEventListener("change", (event) => set({ pictures: !event.target.checked }));
  $("remote").addEventListener("change", (event) => set({ remote: event.target.checked }));
  $("filter").addEventListener("input", reflect);
  $("inbox-row").addEventListener("click", () => set({ view: "inbox" }));
  $("help-button").addEventListener("click", () => $("help").showModal());
  for (const [button, drawer] of DRAWERS) $(button).addEventListener("click", () => openDrawer(button, drawer));
  $("stage").addEventListener("click", closeDrawers);
  document.addEventListener("click", (event) => { if (!$("options").contains(event.target)) $("options").open = false; });
  $("handle").addEventListener("pointerdown", onDrag);
  $("handle").addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -10, ArrowRight: 10, PageUp: 100, PageDown: -100 }[event.key];
    if (by) {
      event.preventDefault();
      setWidth((state.device === "free" ? state.width : WIDTHS[state.device]) + by);
      remember();
    }
  });
  document.addEventListener("keydown", onKey);
  new ResizeObserver(layOut).observe($("stage"));
  frame.onKey = onKey;
  frame.onLink = (written, address) => {
    if (written.startsWith("#")) frame.reveal(decodeURIComponent(written.slice(1)));
    else if (/^(https?|mailto):/i.test(address)) window.open(address, "_blank", "noopener,noreferrer");
    else toast(`${written} leads nowhere from here`);
  };
  addEventListener("hashchange", () => { recall(); reflect(); show(); });
  document.body.classList.toggle("exported", !isLive);
  for (const element of document.querySelectorAll(".live-only")) element.hidden = !isLive;
}

async function begin() {
  recall();
  prepare();
  const opening = frame.open(state.remote);
  list = await askList();
  Object.assign(doing, { editor: list.editor, root: list.root });
  fillMenu();
  if (!list.fills.some((each) => each.key === state.fill)) state.fill = "reader";
  const there = list.issues.some((issue) => issue.key === state.issue);
  if (!there || (list.first && !location.hash)) state.issue = list.first || list.issues[0]?.key || "";
  remember();
  reflect();
  await opening;
  await show();
  let first = true;
  listen({
    changed,
    hello() { // after a pause, anything may have changed
      connected = true;
      if (!first) refreshList().then(() => show());
      first = false;
    },
    lost() { connected = false; status("Connecting again …", "lost"); },
    bye() { connected = false; status("Preview has ended", "lost"); },
  });
}

begin();
