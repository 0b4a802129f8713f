// Answers appear while they are made, and messages of staff when they come. Without this the forms do the same.
"use strict";

const CHAT = "/guest/chat";
let live = null;
let speaking = false;

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
  toEnd();
  follow();
}

async function opened() {
  const known = log().dataset.conversation;
  if (known) { return known; }
  const answer = await fetch("/api/conversations", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: "{}",
  });
  if (!answer.ok) { throw new Error(String(answer.status)); }
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
  if (!answer.ok) { throw new Error(String(answer.status)); }
  let words = null;
  for await (const [name, data] of events(answer.body)) {
    if (name !== "delta") { continue; }
    words = words || bubble("", log().dataset.assistant, "");
    words.textContent += data.text;
    toEnd();
  }
}

async function send(form, content) {
  const field = document.getElementById("content");
  speaking = true;
  if (form.id === "composer") { field.value = ""; }
  bubble("mine", log().dataset.you, content);
  try {
    await speak(content, form.elements.message_id.value);
  } catch {
    // The server says what is wrong, in words, when the form is sent in the plain way.
    field.value = content;
    form.requestSubmit ? HTMLFormElement.prototype.submit.call(plain(form, content)) : form.submit();
    return;
  } finally {
    speaking = false;
  }
  await refresh();
}

function plain(form, content) {
  const copy = form.cloneNode(false);
  copy.hidden = true;
  for (const [name, value] of [
    ["csrf", form.elements.csrf.value], ["message_id", form.elements.message_id.value], ["content", content],
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
