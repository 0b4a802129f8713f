// Reads a code with the camera where the browser can; without this the field below does the same.
"use strict";

const PAUSE_MS = 150;
const part = (id) => document.getElementById(id);
const tell = (what) => { part("told").textContent = part("told").dataset[what]; };

function stop(stream) {
  stream.getTracks().forEach((track) => track.stop());
  part("picture").hidden = true;
  part("begin").hidden = false;
}

async function look(detector, stream) {
  while (stream.active) {
    const [found] = await detector.detect(part("picture"));
    if (found) {
      stop(stream);
      tell("found");
      part("code").value = found.rawValue;
      part("typed").requestSubmit();
      return;
    }
    await new Promise((next) => { setTimeout(next, PAUSE_MS); });
  }
}

async function begin() {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch (error) {
    tell(error.name === "NotAllowedError" ? "denied" : "none");
    return;
  }
  try {
    const picture = part("picture");
    picture.srcObject = stream;
    picture.hidden = false;
    part("begin").hidden = true;
    tell("looking");
    await picture.play();
    await look(new BarcodeDetector({ formats: ["qr_code"] }), stream);
  } catch (error) {
    stop(stream);
    tell("unreadable");
  }
}

async function offer() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) { return; }
  const formats = await BarcodeDetector.getSupportedFormats();
  if (!formats.includes("qr_code")) { return; }
  part("camera").hidden = false;
  part("begin").addEventListener("click", begin);
}

offer();
