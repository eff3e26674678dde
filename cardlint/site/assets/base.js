// What all pages share: elements made of text, addresses inside the site, numbers as readers write them.
// Every text passes `visible` and becomes a text node or an attribute value; nothing is ever parsed as HTML.
"use strict";

const cardlint = { views: {} };

cardlint.UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|[\ud800-\udfff]/gu;

/** A text with control, invisible and direction characters as codes. */
cardlint.visible = (text) =>
  String(text).replace(cardlint.UNSEEN, (sign) => (sign === "\n" ? "\n" : `\\u${sign.codePointAt(0).toString(16).padStart(4, "0")}`));

/** An element: attributes (`on` holds listeners, `vars` style variables), then children: texts, elements, lists of them, null. */
cardlint.h = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (name === "vars") for (const [key, each] of Object.entries(value)) element.style.setProperty(`--${key}`, each);
    else element.setAttribute(name, value === true ? "" : cardlint.visible(value));
  }
  cardlint.fill(element, children);
  return element;
};

cardlint.fill = (element, children) => {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(cardlint.visible(child)));
  }
  return element;
};

/** An address inside the site: a view, a key, filters. Keys of other people's making are encoded part by part. */
cardlint.to = (view, key, query) => {
  const path = key === undefined || key === null ? "" : `/${String(key).toWellFormed().split("/").map(encodeURIComponent).join("/")}`;
  const words = new URLSearchParams(Object.entries(query ?? {}).filter(([, value]) => value)).toString();
  return `#${view}${path}${words ? `?${words}` : ""}`;
};

/** The view, key and filters of an address. */
cardlint.from = (hash) => {
  const [path, words] = [hash.replace(/^#/, "").split("?", 1)[0], hash.includes("?") ? hash.slice(hash.indexOf("?") + 1) : ""];
  const at = path.indexOf("/");
  let key = at < 0 ? null : path.slice(at + 1);
  try {
    key = key && key.split("/").map(decodeURIComponent).join("/");
  } catch {
    // a broken escape stays as it stands
  }
  return { view: at < 0 ? path : path.slice(0, at), key, query: Object.fromEntries(new URLSearchParams(words)) };
};

cardlint.number = (value) => Number(value ?? 0).toLocaleString("en");
cardlint.share = (part, whole) => (whole ? (100 * part) / whole : 0);
cardlint.percent = (share) => `${share.toFixed(share < 10 && share > 0 ? 1 : 0)} %`;
cardlint.bytes = (count) => {
  const step = Math.min(4, Math.floor(Math.log10(Math.max(1, count)) / 3));
  return `${(count / 1000 ** step).toFixed(step ? 1 : 0)} ${["bytes", "kB", "MB", "GB", "TB"][step]}`;
};
cardlint.words = (name) => String(name).replaceAll("_", " ");
cardlint.plural = (count, one, many = `${one}s`) => `${cardlint.number(count)} ${count === 1 ? one : many}`;

/** Order of texts by code points, which is the order of UTF-8 and of every directory. */
cardlint.compare = (a, b) => {
  const left = Array.from(a), right = Array.from(b);
  for (let i = 0; i < Math.min(left.length, right.length); i += 1)
    if (left[i] !== right[i]) return left[i].codePointAt(0) - right[i].codePointAt(0);
  return left.length - right.length;
};
