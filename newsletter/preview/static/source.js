// Where the page gets what it shows: from the preview while it runs, or from the files of an export.

const exported = globalThis.NEWSLETTER_EXPORT;
export const isLive = !exported;

async function ask(address, signal) {
  const response = await fetch(address, { signal, cache: "no-store" });
  if (response.status === 503) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return ask(address, signal);
  }
  if (!response.ok) {
    const isFault = (response.headers.get("content-type") ?? "").includes("json");
    const fault = isFault ? await response.json() : { message: `${response.status}: ${await response.text()}`, hint: "", findings: [] };
    throw Object.assign(new Error(fault.message), { fault });
  }
  return response.json();
}

export async function askList() {
  return isLive ? ask("/api/list") : exported.list;
}

export async function askLook(state, signal) {
  if (!isLive) return exportedLook(state);
  const wish = new URLSearchParams({
    issue: state.issue,
    view: state.view,
    scheme: state.scheme,
    pictures: state.pictures ? "on" : "off",
    fill: state.fill,
    device: state.device === "phone" ? "phone" : "desktop",
    paid: state.paid ? "yes" : "no",
  });
  return ask(`/api/look?${wish}`, signal);
}

export async function askAbout(state) {
  return isLive ? ask(`/api/about?${new URLSearchParams({ issue: state.issue })}`) : exported.looks[state.issue].about;
}

export async function askSearch(text) {
  return ask(`/api/search?${new URLSearchParams({ q: text })}`);
}

export async function edit(found) {
  const response = await fetch("/api/open", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ path: found.file, line: found.line, column: found.column }),
  });
  return (response.headers.get("content-type") ?? "").includes("json") ? response.json() : { opened: false, said: await response.text() };
}

// Puts the empty document into the frame.
export function openFrame(element, remote) {
  if (isLive) element.src = `/frame${remote ? "?remote=yes" : ""}`;
  else element.srcdoc = '<!doctype html><html><head><base target="_blank"></head><body></body></html>';
}

// ── An export ───────────────────────────────────────────────────────────────────────────────────────────────────────

function exportedLook(state) {
  return new Promise((resolve, reject) => {
    const found = () => {
      const issue = exported.looks[state.issue];
      const device = state.view === "inbox" ? (state.device === "phone" ? "phone" : "desktop") : "desktop";
      const pictures = ["text", "inbox", "html"].includes(state.view) || state.pictures ? "on" : "off";
      const fill = ["web", "feed"].includes(state.view) ? "reader" : state.fill;
      const audience = state.paid && issue.about.editions ? "paid" : "free";
      const html = issue.documents[[state.view, state.scheme, pictures, device, fill, audience].join(" ")];
      resolve({ ...issue.look, html: typeof html === "number" ? issue.texts[html] : "" });
    };
    if (exported.looks[state.issue]) return found();
    const script = document.createElement("script");
    script.src = `issues/${state.issue}.js`;
    script.onload = found;
    script.onerror = () => reject(new Error("a file of this export is missing"));
    document.head.append(script);
  });
}

// ── What has changed ────────────────────────────────────────────────────────────────────────────────────────────────

export function listen({ changed, hello, lost, bye }) {
  if (!isLive) return;
  const tell = ([what, ...said]) => ({ hello, lost, bye, change: changed })[what](...said);
  const alone = () => import("/static/events.js").then(({ connect }) => connect(tell));
  if (!globalThis.SharedWorker) return alone();
  const join = () => {
    const worker = new SharedWorker("/static/events.js", { type: "module", name: "newsletter-preview" });
    worker.onerror = alone;
    worker.port.onmessage = ({ data }) => tell(data);
    addEventListener("pagehide", () => worker.port.postMessage("bye"), { once: true });
  };
  join();
  addEventListener("pageshow", (event) => { if (event.persisted) join(); }); // brought back from where pages are kept
}
