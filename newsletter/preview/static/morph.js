// Makes one tree into another by changing only what differs, so that what stays is never drawn again.

const NEAR = 12; // how far ahead a node is looked for that has moved because others came or went

export function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = fresh.nodeValue;
    return;
  }
  morphAttributes(old, fresh);
  morphChildren(old, fresh);
}

export function morphAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of [...fresh.attributes]) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
}

export function morphChildren(old, fresh) {
  let before = [...old.childNodes];
  let after = [...fresh.childNodes];
  let first = 0;
  while (first < before.length && first < after.length && before[first].isEqualNode(after[first])) first += 1;
  let last = 0;
  const room = Math.min(before.length, after.length) - first;
  while (last < room && before[before.length - 1 - last].isEqualNode(after[after.length - 1 - last])) last += 1;
  const end = before[before.length - last] ?? null;
  before = before.slice(first, before.length - last);
  after = after.slice(first, after.length - last);
  let at = 0;
  for (let index = 0; index < after.length; index += 1) {
    const wanted = after[index];
    const here = before[at];
    if (!here) {
      insert(old, wanted, end);
      continue;
    }
    const later = here.isEqualNode(wanted) ? 0 : ahead(before, at, wanted);
    if (later >= 0) {
      for (let gone = 0; gone < later; gone += 1) before[at + gone].remove();
      at += later + 1;
    } else if (ahead(after, index, here) > 0 || !alike(here, wanted)) {
      insert(old, wanted, here);
    } else {
      morph(here, wanted);
      at += 1;
    }
  }
  for (; at < before.length; at += 1) before[at].remove();
}

function ahead(nodes, at, wanted) {
  for (let far = 1; far <= NEAR && at + far < nodes.length; far += 1) if (nodes[at + far].isEqualNode(wanted)) return far;
  return -1;
}

function alike(one, other) {
  if (one.nodeType !== other.nodeType || one.nodeName !== other.nodeName) return false;
  return one.nodeType !== Node.ELEMENT_NODE || one.getAttribute("id") === other.getAttribute("id");
}

function insert(parent, node, before) {
  parent.insertBefore(parent.ownerDocument.importNode(node, true), before);
}
