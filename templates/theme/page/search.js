// The search page: asks Pagefind's index for what stands behind ?q= and lists what it finds. Texts are set as texts; what
// Pagefind marks in an excerpt is the only element taken from it.
const found = document.getElementById("found");
const said = JSON.parse(found.dataset.said);
const field = document.getElementById("search");
const MOST = 30;

const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

// `Locks &amp; <mark>canals</mark>` as nodes: its marks, and all else as the text that it stands for.
const excerpt = (html) => {
  const read = new DOMParser().parseFromString(html, "text/html").body;
  return [...read.childNodes].map((node) =>
    node.nodeName === "MARK" ? element("mark", {}, node.textContent) : document.createTextNode(node.textContent));
};

const entry = (data) => {
  const parts = data.sub_results?.length ? data.sub_results : [data];
  const best = parts[0];
  return element("li", {},
    element("h2", {}, element("a", { href: best.url || data.url }, data.meta.title ?? data.url)),
    ...(data.meta.date ? [element("p", { className: "dateline" }, data.meta.date)] : []),
    ...(best.title && best.title !== data.meta.title ? [element("p", { className: "kicker" }, best.title)] : []),
    element("p", {}, ...excerpt(best.excerpt || data.excerpt)));
};

const search = async (words) => {
  if (!words.trim()) return;
  const pagefind = await import("./pagefind/pagefind.js");
  await pagefind.options({ baseUrl: new URL("../../", location.href).pathname }); // below any path
  const { results } = await pagefind.search(words);
  const shown = await Promise.all(results.slice(0, MOST).map((result) => result.data()));
  found.replaceChildren(shown.length
    ? element("ol", { className: "found" }, ...shown.map(entry))
    : element("p", { className: "none" }, said.nothing.replace("{words}", () => words)));
};

const asked = new URLSearchParams(location.search).get("q") ?? "";
field.value = asked;
search(asked).catch((error) => found.replaceChildren(element("p", { className: "none" }, String(error))));
