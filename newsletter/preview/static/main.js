// The page: what is chosen, and what follows from it.

import { closeDrawers, DEVICES, keysFor, prepareDrawers, prepareHandle, SCHEMES, VIEWS } from "./controls.js";
import { $, choose, make, once, segments, toast } from "./elements.js";
import { Frame } from "./frame.js";
import { prepareSearch } from "./search.js";
import { plural, sentence, showFault, showFindings, showList, showOutline, showSizes } from "./panels.js";
import { askAbout, askList, askLook, edit, isLive, listen, openFrame } from "./source.js";

const WIDTHS = { phone: 390, tablet: 600, desktop: 720 };
const WINDOW = 1024; // of a browser, or a email client with its list of letters
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
  // Shows a part of the letter; `leave` says that who asked is done where they were.
  reveal(anchor, leave) {
    if (!anchor) return;
    if (!frame.reveal(anchor) && state.view !== "email") {
      set({ view: "email" }).then(() => frame.reveal(anchor));
    }
    if (leave) closeDrawers();
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
  if (innerWidth < 500) state.device = "phone"; // unless something else was chosen before
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

function width() {
  if (state.device === "free") return state.width;
  return state.device === "desktop" && ["web", "inbox"].includes(state.view) ? WINDOW : WIDTHS[state.device];
}

// The letter is as wide as the device; where the window has less room, it is shown smaller, not narrower.
function layOut() {
  const wanted = width();
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
  const mine = { stop: new AbortController(), stale: true };
  asking = mine;
  mine.done = (async () => {
    try {
      const seen = await askLook(state, mine.stop.signal);
      mine.stale = false;
      if (asking === mine) await put(seen, since);
    } catch (error) {
      if (error.name !== "AbortError") fail(error, mine.stale);
    } finally {
      if (asking === mine) asking = null;
    }
  })();
  await mine.done;
  if (again && !asking) {
    const next = again;
    again = null;
    return show(next);
  }
  if (asking || !look) return;
  if (!about || about.version !== look.version || about.key !== look.key) await tellAbout();
  else if (about.paid !== state.paid) showAbout();
}

// What went wrong in the preview itself. What was shown stays; `stale` says that it is not of the last save.
function fail(error, stale = false) {
  if (!connected) return status("Preview has ended", "broken");
  status("Not shown", "broken");
  showFault(error.fault ?? { message: `this page met a bug: ${error.message}`, hint: "", findings: [] }, stale && Boolean(look?.html));
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
  $("blank").hidden = true;
  if (seen.html) await frame.show(seen.html, state.remote);
  if (another) layOut();
  showFault(seen.fault, Boolean(seen.html));
  report(seen, since);
  document.title = `${seen.title} · ${list.publication}`;
  $("frame").title = `The letter: ${seen.title}`;
  showInbox();
}

// After the picture, which is what is waited for: what stands beside it.
const tellAbout = once(async () => {
  const found = await askAbout(state);
  if (found.gone || found.key !== state.issue) return;
  const before = about?.key === found.key ? counted(about) : "";
  about = found;
  const at = list.issues.findIndex((issue) => issue.key === found.key);
  if (at >= 0) list.issues[at] = found.entry;
  showList(list, state.issue, open);
  showInbox();
  showAbout();
  // For those who do not see the list: what a save did to the count, and nothing while it is the same.
  const now = counted(found);
  if (before && before !== now) $("heard").textContent = now;
  $("status").dataset.about = `${found.key} ${found.version}`;
});

const counted = (found) => found.findings.length ? `${plural(found.entry.errors, "error")}, ${plural(found.entry.warnings, "warning")}` : "Nothing to fix";

function showAbout() {
  about.paid = state.paid;
  const [size] = about.sizes.filter((each) => each.paid === state.paid).concat(about.sizes);
  showSizes(about.sizes);
  showFindings(about, doing);
  showOutline(about.outline, size, doing);
  $("audience").hidden = !about.editions;
}

let reported = { version: "", took: "" };

function report(seen, since) {
  const version = `${seen.key} ${seen.version}`;
  $("status").dataset.version = version;
  if (!isLive) return status(`As of ${new Date(seen.saved * 1000).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })}`);
  if (reported.version !== version) { // from the save to here
    const milliseconds = since ? (since.now - seen.saved) * 1000 + performance.now() - since.at : Infinity;
    reported = { version, took: milliseconds < 5000 ? ` · ${Math.max(Math.round(milliseconds), 1)} ms` : "" };
  }
  status(`Saved ${clock(seen.saved)}${reported.took}`, seen.fault ? "broken" : "");
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
  row.dir = inbox.dir;
  row.querySelector(".from").textContent = inbox.sender;
  row.querySelector(".subject").textContent = inbox.subject;
  row.querySelector(".preview").textContent = inbox.preview ? `— ${inbox.preview}` : "";
}

function showNothing() {
  look = about = null;
  $("letter").hidden = $("inbox-row").hidden = $("note").hidden = true;
  showFault(list.fault, false);
  showSizes([]);
  showFindings(null, doing);
  showOutline(null, null, doing);
  document.title = list.publication;
  $("blank").hidden = list.issues.length > 0 || Boolean(list.fault);
  if (list.fault) status("Not shown", "broken");
  else status(list.issues.length ? "No issue is open" : "Waiting for the first issue");
}

// ── What has changed on disk ────────────────────────────────────────────────────────────────────────────────────────

async function changed(topics, now) {
  const at = performance.now();
  const mine = topics.includes(`issue ${state.issue}`) || !state.issue;
  const shown = mine ? show({ now, at }) : null;
  if (topics.includes("list")) await refreshList();
  await shown;
  if (topics.includes(`about ${state.issue}`)) await tellAbout();
  const bug = topics.find((topic) => topic.startsWith("bug "));
  if (bug) fail({ fault: { message: bug.slice(4), hint: "more is said in the terminal where it runs", findings: [] } });
}

const refreshList = once(async () => {
  const had = new Set(list.issues.map((issue) => issue.key));
  list = { ...await askList() };
  Object.assign(doing, { editor: list.editor, root: list.root });
  fillMenu();
  reflect();
  if (!state.issue && list.issues.length) return set({ issue: list.issues.find((issue) => !had.has(issue.key))?.key ?? list.issues[0].key });
  if (!state.issue) showNothing();
});

// ── Beginning ───────────────────────────────────────────────────────────────────────────────────────────────────────

function step(by) {
  const shown = [...document.querySelectorAll("[data-issue]")].map((button) => button.dataset.issue);
  const next = shown[shown.indexOf(state.issue) + by];
  if (next) set({ issue: next });
}

function setWidth(width) {
  Object.assign(state, { width, device: "free" });
  choose($("device"), "free");
  layOut();
}

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
  $("pictures-off").addEventListener("change", (event) => set({ pictures: !event.target.checked }));
  $("remote").addEventListener("change", (event) => set({ remote: event.target.checked }));
  prepareSearch({
    narrow: reflect,
    go: (key, anchor) => {
      closeDrawers();
      set({ issue: key }).then(() => doing.reveal(anchor, false));
    },
  });
  $("inbox-row").addEventListener("click", () => set({ view: "inbox" }));
  prepareDrawers();
  prepareHandle({ width, change: setWidth, done: remember });
  const onKey = keysFor({ set, step, flip: () => set({ pictures: !state.pictures }) });
  document.addEventListener("keydown", onKey);
  new ResizeObserver(layOut).observe($("stage"));
  frame.onKey = onKey;
  frame.onLink = (written, address) => {
    if (written.startsWith("#")) frame.reveal(decodeURIComponent(written.slice(1)));
    else if (/^\/?pictures\/[0-9a-f]+\/[^/]+$/.test(written)) window.open(written, "_blank", "noopener,noreferrer");
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
  try {
    await opening;
    await firstLook();
  } catch (error) {
    fail(error);
  }
  listen({
    changed: (topics, now) => changed(topics, now).catch(fail),
    hello() { // before it, or after a pause, anything may have changed
      connected = true;
      $("status").dataset.live = "yes";
      refreshList().then(() => show()).catch(fail);
    },
    lost() { connected = false; delete $("status").dataset.live; status("Reconnecting …", "lost"); },
    bye() { connected = false; delete $("status").dataset.live; status("Preview has ended", "lost"); },
  });
}

async function firstLook() {
  list = await askList();
  Object.assign(doing, { editor: list.editor, root: list.root });
  fillMenu();
  if (!list.fills.some((each) => each.key === state.fill)) state.fill = "reader";
  const there = list.issues.some((issue) => issue.key === state.issue);
  if (!there || (list.first && !location.hash)) state.issue = list.first || list.issues[0]?.key || "";
  remember();
  reflect();
  await show();
}

begin();
