// The search field over the list: titles at once, from what is there; the text of all issues as soon as the preview has answered.

import { $, fill, make } from "./elements.js";
import { askSearch, isLive } from "./source.js";

const PATIENCE = 200; // milliseconds after the last key
const SHORTEST = 2; // of a script with letters; one character of Chinese or Japanese says enough

// `narrow` shows the issues whose titles fit; `go` opens an issue at a part of it.
export function prepareSearch({ narrow, go }) {
  const field = $("filter");
  let waiting = 0;
  let asked = "";
  const ask = async () => {
    const text = field.value.trim();
    asked = text;
    if (!isLive || !isEnough(text)) return showFound(null, go);
    try {
      const found = await askSearch(text);
      if (asked === text) showFound(found, go);
    } catch {
      if (asked === text) showFound({ hits: [], said: "The text could not be searched." }, go);
    }
  };
  field.addEventListener("input", () => {
    narrow();
    clearTimeout(waiting);
    waiting = setTimeout(ask, PATIENCE);
  });
  field.addEventListener("keydown", (event) => {
    const rows = [...document.querySelectorAll("#issues button, #found button")];
    if (event.key === "Escape" && field.value) {
      field.value = "";
      narrow();
      ask();
    } else if (event.key === "Escape") $("stage").focus();
    else if (event.key === "ArrowDown") rows[0]?.focus();
    else if (event.key === "Enter") rows[0]?.click();
    else return;
    event.preventDefault();
  });
  $("list").addEventListener("keydown", (event) => {
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || event.target === field) return;
    const rows = [field, ...document.querySelectorAll("#issues button, #found button")];
    const at = rows.indexOf(event.target);
    if (at < 0) return;
    rows[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    event.preventDefault();
  });
}

const isEnough = (text) => text.length >= SHORTEST || /[^\x00-\u2e7f]/.test(text);

function showFound(found, go) {
  $("found").hidden = !found;
  if (!found) return fill($("found"), []);
  const count = `${found.more ? "over " : ""}${(found.total ?? 0).toLocaleString("en")}`;
  const heading = make("h2", { text: found.hits.length ? `In the text · ${count}` : "In the text" });
  const said = found.said || (found.hits.length ? (found.spread ? "All of these words, in several places:" : "") : "No results.");
  const note = said ? make("p", { class: "empty", text: said }) : null;
  const rows = make("ul", {}, ...found.hits.map((hit) => make("li", {}, hitRow(hit, go))));
  fill($("found"), [heading, note, found.hits.length ? rows : null]);
}

function hitRow(hit, go) {
  const pieces = hit.pieces.map(([text, marked]) => (marked ? make("mark", { text }) : text));
  const inside = [make("bdi", { class: "title", text: hit.title }), make("span", { class: "when", text: hit.about })];
  if (pieces.length) inside.push(make("bdi", { class: "snippet" }, ...pieces));
  if (!hit.key) return make("div", { class: "issue hit", title: `${hit.place}, no longer in issues/` }, ...inside);
  return make("button", { type: "button", class: "issue hit", title: hit.place, onclick: () => go(hit.key, hit.anchor) }, ...inside);
}
