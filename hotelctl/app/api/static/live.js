// Keeps a page as the server draws it: only what differs is touched, so that focus, caret and place stay.
"use strict";

const alike = (one, other) =>
  one.nodeType === other.nodeType && one.nodeName === other.nodeName && (one.id || "") === (other.id || "");

function counterpart(from, wanted) {
  if (wanted.nodeType !== Node.ELEMENT_NODE) { return from && alike(from, wanted) ? from : null; }
  for (let one = from; one; one = one.nextSibling) {
    if (alike(one, wanted)) { return one; }
  }
  return null;
}

function dress(element, wanted) {
  for (const { name, value } of wanted.attributes) {
    if (element.getAttribute(name) !== value) { element.setAttribute(name, value); }
  }
  for (const { name } of [...element.attributes]) {
    if (!wanted.hasAttribute(name)) { element.removeAttribute(name); }
  }
}

function without(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

// `node` is as `wanted` is. Text that is being typed is no part of it.
function patch(node, wanted) {
  if (node.isEqualNode(wanted)) { return; }
  if (node.nodeType !== Node.ELEMENT_NODE) { node.data = wanted.data; return; }
  dress(node, wanted);
  if (node.nodeName === "TEXTAREA") { return; }
  let at = node.firstChild;
  for (const child of [...wanted.childNodes]) {
    const found = counterpart(at, child);
    if (!found) { node.insertBefore(child, at); continue; }
    while (at !== found) { at = without(at); }
    patch(found, child);
    at = found.nextSibling;
  }
  while (at) { at = without(at); }
}

// The page behind an answer to a request for one; where it leads to another page there is none.
async function drawn(answer, elsewhere = leave) {
  if (answer.redirected && new URL(answer.url).pathname !== location.pathname) {
    elsewhere(answer.url);
    return null;
  }
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// Whoever has typed something goes when it is sent or gone, not before.
function leave(address) {
  const typed = [...document.querySelectorAll("textarea, input[type=text]")]
    .some((field) => field.value.trim() && field.value !== field.defaultValue);
  if (!typed) { location.assign(address); }
}
