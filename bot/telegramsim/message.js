"use strict";
// How a message looks: its text with formatting, its pictures, its rich content.

// Text with its formatting. Offsets count UTF-16 units, as JavaScript does.

function formatted(text, entities) {
  const root = document.createDocumentFragment();
  const list = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  fill(root, text, 0, text.length, list);
  return root;
}

function fill(parent, text, from, to, list) {
  let pos = from;
  for (let i = 0; i < list.length;) {
    const e = list[i];
    const end = Math.min(e.offset + e.length, to);
    if (e.offset < pos || e.offset >= to) { i++; continue; }
    plain(parent, text.slice(pos, e.offset));
    const inner = [];
    let j = i + 1;
    while (j < list.length && list[j].offset < end) inner.push(list[j++]);
    const [outer, inside] = element(e, text.slice(e.offset, end));
    fill(inside, text, e.offset, end, inner);
    parent.append(outer);
    pos = end;
    i = j;
  }
  plain(parent, text.slice(pos, to));
}

// A quote or code block ends its line by itself: the line feed after it would be a gap.
function plain(parent, text) {
  const last = parent.lastChild;
  if (last && (last.nodeName === "BLOCKQUOTE" || last.nodeName === "PRE") && text.startsWith("\n")) text = text.slice(1);
  if (text) parent.append(text);
}

// element returns the element of an entity and where its text goes.
function element(e, text) {
  const simple = { bold: "b", italic: "i", underline: "u", strikethrough: "s" }[e.type];
  if (simple) return twice(make(simple));
  switch (e.type) {
    case "code": return twice(copying(make("code")));
    case "pre": return codeBlock(e);
    case "spoiler": return twice(spoiler());
    case "blockquote": return twice(make("blockquote"));
    case "expandable_blockquote": return folding();
    case "text_link": return twice(link(e.url));
    case "url": return twice(link(text));
    case "bot_command": return twice(command(text));
    case "mention": case "hashtag": case "cashtag": case "text_mention": return twice(inert());
  }
  return twice(make("span"));
}

const twice = (node) => [node, node];

function inert() {
  const a = make("a");
  a.setAttribute("role", "text");
  return a;
}

function copying(node) {
  node.addEventListener("click", () => {
    navigator.clipboard?.writeText(node.textContent).then(() => toast("Copied to clipboard"));
  });
  return node;
}

function codeBlock(e) {
  const pre = make("pre");
  const code = make("code");
  if (e.language) pre.append(make("span", "language", e.language));
  pre.append(code);
  return [pre, code];
}

function spoiler() {
  const node = make("span", "spoiler");
  node.addEventListener("click", (event) => {
    if (!node.classList.contains("seen")) event.preventDefault();
    node.classList.add("seen");
  });
  return node;
}

function folding() {
  const inside = make("div", "inside");
  const node = make("blockquote", "folds", inside);
  node.dataset.folds = "";
  node.addEventListener("click", (event) => {
    if (event.target.closest("a") || String(getSelection())) return;
    node.classList.toggle("unfolded");
  });
  return [node, inside];
}

// settle takes the fold off quotes that are short anyway.
function settle(node) {
  for (const quote of node.querySelectorAll("blockquote.folds:not(.unfolded)")) {
    const inside = quote.firstElementChild;
    if (inside.scrollHeight <= inside.clientHeight + 4) quote.classList.remove("folds");
  }
}

function web(address) {
  const full = /^[a-z]+:/i.test(address) ? address : "http://" + address;
  try {
    const url = new URL(full);
    return url.protocol === "http:" || url.protocol === "https:" ? url : null;
  } catch { return null; }
}

function link(address) {
  const a = make("a");
  const url = web(address);
  if (!url) return a;
  a.href = url.href;
  a.title = url.href;
  a.target = "_blank";
  a.rel = "noopener noreferrer";
  a.addEventListener("click", (event) => { if (follow(url)) event.preventDefault(); });
  return a;
}

// follow handles deep links to the bot here; it reports whether it did.
function follow(url) {
  const own = url.hostname === "t.me" && url.pathname.slice(1).toLowerCase() === (state.bot.username || "").toLowerCase();
  if (!own || !url.searchParams.has("start")) return false;
  const person = speaker();
  attempt(post("sim/write", { as: person, chat: person, text: ("/start " + url.searchParams.get("start")).trim() })
    .then(() => { location.hash = String(person); }));
  return true;
}

function command(text) {
  const a = make("a");
  a.href = "#" + (open ? open.id : "");
  a.addEventListener("click", (event) => { event.preventDefault(); write(text); });
  return a;
}

function about(view) {
  const chat = current();
  if (!chat || chat.kind !== "private") return make("div", "about", say("No messages yet."));
  const text = view.about || say("Press START and the bot will answer.");
  return make("div", "about", make("b", "", say("What can this bot do?")), text);
}

function message(m, group) {
  if (m.service) {
    const node = make("div", "service", say(m.service));
    node.dataset.message = m.id;
    return node;
  }
  const chat = current();
  const alone = chat.kind === "private";
  const mine = m.from !== 0 && m.from === speaker();
  const bubble = make("div", "bubble");
  if (!alone && !mine && !group) bubble.append(author(m));
  if (m.only) bubble.append(make("div", "only", say("👁 Only you see this")));
  if (m.viaBot) bubble.append(make("div", "author", "via @" + state.bot.username));
  if (m.reply) bubble.append(make("div", "reply", make("b", "", m.reply.from), make("span", "", m.reply.text)));
  if (m.photo) bubble.append(photo(m.photo));
  if (m.document) bubble.append(documentRow(m.document));
  if (m.preview && m.preview.above) bubble.append(preview(m.preview));
  if (m.rich) bubble.append(rich(m));
  const text = make("div", "text");
  if (m.text) text.append(formatted(m.text, m.entities));
  if (m.preview && !m.preview.above) {
    bubble.append(text, preview(m.preview), meta(m));
  } else if (m.text) {
    text.append(meta(m));
    bubble.append(text);
  } else {
    bubble.append(meta(m));
  }
  bubble.append(make("div", "after"));
  const stack = make("div", "stack", bubble, m.keyboard ? keys(m) : null);
  const face = mine || alone ? null : avatar(make("div"), m.from || chat.id, m.name);
  const node = make("article", "message", face, stack);
  node.classList.toggle("mine", mine);
  node.classList.toggle("next", group);
  node.classList.toggle("ephemeral", Boolean(m.only));
  node.classList.toggle("alone", alone);
  node.classList.toggle("wide", Boolean(m.preview && m.preview.image) || Boolean(m.photo));
  node.dataset.message = m.id;
  node.dataset.from = m.bot ? "bot" : "person";
  return node;
}

function author(m) {
  return make("div", "author", make("span", "", m.name), m.topic ? make("i", "", m.topic) : m.bot ? make("i", "", say("bot")) : null);
}

function meta(m) {
  const node = make("span", "meta");
  if (m.pinned) node.append(icon("M9 3h6l-1 7 3 3v2H7v-2l3-3zM12 15v6"));
  if (m.silent) {
    const bell = icon("M6 9a6 6 0 0 1 9-5M18 9c0 5 2 7 2 7H8M10 20a2 2 0 0 0 4 0M3 3l18 18");
    bell.removeAttribute("aria-hidden");
    bell.setAttribute("role", "img");
    bell.setAttribute("aria-label", say("sent without sound"));
    node.append(bell);
  }
  if (m.edited) node.append(make("span", "", say("edited")));
  node.append(clock.format(at(m.date)));
  return node;
}

function image(address, name, gone) {
  const img = make("img", name);
  img.alt = "";
  img.loading = "eager";
  img.referrerPolicy = "no-referrer";
  img.addEventListener("error", gone);
  img.addEventListener("load", () => {
    const scroll = $("scroll");
    if (scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 500) scroll.scrollTop = scroll.scrollHeight;
  });
  img.src = address;
  return img;
}

const showable = (address) => address.startsWith("sim/") || web(address) !== null;

function photo(address) {
  if (!showable(address)) return make("div", "text", say("🖼 Photo"));
  const img = image(address, "picture photo", () => img.replaceWith(make("div", "text", say("🖼 Photo"))));
  return img;
}

function preview(p) {
  const node = link(p.url);
  node.className = p.above ? "preview above" : "preview";
  node.append(make("span", "site", p.site), make("span", "address", p.url));
  if (p.picture) node.classList.add("bare");
  if (p.image && showable(p.image)) {
    node.classList.add("pictured");
    const img = image(p.image, "picture", () => { img.remove(); node.classList.remove("pictured"); });
    node.append(img);
  }
  return node;
}

function documentRow(d) {
  const a = make("a", "document", make("i", "", icon("M7 3h7l5 5v13H7zM14 3v5h5")), make("div", "", make("b", "", d.name || say("file")), make("span", "", bytes(d.size))));
  a.href = d.url;
  a.download = d.name || say("file");
  return a;
}

function bytes(n) {
  if (n < 1024) return n + " B";
  if (n < 1 << 20) return (n / 1024).toFixed(1) + " KB";
  return (n / (1 << 20)).toFixed(1) + " MB";
}

// Rich messages: a tree of tags the simulator has checked; only these are made.

const richTags = new Set(["h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "blockquote", "aside", "details", "summary",
  "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "figure", "figcaption", "cite", "pre", "footer", "hr", "br",
  "b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "mark", "sub", "sup", "code"]);

function rich(m) {
  const node = make("div", "rich");
  if (m.rtl) node.dir = "rtl";
  richChildren(node, m.rich);
  return node;
}

function richChildren(parent, tree) {
  for (const child of tree.children || []) parent.append(richNode(child));
}

function richNode(tree) {
  if (!tree.tag) return document.createTextNode(tree.text || "");
  const attr = tree.attr || {};
  if (tree.tag === "img") {
    if (!showable(attr.src || "")) return document.createTextNode("");
    const img = image(attr.src, "", () => img.remove());
    return img;
  }
  const node = tree.tag === "a" ? link(attr.href || "") : tree.tag === "tg-spoiler" ? spoiler() : make(richTags.has(tree.tag) ? tree.tag : "span");
  if (tree.tag === "details" && "open" in attr) node.open = true;
  for (const span of ["colspan", "rowspan"]) if (attr[span]) node.setAttribute(span, attr[span]);
  richChildren(node, tree);
  return node;
}

