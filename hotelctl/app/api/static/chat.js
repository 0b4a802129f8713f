// Answers appear while they are made, and messages of staff when they come. Without this the forms do the same.
"use strict";

const CHAT = "/guest/chat";
const AGAIN_MS = 5_000;
const NEAR_PX = 40;
let live = null;
let speaking = false;
let looks = 0;
// What was said last and has no answer, as something went wrong: sent again as it is, it arrives once.
let unanswered = null;

// The server says what is wrong, in words, when the form is sent in the plain way.
class Refused extends Error {}
class Unanswered extends Error {}

const part = (id) => document.getElementById(id);
const log = () => part("log");
const toEnd = () => { log().scrollTop = log().scrollHeight; };
// Whoever reads what was said before is left there.
const isAtEnd = () => log().scrollHeight - log().scrollTop - log().clientHeight < NEAR_PX;

function bubble(kind, by, text) {
  const item = document.createElement("li");
  item.className = `said ${kind}`;
  for (const [style, words] of [["by", by], ["", text]]) {
    const line = document.createElement("p");
    line.className = style;
    line.textContent = words;
    item.append(line);
  }
  item.lastElementChild.dir = "auto";
  log().append(item);
  return item;
}

function tell(role, tone, words, address) {
  const notice = document.createElement("div");
  const line = document.createElement("p");
  notice.className = `notice ${tone}`;
  notice.setAttribute("role", role);
  line.textContent = words;
  if (address) {
    const link = document.createElement("a");
    link.href = address;
    link.textContent = log().dataset.leave;
    line.append(" ", link);
  }
  notice.append(line);
  const wasAtEnd = isAtEnd();
  part("told").replaceChildren(notice);
  if (wasAtEnd) { toEnd(); }
}

const complain = () => tell("alert", "bad", log().dataset.unanswered);

// The session is over: the way out is shown, and what was typed stays as long as somebody may want it.
function over(address) {
  if (live) { live.close(); }
  if (part("content").value.trim()) { tell("alert", "bad", log().dataset.over, address); } else { location.assign(address); }
}

// The page holds the newest messages only; those before them stay as they are.
function keepOlder(fresh) {
  const first = fresh.querySelector("[id^=m-]");
  if (!first || fresh.dataset.conversation !== log().dataset.conversation) { return; }
  const known = new Set([...fresh.children].map((item) => item.id));
  for (const item of log().children) {
    if (item.id.startsWith("m-") && !known.has(item.id)) { first.before(item.cloneNode(true)); }
  }
}

// What differs on the page is drawn anew: messages, proposals, what became of them, rating and message ids.
function show(page) {
  const main = page.getElementById("main");
  const wasAtEnd = isAtEnd();
  const hadFocus = document.activeElement !== document.body;
  keepOlder(page.getElementById("log"));
  if (unanswered) { page.getElementById("told").replaceWith(part("told").cloneNode(true)); }
  patch(part("main"), main);
  // The button that had it is gone.
  if (hadFocus && document.activeElement === document.body) { log().focus({ preventScroll: true }); }
  settle();
  if (wasAtEnd) { toEnd(); }
  follow();
}

// Whatever comes behind a later look, or amid an answer, which ends with a look of its own, is old.
async function look(request) {
  looks += 1;
  const number = looks;
  const page = await drawn(await request, over);
  if (!page) { return null; }
  if (!page.getElementById("log")) { throw new Unanswered("no such page"); }
  if (number === looks && !speaking) { show(page); }
  return page;
}

const refresh = () => look(fetch(CHAT, { headers: { Accept: "text/html" } }));
const post = (address, fields) => look(fetch(address, {
  method: "POST", headers: { Accept: "text/html" }, body: new URLSearchParams(fields),
}));

// After each look at the page: an answer, or a person who has been told, ends what was left open.
function settle() {
  if (!unanswered) { return; }
  const newest = [...log().querySelectorAll("[id^=m-]")].pop();
  const arrived = newest && Number(log().dataset.last) > unanswered.after;
  const field = part("content");
  if (arrived && (!newest.classList.contains("mine") || newest.nextElementSibling)) {
    if (field.value === unanswered.content) { field.value = ""; }
    unanswered = null;
    part("told").replaceChildren();
    return;
  }
  unanswered.shown = Boolean(arrived);
}

// What is said has an id of its own: sent again under it, it arrives once.
function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

async function opened() {
  const known = log().dataset.conversation;
  if (known) { return known; }
  const answer = await fetch("/api/conversations", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: "{}",
  });
  if (!answer.ok) { throw new Refused(String(answer.status)); }
  return (await answer.json()).id;
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) { return; }
    rest += value;
    const blocks = rest.split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const field = (name) => block.split("\n").filter((line) => line.startsWith(`${name}:`))
        .map((line) => line.slice(name.length + 1).trimStart()).join("\n");
      if (field("event")) { yield [field("event"), JSON.parse(field("data") || "null")]; }
    }
  }
}

async function speak(said) {
  const conversation = await opened();
  const answer = await fetch(`/api/conversations/${conversation}/messages`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ content: said.content, client_msg_id: said.id }),
  });
  if (!answer.ok) { throw new Refused(String(answer.status)); }
  let reply = null;
  let ended = false;
  for await (const [name, data] of events(answer.body)) {
    // A person who took the conversation over stands on the page; an instance that leaves stores the answer.
    if (name === "error" && data.code !== "conflict") { throw new Unanswered(data.code); }
    ended = ended || ["done", "error", "reconnect"].includes(name);
    if (name === "accepted" && said.item) { said.item.id = `m-${data.seq}`; }
    if (name === "done" && reply) { reply.id = `m-${data.seq}`; }
    if (name !== "delta") { continue; }
    const wasAtEnd = isAtEnd();
    reply = reply || bubble("", log().dataset.assistant, "");
    reply.lastElementChild.textContent += data.text;
    if (wasAtEnd) { toEnd(); }
  }
  if (!ended) { throw new Unanswered("broken off"); }
}

// While an answer is made nothing else is sent; what is heard of it is the answer, not its pieces.
function setSpeaking(now) {
  speaking = now;
  log().setAttribute("aria-busy", String(now));
  for (const button of document.querySelectorAll("main form[action='/guest/chat'] button")) {
    button.setAttribute("aria-disabled", String(now));
  }
}

async function send(form, content) {
  const field = part("content");
  const again = unanswered && unanswered.content === content;
  const said = again ? unanswered : {
    content, id: freshId(), after: Number(log().dataset.last), shown: false, item: null,
  };
  setSpeaking(true);
  unanswered = null;
  part("told").replaceChildren();
  if (form.id === "composer") { field.value = ""; }
  if (!said.shown) { said.item = bubble("mine", log().dataset.you, content); }
  said.shown = true;
  toEnd();
  const problem = await speak(said).then(() => null, (found) => found);
  setSpeaking(false);
  part("told").replaceChildren();
  if (problem) { await fail(problem, said); }
  // Without a connection the page stays as it is.
  if (!(problem instanceof Refused)) { await refresh().catch(() => {}); }
}

async function fail(problem, said) {
  const field = part("content");
  if (!field.value) { field.value = said.content; }
  if (problem instanceof Refused) {
    const csrf = part("composer").elements.csrf.value;
    const page = await post(CHAT, { csrf, message_id: said.id, content: said.content }).catch(() => complain());
    if (page && field.value === said.content) { field.value = page.getElementById("content").value; }
    return;
  }
  unanswered = said;
  complain();
}

document.addEventListener("submit", (submission) => {
  const form = submission.target;
  const action = form.getAttribute("action");
  const button = submission.submitter;
  if (!action.startsWith(CHAT) || !window.TextDecoderStream) { return; }
  submission.preventDefault();
  if (action !== CHAT) {
    const fields = [...new FormData(form), ...(button && button.name ? [[button.name, button.value]] : [])];
    post(action, fields).catch(() => complain());
    return;
  }
  const content = (button && button.name === "content" ? button.value : form.elements.content.value).trim();
  if (!content) { return; }
  if (speaking) { tell("status", "warn", log().dataset.busy); } else { send(form, content); }
});

document.addEventListener("keydown", (key) => {
  const writes = key.target.id === "content" && key.key === "Enter" && !key.shiftKey && !key.isComposing;
  if (writes && window.matchMedia("(pointer: fine)").matches) {
    key.preventDefault();
    part("composer").requestSubmit();
  }
});

// The browser comes back by itself to a stream that broke off; to one that was refused it does not.
function follow() {
  const { conversation, last } = log().dataset;
  if (!conversation || !window.EventSource || (live && live.conversation === conversation)) { return; }
  if (live) { live.close(); }
  const stream = new EventSource(`/api/conversations/${conversation}/events?after=${last}`);
  const news = () => { if (!speaking) { refresh().catch(() => {}); } };
  let first = true;
  live = stream;
  stream.conversation = conversation;
  stream.addEventListener("message", news);
  // The first one tells how it stands, which the page shows already.
  stream.addEventListener("status", () => { if (!first) { news(); } first = false; });
  stream.addEventListener("error", () => {
    if (stream.readyState !== EventSource.CLOSED || live !== stream) { return; }
    live = null;
    setTimeout(news, AGAIN_MS);
  });
}

toEnd();
follow();
