"use strict";
// The chat page. Everything shown comes from outside and is put in place as text; no
// markup is ever built from it.

const $ = (id) => document.getElementById(id);
const body = document.body;

let state = { chats: [], bot: {}, actions: [], links: [], guide: [] };
let open = null; // the open chat: id and what /sim/chat gave
let shown = new Map(); // message id -> { json, node } of the open chat, day -> { node }
let busy = false;
let again = false;

function make(tag, name, ...children) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.append(...children.filter((c) => c !== null && c !== undefined));
  return node;
}

function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const p = document.createElementNS("http://www.w3.org/2000/svg", "path");
  p.setAttribute("d", path);
  svg.append(p);
  return svg;
}

async function get(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

async function post(path, data) {
  const isFile = data instanceof Blob;
  const answer = await fetch(path, {
    method: "POST",
    headers: { "X-Telegramsim": "page", "Content-Type": isFile ? "application/octet-stream" : "application/json" },
    body: isFile ? data : JSON.stringify(data),
  });
  const result = await answer.json();
  if (!answer.ok) throw new Error(result.error);
  return result;
}

// Messages to the person.

let toastTimer = 0;
function toast(text) {
  $("toast").textContent = say(text);
  $("toast").hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $("toast").hidden = true; }, 3500);
}

function tell(text) {
  $("alert-text").textContent = text;
  if (!$("alert").open) $("alert").showModal();
}
$("alert-ok").addEventListener("click", () => $("alert").close());

const attempt = (doing) => doing.catch((err) => toast(err.message));

// Times and names.

const clock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", hour12: false });
const dayName = new Intl.DateTimeFormat([], { day: "numeric", month: "long" });
const at = (unix) => new Date(unix * 1000);

function when(unix) {
  const day = at(unix).toDateString();
  return day === new Date().toDateString() ? clock.format(at(unix)) : dayName.format(at(unix));
}

function dayOf(unix) {
  return at(unix).toDateString() === new Date().toDateString() ? say("Today") : dayName.format(at(unix));
}

function avatar(node, id, name) {
  node.className = "avatar tint-" + (Math.abs(id) % 7);
  node.textContent = [...name.trim()][0] || "?";
  node.setAttribute("aria-hidden", "true");
  return node;
}

function languageTag(code) {
  if (!code) return null;
  return make("span", "tag", code.toLowerCase().startsWith("zh") ? "中文" : code.split("-")[0].toUpperCase());
}

// The list of chats.

let rows = new Map(); // chat id -> { json, node }

// showChats keeps the buttons of the list and changes what is in them: a button that is
// replaced while it is pressed is never clicked.
function showChats() {
  const next = new Map();
  for (const chat of state.chats) {
    const chosen = String(open !== null && open.id === chat.id);
    const json = JSON.stringify(chat) + chosen;
    const entry = rows.get(chat.id) || { json: "", node: chatRow(chat.id) };
    if (entry.json !== json) entry.node.replaceChildren(...chatParts(chat));
    entry.json = json;
    entry.node.setAttribute("aria-current", chosen);
    next.set(chat.id, entry);
  }
  rows = next;
  const nodes = (back) => state.chats.filter((c) => Boolean(c.back) === back).map((c) => rows.get(c.id).node);
  reconcile($("chats"), nodes(false));
  reconcile($("behind"), nodes(true));
  const behind = $("behind").childElementCount;
  $("background").hidden = behind === 0;
  $("background").textContent = say(behind + (behind === 1 ? " more reader" : " more readers"));
}

$("background").addEventListener("click", () => {
  $("behind").hidden = !$("behind").hidden;
  $("background").setAttribute("aria-expanded", String(!$("behind").hidden));
});

function chatRow(id) {
  const node = make("button", "chat");
  node.type = "button";
  node.dataset.chat = id;
  node.addEventListener("click", () => { location.hash = String(id); });
  return node;
}

function chatParts(chat) {
  const name = make("span", "name", make("span", "", chat.title), languageTag(chat.language));
  const last = make("span", "last");
  if (!chat.last) {
    last.append(say("No messages yet"));
  } else {
    if (chat.kind !== "private" && chat.last.from) last.append(make("b", "", chat.last.from + ": "));
    last.append(chat.last.text);
  }
  return [avatar(make("span"), chat.id, chat.title), name, make("span", "when", chat.last ? when(chat.last.date) : ""), last,
    chat.unread ? make("span", "count", String(chat.unread)) : make("span")];
}

// showAround shows what stands around the chats and does not change: buttons, links, the guide.
let around = "";
function showAround() {
  const json = JSON.stringify([state.actions, state.links, state.guide]);
  if (json === around) return;
  around = json;
  $("actions").replaceChildren(...state.actions.map(actionButton));
  $("chat-actions").replaceChildren(...state.actions.filter((a) => a.inChats).map(actionButton));
  $("links").replaceChildren(...state.links.map((l) => {
    const a = make("a", "", l.text);
    a.href = l.address;
    return a;
  }));
  for (const list of document.querySelectorAll(".guide")) list.replaceChildren(...state.guide.map((words) => step(inOurs(words))));
}

function actionButton(action) {
  const button = make("button", "", inOurs(action.words));
  button.type = "button";
  button.dataset.action = action.name;
  button.addEventListener("click", async () => {
    button.disabled = true;
    await attempt(post("sim/action", { name: action.name }));
    button.disabled = false;
  });
  return button;
}

// step is one step of the guide. What is before the first colon names it, what is in
// brackets is a button.
function step(text) {
  const [, name, rest] = /^([^:：]*[:：])?(.*)$/s.exec(text);
  const parts = rest.split(/\[(.*?)\]/).map((part, i) => (i % 2 ? make("span", "press", part) : part));
  return make("li", "", name ? make("b", "", name) : null, ...parts);
}

// Messages.

function showMessages(view) {
  const box = $("messages");
  const scroll = $("scroll");
  const fresh = shown.size > 0;
  const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120;
  const next = new Map();
  const nodes = [];
  let before = null;
  let day = "";
  let added = 0;
  view.messages.forEach((m, i) => {
    if (dayOf(m.date) !== day) {
      day = dayOf(m.date);
      const entry = shown.get(day) || { node: make("div", "day", day) };
      next.set(day, entry);
      nodes.push(entry.node);
      before = null;
    }
    const group = before !== null && together(before, m);
    const after = view.messages[i + 1];
    const last = !after || !together(m, after);
    const json = JSON.stringify(m) + group + last + speaker();
    let entry = shown.get(m.id);
    if (!entry || entry.json !== json) {
      const node = message(m, group);
      node.classList.toggle("last", last);
      if (entry) carryOver(entry.node, node);
      else if (fresh) { node.classList.add("fresh"); added++; }
      entry = { json, node };
    }
    next.set(m.id, entry);
    nodes.push(entry.node);
    before = m;
  });
  if (view.messages.length === 0) nodes.push(about(view));
  shown = next;
  reconcile(box, nodes);
  for (const node of nodes) settle(node);
  if (!fresh || atEnd) scroll.scrollTop = scroll.scrollHeight;
  else if (added) $("below").textContent = String(Number($("below").textContent || 0) + added);
  whereabouts();
}

// together: messages of one author in one go share an avatar and stand close.
function together(a, b) {
  return !a.service && !b.service && a.from === b.from && a.name === b.name && b.date - a.date < 600 && dayOf(a.date) === dayOf(b.date);
}

// reconcile puts nodes into the box, touching only what differs, so that what a person
// has unfolded, selected or is pressing stays. What goes, goes first: the rest need not move.
function reconcile(box, nodes) {
  const keep = new Set(nodes);
  for (const node of [...box.childNodes]) if (!keep.has(node)) node.remove();
  nodes.forEach((node, i) => { if (box.childNodes[i] !== node) box.insertBefore(node, box.childNodes[i] || null); });
}

// carryOver keeps quotes unfolded when a message is edited.
function carryOver(from, to) {
  const old = [...from.querySelectorAll("blockquote[data-folds]")];
  [...to.querySelectorAll("blockquote[data-folds]")].forEach((quote, i) => {
    if (old[i] && old[i].classList.contains("unfolded") && old[i].textContent === quote.textContent) quote.classList.add("unfolded");
  });
}

// Buttons under messages.

function keys(m) {
  return make("div", "keys", ...m.keyboard.map((row) => make("div", "", ...row.map((b) => key(m, b)))));
}

function key(m, b) {
  const node = make("button", "", b.text);
  node.type = "button";
  node.dataset.button = b.text;
  if (b.url) node.append(make("span", "mark", "↗"));
  else if (b.copy_text) node.append(make("span", "mark", "⧉"));
  node.addEventListener("click", () => attempt(press(m, b, node)));
  return node;
}

async function press(m, b, node) {
  if (b.url) {
    const url = web(b.url);
    if (url && !follow(url)) window.open(url.href, "_blank", "noopener,noreferrer");
    return;
  }
  if (b.copy_text) {
    await navigator.clipboard.writeText(b.copy_text.text);
    toast("Copied to clipboard");
    return;
  }
  const inline = b.switch_inline_query_current_chat ?? b.switch_inline_query;
  if (inline !== undefined) {
    $("text").value = "@" + state.bot.username + " " + inline;
    $("text").focus();
    typed();
    return;
  }
  if (!b.callback_data) { toast("This button does not work in the simulator"); return; }
  node.classList.add("busy");
  try {
    const answer = await post("sim/press", { as: speaker(), chat: open.id, message: m.id, data: b.callback_data });
    if (answer.Text) (answer.Alert ? tell : toast)(answer.Text);
    const url = answer.URL && web(answer.URL);
    if (url && !follow(url)) window.open(url.href, "_blank", "noopener,noreferrer");
  } finally {
    node.classList.remove("busy");
  }
}

// The open chat.

const current = () => (open ? state.chats.find((c) => c.id === open.id) : null);

// speaker is who writes: the person of a private chat, or the one chosen for a group.
function speaker() {
  const chat = current();
  if (!chat) return 0;
  return chat.kind === "private" ? chat.id : Number($("as").value);
}

function choose(select, options, keep) {
  const wanted = options.map((o) => o.value + "\t" + o.text).join("\n");
  if (select.dataset.options === wanted) return;
  select.dataset.options = wanted;
  const value = keep ? select.value : "";
  select.replaceChildren(...options.map((o) => { const n = make("option", "", o.text); n.value = o.value; return n; }));
  if (options.some((o) => o.value === value)) select.value = value;
}

function showOpen(same) {
  const chat = current();
  $("nothing").hidden = Boolean(chat);
  $("open").hidden = !chat;
  if (!chat) { delete body.dataset.chat; return; }
  body.dataset.chat = chat.id;
  avatar($("face"), chat.id, chat.title);
  $("title").textContent = chat.title;
  const isPrivate = chat.kind === "private";
  $("subtitle").textContent = say(isPrivate ? "chatting with " + state.bot.first_name : subtitle(chat));
  $("block").hidden = !isPrivate;
  const word = say(chat.blocked ? "Unblock" : "Block");
  $("block").lastElementChild.textContent = word;
  $("block").title = word;
  $("block").setAttribute("aria-label", word);
  $("speaker").hidden = isPrivate;
  const admins = chat.members.filter((p) => p.admin); // they come first, for they may try everything
  choose($("as"), [...admins, ...chat.members.filter((p) => !p.admin)].map((p) => ({ value: String(p.id), text: p.name + (p.admin ? " ★" : "") })), same);
  const fresh = isPrivate && (chat.count === 0 || chat.blocked);
  $("start").hidden = !fresh;
  $("start").textContent = say(chat.blocked ? "UNBLOCK" : "START");
  $("row").hidden = fresh;
  $("clip").hidden = !isPrivate;
}

function subtitle(chat) {
  const n = chat.members.length + (chat.botIn ? 1 : 0);
  if (chat.kind === "channel") return "channel";
  return n + (n === 1 ? " member" : " members");
}

async function refresh() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    do {
      again = false;
      await load();
    } while (again);
  } catch {
    toast("The simulator is gone");
  } finally {
    busy = false;
  }
}

async function load() {
  state = await get("sim/state");
  document.title = state.bot.first_name;
  const id = Number(location.hash.slice(1));
  const same = open !== null && open.id === id;
  if (!same) { shown = new Map(); $("messages").replaceChildren(); $("below").textContent = ""; $("text").value = ""; grow(); popup([]); }
  open = state.chats.some((c) => c.id === id) ? { id, same } : null;
  showAround();
  showOpen(same);
  if (open) {
    const view = await get("sim/chat?id=" + open.id + "&as=" + speaker());
    open.commands = view.commands;
    $("menu").hidden = view.commands.length === 0;
    $("place").hidden = view.topics.length === 0;
    choose($("thread"), [{ value: "0", text: say("General") }, ...view.topics.map((t) => ({ value: String(t.id), text: t.name }))], same);
    showMessages(view);
    const chat = current();
    if (chat.unread && document.visibilityState === "visible") {
      chat.unread = 0;
      await post("sim/read", { as: speaker(), chat: open.id });
    }
  }
  showChats();
  body.dataset.revision = state.revision;
  body.dataset.ready = "";
}

// Scrolling.

function whereabouts() {
  const scroll = $("scroll");
  const far = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight > 160;
  $("down").hidden = !far;
  if (!far) $("below").textContent = "";
}
$("scroll").addEventListener("scroll", whereabouts, { passive: true });
$("down").addEventListener("click", () => { $("scroll").scrollTo({ top: $("scroll").scrollHeight, behavior: "smooth" }); });

// Writing.

async function write(text) {
  if (!text.trim() || !open) return;
  await attempt(post("sim/write", { as: speaker(), chat: open.id, thread: Number($("thread").value) || 0, text }));
  $("scroll").scrollTop = $("scroll").scrollHeight;
}

function send() {
  const text = $("text").value;
  $("text").value = "";
  grow();
  popup([]);
  return write(text);
}

function grow() {
  const text = $("text");
  text.style.height = "";
  if (text.scrollHeight > text.clientHeight) text.style.height = text.scrollHeight + "px";
}

let picked = 0;
function popup(entries) {
  picked = 0;
  $("popup").hidden = entries.length === 0;
  $("commands").replaceChildren(...entries.map((entry, i) => {
    const node = make("button", "", make("b", "", entry.name), make("span", "", entry.about || ""));
    node.type = "button";
    node.setAttribute("role", "option");
    if (entry.command) node.dataset.command = entry.command;
    if (entry.result) node.dataset.result = entry.result;
    node.setAttribute("aria-selected", String(i === 0));
    node.addEventListener("click", entry.choose);
    return node;
  }));
}

function commandEntries(prefix) {
  return (open && open.commands || []).filter((c) => c.command.startsWith(prefix)).map((c) => ({
    name: "/" + c.command, about: c.description, command: c.command,
    choose: () => { $("text").value = ""; grow(); popup([]); write("/" + c.command); },
  }));
}

let inlineTimer = 0;
function typed() {
  grow();
  const text = $("text").value;
  const inline = "@" + state.bot.username + " ";
  clearTimeout(inlineTimer);
  if (text.startsWith("/") && !/\s/.test(text)) popup(commandEntries(text.slice(1)));
  else if (state.bot.username && text.startsWith(inline)) inlineTimer = setTimeout(() => attempt(search(text.slice(inline.length))), 300);
  else popup([]);
}

// search shows what the bot offers for an inline query.
async function search(words) {
  const typed = $("text").value;
  const found = await post("sim/inline", { as: speaker(), chat: open.id, text: words });
  if ($("text").value !== typed) return; // by now something else is asked for
  const clear = () => { $("text").value = ""; grow(); popup([]); };
  const entries = (found.results || []).map((r) => ({
    name: r.Title, about: r.Description, result: r.ID,
    choose: () => {
      clear();
      attempt(post("sim/choose", { as: speaker(), chat: open.id, query: found.query, result: r.ID }));
    },
  }));
  if (found.button) {
    entries.unshift({ name: found.button, choose: () => { clear(); follow(new URL("https://t.me/" + state.bot.username + "?start=" + found.start)); } });
  }
  popup(entries);
}

function move(by) {
  const options = [...$("commands").children];
  if (!options.length) return;
  picked = (picked + by + options.length) % options.length;
  options.forEach((o, i) => o.setAttribute("aria-selected", String(i === picked)));
  options[picked].scrollIntoView({ block: "nearest" });
}

$("text").addEventListener("input", typed);
$("text").addEventListener("keydown", (event) => {
  const listing = !$("popup").hidden;
  if (event.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    const chosen = $("commands").children[picked];
    const whole = chosen && chosen.dataset.command && $("text").value === "/" + chosen.dataset.command;
    if (listing && chosen && !whole) chosen.click();
    else attempt(send());
  } else if (listing && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Escape") popup([]);
});
$("send").addEventListener("click", () => attempt(send()));
$("start").addEventListener("click", () => {
  const chat = current();
  if (chat.blocked) attempt(post("sim/block", { as: chat.id, chat: chat.id, blocked: false }));
  else write("/start");
});
$("menu").addEventListener("click", () => popup($("popup").hidden ? commandEntries("") : []));
$("block").addEventListener("click", () => {
  const chat = current();
  attempt(post("sim/block", { as: chat.id, chat: chat.id, blocked: !chat.blocked }));
});
$("attach").addEventListener("change", async () => {
  for (const file of $("attach").files) {
    await attempt(post("sim/upload?as=" + speaker() + "&name=" + encodeURIComponent(file.name), file));
  }
  $("attach").value = "";
});
$("as").addEventListener("change", refresh);
$("back").addEventListener("click", () => { location.hash = ""; });
$("scroll").addEventListener("click", () => popup([]));
addEventListener("hashchange", refresh);
addEventListener("resize", () => { for (const { node } of shown.values()) settle(node); });
document.addEventListener("visibilitychange", refresh);

new EventSource("sim/events").onmessage = refresh;
refresh();
