// What stands beside the letter: the issues at the left; size, findings and outline at the right; a fault on top.

import { $, copy, fill, make } from "./elements.js";
import { isLive } from "./source.js";

const GROUPS = [["draft", "Drafts"], ["ready", "Ready"], ["published", "Published"]];
const KILO = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const plural = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const nameOf = (path) => path.split("/").at(-1);

// ── Issues ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export function showList(list, current, open) {
  $("publication").textContent = list.publication;
  $("filter").hidden = list.issues.length < (isLive ? 1 : 12);
  const wanted = $("filter").value.trim().toLowerCase();
  const found = list.issues.filter((issue) => `${issue.title} ${issue.number ?? ""} ${issue.path}`.toLowerCase().includes(wanted));
  const groups = GROUPS.flatMap(([state, title]) => {
    const issues = found.filter((issue) => issue.state === state);
    if (!issues.length) return [];
    const heading = make("h2", { text: title, "data-key": `h-${state}`, "data-print": title });
    const rows = make("ul", {}, ...issues.map((issue) => make("li", {}, row(issue, issue.key === current, open))));
    rows.dataset.key = state;
    rows.dataset.print = JSON.stringify([issues, issues.some((issue) => issue.key === current) && current]);
    return [heading, rows];
  });
  const none = list.issues.length ? "No title matches." : "No issues yet";
  fill($("issues"), groups.length ? groups : [make("p", { class: "empty", text: none })]);
}

function row(issue, current, open) {
  // Each in the direction of its own writing, and none pulls another along.
  const when = [issue.number == null ? "" : `No. ${issue.number} · `, make("bdi", { text: issue.date || "no date" })];
  return make(
    "button",
    { type: "button", class: "issue", "aria-current": current ? "true" : null, "data-focus": issue.key, "data-issue": issue.key, onclick: () => open(issue.key) },
    make("bdi", { class: "title", text: issue.title }),
    count(issue),
    make("span", { class: "when" }, ...when),
  );
}

function count(issue) {
  if (!issue.checked) return make("span", { class: "count" });
  if (issue.errors) return make("span", { class: "count error", text: issue.errors, title: plural(issue.errors, "error"), "aria-label": plural(issue.errors, "error"), role: "img" });
  if (issue.warnings) return make("span", { class: "count warning", text: issue.warnings, title: plural(issue.warnings, "warning"), "aria-label": plural(issue.warnings, "warning"), role: "img" });
  return make("span", { class: "count good", text: "✓", title: "clean", "aria-label": "clean", role: "img" });
}

// ── Size ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const kilo = (bytes) => `${KILO.format(bytes / 1024)} KB`;

// One bar for an email; where paying readers get another one, one for each.
export function showSizes(sizes) {
  const boxes = sizes.map((size) => {
    const box = sizeBox(size, sizes.length > 1 ? (size.paid ? "Paying readers" : "All others") : "");
    box.dataset.key = size.paid ? "paid" : "free";
    box.dataset.print = JSON.stringify([size, sizes.length]);
    return box;
  });
  fill($("size"), boxes.length ? boxes : [make("p", { class: "none", text: "–", "data-key": "none" })]);
}

function sizeBox(size, name) {
  const over = size.bytes > size.budget;
  const whole = Math.max(size.bytes, size.budget);
  const parts = size.parts.length ? size.parts : [{ name: "The letter", bytes: size.bytes }];
  const bar = make("div", { class: over ? "size-bar over" : "size-bar", role: "img", "aria-label": parts.map((part) => `${part.name}: ${kilo(part.bytes)}`).join(", ") });
  for (const part of parts) {
    const piece = make("span", { title: `${part.name}: ${kilo(part.bytes)}` });
    piece.style.width = `${(100 * part.bytes) / whole}%`;
    bar.append(piece);
  }
  const sent = size.sent ? make("span", { class: "soft", text: `about ${Math.round(size.sent / 1024)} KB as sent` }) : "";
  const line = make("div", { class: "size-line" }, make("span", { text: `${kilo(size.bytes)} of ${Math.round(size.budget / 1024)} KB` }), sent);
  const box = make("div", { class: "size" }, name ? make("h3", { text: name }) : "", line, bar);
  if (over) box.append(make("p", { class: "over-note", text: `Gmail cuts off the last ${kilo(size.bytes - size.budget)}.` }));
  return box;
}

// ── Findings ────────────────────────────────────────────────────────────────────────────────────────────────────────

const opened = new Set();

export function showFindings(about, doing) {
  const findings = about?.findings ?? [];
  const errors = findings.filter((each) => each.severity === "error");
  const warnings = findings.filter((each) => each.severity !== "error");
  const [allErrors, allWarnings] = about ? [about.entry.errors, about.entry.warnings] : [0, 0];
  const counts = [allErrors && plural(allErrors, "error"), allWarnings && plural(allWarnings, "warning")].filter(Boolean);
  $("findings-heading").textContent = counts.length ? `Findings · ${counts.join(", ")}` : "Findings";
  $("open-side").textContent = counts.length ? counts.join(", ") : "Check";
  if (!about) return fill($("findings"), [make("p", { class: "none", text: "–", "data-key": "blank" })]);
  const seen = new Map();
  const cards = [...errors, ...warnings].map((each) => finding(each, doing, seen));
  const more = allErrors + allWarnings - findings.length;
  if (more > 0) cards.push(make("p", { class: "none", text: `and ${more.toLocaleString("en")} more: newsletter check`, "data-key": "more", "data-print": more }));
  fill($("findings"), cards.length ? cards : [make("p", { class: "good-line", text: "✓ Nothing to fix.", "data-key": "none", "data-print": "" })]);
}

function finding(found, doing, seen) {
  const at = `${nameOf(found.path)}:${found.line}:${found.column}`;
  const name = `${found.code} ${found.file} ${found.message}`;
  const nth = (seen.get(name) ?? 0) + 1;
  seen.set(name, nth);
  const key = `${name} ${nth}`;
  const card = make("article", { class: `finding ${found.severity}` });
  const more = make("div", { class: "more", hidden: !opened.has(key) });
  const button = make("button", {
    type: "button", class: "what", text: sentence(found.message), "aria-expanded": String(opened.has(key)), "data-focus": key,
    onclick: () => {
      more.hidden = !more.hidden;
      button.setAttribute("aria-expanded", String(!more.hidden));
      if (more.hidden) opened.delete(key);
      else opened.add(key);
      if (!more.hidden) doing.reveal(found.place, false);
    },
  });
  const kind = found.severity === "error" ? "" : " · warning";
  card.append(make("h3", {}, button), make("p", { class: "where", text: `${at} · ${found.code}${kind}` }));
  if (found.before || found.marked.trim() || found.after) card.append(sourceLine(found));
  fillMore(more, found, doing);
  card.append(more);
  card.dataset.key = key;
  card.dataset.print = JSON.stringify([found, doing.root, doing.editor]);
  return card;
}

function sourceLine(found) {
  return make("pre", { class: "line", tabindex: "0", role: "region", "aria-label": `Line ${found.line}` }, found.before, make("mark", { text: found.marked }), found.after);
}

function fillMore(more, found, doing) {
  const whole = `${found.file}:${found.line}:${found.column}`;
  if (found.context.length > 1) {
    const lines = found.context.map(([number, text]) =>
      make("div", { class: number === found.line ? "here" : "" }, make("span", { class: "number", text: number }), text || " "));
    more.append(make("div", { class: "context", tabindex: "0", role: "region", "aria-label": "The lines around it" }, ...lines));
  }
  for (const said of [found.label, found.mend, found.fix && `newsletter check --fix: ${found.fix}`, found.asked && `asked for by ${found.asked}`]) if (said) more.append(make("p", { text: sentence(said) }));
  const actions = make("div", { class: "actions" }, make("button", { type: "button", text: "Copy location", onclick: () => copy(whole) }));
  if (doing.editor) actions.append(make("button", { type: "button", text: "Open in editor", onclick: () => doing.edit(found) }));
  if (doing.root) actions.append(make("a", { href: codeAddress(doing.root, found), text: "VS Code" }));
  more.append(actions);
}

function codeAddress(root, found) {
  const path = `${root}/${found.file}`.split("/").map(encodeURIComponent).join("/");
  return `vscode://file${path.startsWith("/") ? "" : "/"}${path}:${found.line}:${found.column}`;
}

// A path stays as it is.
export const sentence = (text) => /^\S*[/.]\S/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);

// ── Outline ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export function showOutline(outline, size, doing) {
  $("outline-heading").textContent = outline ? `Outline · ${outline.words.toLocaleString("en")} words` : "Outline";
  if (!outline) return fill($("outline"), [make("p", { class: "none", text: "–", "data-key": "none" })]);
  const rows = outline.rows.map((each) => {
    const bytes = size?.parts.find((part) => part.anchor && part.anchor === each.anchor)?.bytes;
    const numbers = each.missing
      ? [make("span", { class: "missing", text: "missing" })]
      : each.counts.map((count) => make("span", { class: count.state, text: `${count.state === "fits" ? "✓ " : ""}${count.text}` }));
    if (bytes) numbers.push(make("span", { text: `${KILO.format(bytes / 1024)} KB` }));
    const inside = [make("bdi", { class: "name", text: each.name }), make("span", { class: "numbers" }, ...numbers)];
    return make("li", {}, each.anchor ? make("button", { type: "button", onclick: () => doing.reveal(each.anchor, true), "data-focus": each.anchor }, ...inside) : make("div", { class: "row" }, ...inside));
  });
  const list = make("ul", { class: "outline", "data-key": "outline" }, ...rows);
  list.dataset.print = JSON.stringify([outline, size?.parts]);
  fill($("outline"), [list]);
}

// ── Faults ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export function showFault(fault, hasPicture) {
  const box = $("fault");
  const print = JSON.stringify([fault, hasPicture]);
  if (box.dataset.print === print) return;
  box.dataset.print = print;
  box.hidden = !fault;
  if (!fault) return box.replaceChildren();
  const parts = fault.findings.slice(0, 3).flatMap((found) => {
    const where = make("p", { text: `${found.path}:${found.line}:${found.column} · ${found.code}` });
    return [make("strong", { text: sentence(found.message) }), where, found.before || found.marked.trim() || found.after ? sourceLine(found) : null];
  });
  if (!fault.findings.length) parts.push(make("strong", { text: sentence(fault.message) }));
  for (const said of [fault.findings.length ? fault.findings[0].mend : "", fault.hint]) if (said) parts.push(make("p", { text: sentence(said) }));
  if (hasPicture) parts.push(make("p", { text: "Below is the last version that could be built." }));
  box.replaceChildren(...parts.filter(Boolean));
}
