// Small help with elements. Text is only ever set as text.

export const $ = (id) => document.getElementById(id);

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "text") element.textContent = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child != null && child !== ""));
  return element;
}

// Replaces what is in an element where it differs, and keeps the focus at what has the same key.
export function fill(element, children) {
  const fresh = children.filter(Boolean);
  const old = [...element.children];
  const known = new Map(old.filter((child) => child.dataset.key).map((child) => [child.dataset.key, child]));
  const wanted = fresh.map((child) => {
    const before = known.get(child.dataset.key);
    return before && before.dataset.print === child.dataset.print ? before : child;
  });
  const focused = document.activeElement?.closest("[data-focus]")?.dataset.focus;
  const held = focused && element.contains(document.activeElement);
  if (wanted.length !== old.length || wanted.some((child, at) => child !== old[at])) element.replaceChildren(...wanted);
  if (held && !element.contains(document.activeElement)) {
    [...element.querySelectorAll("[data-focus]")].find((each) => each.dataset.focus === focused)?.focus({ preventScroll: true });
  }
}

let fading = 0;
export function toast(text) {
  const element = $("toast");
  element.textContent = text;
  element.classList.add("on");
  clearTimeout(fading);
  fading = setTimeout(() => element.classList.remove("on"), 2400);
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", { "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  toast(`Copied ${text}`);
}

export function segments(fieldset, name, choices, chosen, change) {
  for (const [value, label, title] of choices) {
    const input = make("input", { type: "radio", name, value, checked: value === chosen, onchange: () => change(value) });
    fieldset.append(make("label", { title }, input, make("span", { text: label })));
  }
}

export function choose(fieldset, value) {
  for (const input of fieldset.querySelectorAll("input")) input.checked = input.value === value;
}

// A function that does its work one at a time: who calls it meanwhile gets it once more, however many they are.
export function once(work) {
  let running = null;
  let again = false;
  return () => {
    again = Boolean(running);
    running ??= (async () => {
      try {
        do {
          again = false;
          await work();
        } while (again);
      } finally {
        running = null;
      }
    })();
    return running;
  };
}
