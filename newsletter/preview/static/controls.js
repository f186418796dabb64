// How the page is worked: keys, drawers, and the edge of the letter that is dragged.

import { $, make, toast } from "./elements.js";

export const VIEWS = [["email", "Email", "1"], ["text", "Text", "2"], ["web", "Web", "3"], ["inbox", "Inbox", "4"], ["feed", "Feed", "5"], ["html", "HTML", "6"]];
export const DEVICES = [["phone", "Phone", "390 pixels wide (p)"], ["tablet", "Tablet", "600 pixels wide (t)"], ["desktop", "Desktop", "720 pixels wide, page and inbox 1,024 (d)"], ["free", "Free", "Drag the edge (w)"]];
export const SCHEMES = [["light", "Light", "Light mode (l)"], ["dark", "Dark", "Dark mode (k)"], ["forced", "Forced", "In an email client that forces dark colours (f)"]];
const KEYS = [
  ["1 – 6", "Email, text, web, inbox, feed, HTML"],
  ["p t d w", "Phone, tablet, desktop, free width"],
  ["l k f", "Light, dark, forced dark"],
  ["i", "Pictures on and off"],
  ["[ ]", "Previous issue, next issue"],
  ["n N", "Next finding, previous finding"],
  ["/", "Search titles and text"],
  ["g", "Go to the letter"],
  ["?", "This help"],
];
const DRAWERS = [["open-list", "list"], ["open-side", "side"]];
const [NARROWEST, WIDEST] = [280, 1400];

// `set` changes what is chosen; `flip` turns pictures on or off; `step` goes to the issue before or after.
export function keysFor({ set, flip, step }) {
  for (const [key, said] of KEYS) $("keys").append(make("dt", { text: key }), make("dd", { text: said }));
  $("help-button").addEventListener("click", () => $("help").showModal());
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !$("keys-on").checked || $("help").open) return;
    if (event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select")) return;
    const key = event.key;
    const view = VIEWS.find(([, , digit]) => digit === key);
    const device = { p: "phone", t: "tablet", d: "desktop", w: "free" }[key];
    const scheme = { l: "light", k: "dark", f: "forced" }[key];
    if (view) set({ view: view[0] });
    else if (device) set({ device });
    else if (scheme) set({ scheme });
    else if (key === "i") flip();
    else if (key === "[" || key === "]") step(key === "]" ? 1 : -1);
    else if (key === "n" || key === "N") stepFinding(key === "n" ? 1 : -1);
    else if (key === "/") openSearch();
    else if (key === "g") $("stage").focus();
    else if (key === "?") $("help").showModal();
    else if (key === "Escape") closeDrawers();
    else return;
    event.preventDefault();
  };
}

function stepFinding(by) {
  const buttons = [...document.querySelectorAll(".finding .what")];
  if (!buttons.length) return toast("Nothing to fix");
  if (getComputedStyle($("side")).visibility === "hidden") openDrawer(...DRAWERS[1]);
  const at = buttons.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : buttons.length - 1) : (at + by + buttons.length) % buttons.length;
  buttons[next].focus();
}

function openSearch() {
  if (getComputedStyle($("list")).visibility === "hidden") openDrawer(...DRAWERS[0]);
  $("filter").focus();
  $("filter").select();
}

// ── Drawers and the menu ────────────────────────────────────────────────────────────────────────────────────────────

export function prepareDrawers() {
  for (const [button, drawer] of DRAWERS) $(button).addEventListener("click", () => openDrawer(button, drawer));
  $("stage").addEventListener("click", closeDrawers);
  for (const button of document.querySelectorAll(".drawer-close")) button.addEventListener("click", closeDrawers);
  document.addEventListener("click", (event) => { if (!$("options").contains(event.target)) $("options").open = false; });
}

// Closes what is open; who was in it is brought back to where they came from.
export function closeDrawers() {
  if ($("options").open && $("options").contains(document.activeElement)) $("options-label").focus();
  $("options").open = false;
  for (const [button, drawer] of DRAWERS) {
    if ($(drawer).classList.contains("open") && $(drawer).contains(document.activeElement)) $(button).focus();
    $(drawer).classList.remove("open");
    $(button).setAttribute("aria-expanded", "false");
  }
}

function openDrawer(button, drawer) {
  const open = !$(drawer).classList.contains("open");
  closeDrawers();
  $(drawer).classList.toggle("open", open);
  $(button).setAttribute("aria-expanded", String(open));
  if (open) [...$(drawer).querySelectorAll("button, input")].find((each) => each.offsetParent)?.focus();
}

// ── The edge of the letter ──────────────────────────────────────────────────────────────────────────────────────────

// `width` gives how wide the letter is, `change` is told how wide it shall be, `done` when that is settled.
export function prepareHandle({ width, change, done }) {
  const handle = $("handle");
  const within = (wanted) => Math.min(Math.max(Math.round(wanted), NARROWEST), WIDEST);
  handle.addEventListener("pointerdown", (down) => {
    const [start, before] = [down.clientX, width()];
    handle.setPointerCapture(down.pointerId);
    document.body.classList.add("dragging");
    const move = (event) => change(within(before + 2 * (event.clientX - start)));
    const up = () => {
      document.body.classList.remove("dragging");
      handle.removeEventListener("pointermove", move);
      done();
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", up, { once: true });
    handle.addEventListener("pointercancel", up, { once: true });
  });
  handle.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -10, ArrowRight: 10, PageUp: 100, PageDown: -100 }[event.key];
    const to = { Home: NARROWEST, End: WIDEST }[event.key] ?? (by ? within(width() + by) : 0);
    if (!to) return;
    event.preventDefault();
    change(to);
    done();
  });
}
