// What the guest says shows up by itself, and no answer is lost. Without this a link and the form do the same.
"use strict";

const part = (id) => document.getElementById(id);
const page = { headers: { Accept: "text/html" } };

function tell(words, address) {
  const notice = document.createElement("div");
  const line = document.createElement(address ? "a" : "p");
  notice.className = "notice bad";
  notice.setAttribute("role", "alert");
  line.textContent = words;
  if (address) { Object.assign(line, { href: address, target: "_blank" }); }
  notice.append(line);
  part("told").replaceChildren(notice);
}

function over(address) {
  const field = part("content");
  if (part("told").querySelector("a")) { return; }
  if (field && field.value.trim()) { tell(part("talk").dataset.over, address); } else { location.assign(address); }
}

function show(fresh) {
  const field = part("content");
  // Somebody else answers now: what was typed so far stays to be seen.
  if (field && field.value.trim() && !fresh.getElementById("content")) {
    fresh.getElementById("end").replaceWith(part("end").cloneNode(true));
  }
  patch(part("main"), fresh.getElementById("main"));
  document.title = fresh.title;
}

async function refresh() {
  const answer = await fetch(location.pathname, page);
  const fresh = answer.ok ? await drawn(answer, over) : null;
  if (fresh) { show(fresh); }
}

async function send(form) {
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", body, ...page });
  // Whoever logged in again meanwhile has another token in the forms.
  if (answer.status === 403) { await refresh(); }
  const fresh = await drawn(answer, over);
  if (!fresh) { return; }
  if (!fresh.getElementById("talk")) { throw new Error(String(answer.status)); }
  form.elements.content.value = fresh.getElementById("content")?.value || "";
  show(fresh);
}

document.addEventListener("submit", (submission) => {
  const form = submission.target;
  if (!form.elements.content) { return; }
  submission.preventDefault();
  send(form).catch(() => tell(part("talk").dataset.unsent));
});

function follow() {
  const { conversation, last } = part("talk").dataset;
  const live = new EventSource(`/api/conversations/${conversation}/events?after=${last}`);
  const news = () => { refresh().catch(() => {}); };
  let first = true;
  live.addEventListener("message", news);
  // The first one tells how it stands, which the page shows already.
  live.addEventListener("status", () => { if (!first) { news(); } first = false; });
  live.addEventListener("error", () => { if (live.readyState === EventSource.CLOSED) { setTimeout(again, 5_000); } });
}

// The browser comes back by itself to a stream that broke off; to one that was refused it does not.
async function again() {
  await refresh().catch(() => {});
  follow();
}

follow();
