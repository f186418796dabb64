// The stream of what was saved. A browser has six connections to a server, for all its tabs: so the tabs share one stream,
// in a worker of their own where there are such, and eight of them can be open at once.

const TRY_AGAIN = 2000; // milliseconds

// Tells `tell` what the preview says: ["hello"], ["change", topics, now], ["lost"], ["bye"].
export function connect(tell) {
  const events = new EventSource("/api/events");
  let ended = false;
  events.addEventListener("hello", () => { ended = false; tell(["hello"]); });
  events.addEventListener("change", (event) => {
    const { topics, now } = JSON.parse(event.data);
    tell(["change", topics, now]);
  });
  events.addEventListener("bye", () => { ended = true; tell(["bye"]); });
  events.addEventListener("error", () => {
    if (!ended) tell(["lost"]);
    if (events.readyState === EventSource.CLOSED) setTimeout(() => connect(tell), TRY_AGAIN);
  });
}

if (globalThis.SharedWorkerGlobalScope) {
  const ports = new Set();
  let last = null; // what a tab that comes later has to know
  let begun = false;
  globalThis.onconnect = ({ ports: [port] }) => {
    ports.add(port);
    port.onmessage = () => ports.delete(port); // it goes
    if (last) port.postMessage(last);
    if (begun) return;
    begun = true;
    connect((said) => {
      if (said[0] !== "change") last = said;
      for (const each of ports) each.postMessage(said);
    });
  };
}
