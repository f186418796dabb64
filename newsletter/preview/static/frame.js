// The frame that shows the letter. No script runs in it; what it shows is changed from here, and it stays where it was scrolled to.

import { morphAttributes, morphChildren } from "./morph.js";

// What a letter calls its elements must not stand for what a document has: `<img name="body">`. So the getters are taken by hand.
const getter = (name) => Object.getOwnPropertyDescriptor(Document.prototype, name).get;
const rootOf = getter("documentElement");
const headOf = getter("head");
const bodyOf = getter("body");
const byId = Document.prototype.getElementById;
const elementAt = Document.prototype.elementFromPoint;
const closest = Element.prototype.closest;

export class Frame {
  constructor(element, stage, letter, address) {
    this.element = element;
    this.stage = stage;
    this.letter = letter;
    this.address = address;
    this.scale = 1;
    this.ready = null;
    this.watch = new ResizeObserver(() => this.fit());
    this.onKey = () => {};
    this.onLink = () => {};
  }

  // Loads the empty document into the frame; `remote` lets pictures come from elsewhere.
  open(remote) {
    if (this.ready && this.remote === remote) return this.ready;
    this.remote = remote;
    this.ready = new Promise((resolve) => {
      const loaded = () => {
        this.element.removeEventListener("load", loaded);
        this.listen();
        resolve();
      };
      this.element.addEventListener("load", loaded);
      this.address(this.element, remote);
    });
    return this.ready;
  }

  get document() {
    return this.element.contentDocument;
  }

  listen() {
    const inside = this.document;
    inside.addEventListener("keydown", (event) => this.onKey(event));
    // Links open through this page alone. Where it is not told of them (WebKit tells nothing of a frame without scripts),
    // they do nothing: each would open a tab, and that is more than the frame may do.
    const follow = (event) => {
      const link = closest.call(event.target, "a[href], area[href]");
      if (!link || event.button > 1) return;
      event.preventDefault();
      this.onLink(link.getAttribute("href"), link.href);
    };
    inside.addEventListener("click", follow);
    inside.addEventListener("auxclick", follow);
    this.watch.disconnect();
    this.watch.observe(rootOf.call(inside));
  }

  async show(html, remote) {
    await this.open(remote);
    // With the frame's own parser: a document that this page made would be held to this page's policy, and lose its styles.
    const fresh = new this.element.contentWindow.DOMParser().parseFromString(html, "text/html");
    const anchor = this.anchor();
    const inside = this.document;
    morphAttributes(rootOf.call(inside), rootOf.call(fresh));
    const head = headOf.call(fresh);
    for (const each of fresh.querySelectorAll("[target]")) each.removeAttribute("target");
    head.prepend(Object.assign(fresh.createElement("base"), { target: "_blank" }));
    morphChildren(headOf.call(inside), head);
    morphAttributes(bodyOf.call(inside), bodyOf.call(fresh));
    morphChildren(bodyOf.call(inside), bodyOf.call(fresh));
    this.fit();
    this.restore(anchor);
  }

  // As high as what is in it, so that the stage scrolls and nothing in the frame.
  fit() {
    const root = rootOf.call(this.document);
    const height = Math.max(Math.ceil(root.getBoundingClientRect().height), 120);
    if (this.element.style.height !== `${height}px`) this.element.style.height = `${height}px`;
    this.letter.style.height = `${height * this.scale}px`;
  }

  // The element at the top of what is seen, with those around it, and where it stands.
  anchor() {
    const top = this.offset();
    if (top <= 0) return null;
    const width = this.element.clientWidth;
    let node = elementAt.call(this.document, width / 2, top / this.scale + 2);
    const chain = [];
    for (; node && node.parentElement; node = node.parentElement) chain.push([node, node.getBoundingClientRect().top]);
    return { chain, top };
  }

  // How far the frame is scrolled out of sight, on the screen.
  offset() {
    return this.stage.getBoundingClientRect().top - this.element.getBoundingClientRect().top;
  }

  restore(anchor) {
    if (!anchor) return;
    const found = anchor.chain.find(([node]) => node.isConnected);
    const moved = found ? (found[0].getBoundingClientRect().top - found[1]) * this.scale : 0;
    const wanted = anchor.top + moved;
    const now = this.offset();
    if (Math.abs(wanted - now) >= 1) this.stage.scrollTop += wanted - now;
  }

  // Scrolls to the part of the letter with an anchor; whether there is one.
  reveal(anchor) {
    if (!anchor || !this.document) return false;
    const target = byId.call(this.document, anchor);
    if (!target) return false;
    const top = target.getBoundingClientRect().top * this.scale - this.offset();
    this.stage.scrollBy({ top: top - 24, behavior: "instant" });
    return true;
  }
}
