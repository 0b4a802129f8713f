// Answers appear while they are made, and messages of staff when they come. Without this the forms do the same.
"use strict";

const CHAT = "/guest/chat";
let live = null;
let speaking = false;
// What was said last and has no answer, as something went wrong: sent again as it is, it arrives once.
let unanswered = null;

// The server says what is wrong, in words, when the form is sent in the plain way.
class Refused extends Error {}
class Unanswered extends Error {}

const log = () => document.getElementById("log");
const toEnd = () => { log().scrollTop = log().scrollHeight; };

function bubble(kind, by, text) {
  const item = document.createElement("li");
  item.className = `said ${kind}`;
  for (const [style, words] of [["by", by], ["", text]]) {
    const line = document.createElement("p");
    line.className = style;
    line.textContent = words;
    item.append(line);
  }
  log().append(item);
  toEnd();
  return item.lastElementChild;
}

// The page as the server draws it now: log, proposals, rating and fresh message ids. What is being typed stays.
async function refresh() {
  const answer = await fetch(CHAT, { headers: { Accept: "text/html" } });
  if (answer.redirected) { location.assign(answer.url); return; }
  if (!answer.ok) { return; }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const typed = document.getElementById("content").value;
  const focused = document.activeElement && document.activeElement.id === "content";
  document.getElementById("main").replaceWith(fresh.getElementById("main"));
  const field = document.getElementById("content");
  field.value = typed;
  if (focused) { field.focus(); }
  settle();
  toEnd();
  follow();
}

// After each look at the page: an answer, or a person who has been told, ends what was left open.
function settle() {
  if (!unanswered) { return; }
  const newest = document.getElementById("newest");
  const arrived = newest && Number(log().dataset.last) > unanswered.after;
  const field = document.getElementById("content");
  if (arrived && (!newest.classList.contains("mine") || newest.nextElementSibling)) {
    if (field.value === unanswered.content) { field.value = ""; }
    unanswered = null;
    return;
  }
  unanswered.shown = Boolean(arrived);
  complain();
}

// The id of what was said is its own: another text that is sent without a fresh page needs another one.
function renumber() {
  if (!window.crypto.randomUUID) { return; }
  for (const field of document.querySelectorAll("[name=message_id]")) { field.value = crypto.randomUUID(); }
}

function complain() {
  document.querySelector(".notice.bad")?.remove();
  const notice = document.createElement("div");
  const line = document.createElement("p");
  notice.className = "notice bad";
  notice.setAttribute("role", "alert");
  line.textContent = log().dataset.unanswered;
  notice.append(line);
  log().after(notice);
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

async function speak(content, messageId) {
  const conversation = await opened();
  const answer = await fetch(`/api/conversations/${conversation}/messages`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ content, client_msg_id: messageId }),
  });
  if (!answer.ok) { throw new Refused(String(answer.status)); }
  let words = null;
  let ended = false;
  for await (const [name, data] of events(answer.body)) {
    // A person who took the conversation over stands on the page; an instance that leaves stores the answer.
    if (name === "error" && data.code !== "conflict") { throw new Unanswered(data.code); }
    ended = ended || ["done", "error", "reconnect"].includes(name);
    if (name !== "delta") { continue; }
    words = words || bubble("", log().dataset.assistant, "");
    words.textContent += data.text;
    toEnd();
  }
  if (!ended) { throw new Unanswered("broken off"); }
}

async function send(form, content) {
  const field = document.getElementById("content");
  const again = unanswered && unanswered.content === content;
  const said = again ? unanswered : {
    content, id: form.elements.message_id.value, after: Number(log().dataset.last), shown: false,
  };
  speaking = true;
  unanswered = null;
  document.querySelector(".notice.bad")?.remove();
  if (form.id === "composer") { field.value = ""; }
  if (!said.shown) { bubble("mine", log().dataset.you, content); }
  said.shown = true;
  try {
    await speak(content, said.id);
  } catch (problem) {
    if (problem instanceof Refused) {
      field.value = content;
      HTMLFormElement.prototype.submit.call(plain(form, said));
      return;
    }
    unanswered = said;
    if (!field.value) { field.value = content; }
    renumber();
    complain();
  } finally {
    speaking = false;
  }
  // Without a connection the page stays as it is.
  await refresh().catch(() => {});
}

function plain(form, said) {
  const copy = form.cloneNode(false);
  copy.hidden = true;
  for (const [name, value] of [
    ["csrf", form.elements.csrf.value], ["message_id", said.id], ["content", said.content],
  ]) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    copy.append(input);
  }
  document.body.append(copy);
  return copy;
}

document.addEventListener("submit", (submission) => {
  const form = submission.target;
  if (form.getAttribute("action") !== CHAT || !window.TextDecoderStream) { return; }
  const button = submission.submitter;
  const content = (button && button.name === "content" ? button.value : form.elements.content.value).trim();
  submission.preventDefault();
  if (content && !speaking) { send(form, content); }
});

document.addEventListener("keydown", (key) => {
  const writes = key.target.id === "content" && key.key === "Enter" && !key.shiftKey && !key.isComposing;
  if (writes && window.matchMedia("(pointer: fine)").matches) {
    key.preventDefault();
    document.getElementById("composer").requestSubmit();
  }
});

function follow() {
  const { conversation, last } = log().dataset;
  if (!conversation || !window.EventSource) { return; }
  if (live) { live.close(); }
  let first = true;
  live = new EventSource(`/api/conversations/${conversation}/events?after=${last}`);
  live.addEventListener("message", () => { if (!speaking) { refresh(); } });
  // The first one tells how it stands, which the page shows already.
  live.addEventListener("status", () => { if (!first && !speaking) { refresh(); } first = false; });
}

toEnd();
follow();
