// Guests who wait and emergencies show up by themselves. Without this the page is read anew by the browser.
"use strict";

const EVERY_MS = 10_000;

async function look() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  const page = answer.ok ? await drawn(answer) : null;
  if (!page) { return; }
  patch(document.getElementById("now"), page.getElementById("now"));
  if (document.title !== page.title) { document.title = page.title; }
}

async function watch() {
  // Without a connection the next look may find one.
  await look().catch(() => {});
  setTimeout(watch, EVERY_MS);
}

setTimeout(watch, EVERY_MS);
