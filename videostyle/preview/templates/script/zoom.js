// How large and which part: the same for all clips that are compared.

import { all, byId, choose } from "./dom.js";
import { parseSize } from "./quantities.js";
import { report } from "./state.js";

// Width and height of screens in millimetres.
const PHONES = [
  ["iPhone SE", 58.4, 103.9], ["iPhone XS", 62.4, 135.1], ["iPhone 15", 65.1, 141.1],
  ["iPhone 15 Pro Max", 71.2, 154.4], ["Pixel 8", 64.1, 142.4], ["Galaxy S24", 65.9, 142.9],
];
const CARD_MM = 85.6;

let zoom = "fit", pan = { x: 0, y: 0 };
export const zoomNow = () => zoom;

export function startZoom(onChange) {
  for (const [name] of PHONES) byId("phone-model").add(new Option(name, name));
  byId("phone-model").value = "iPhone 15";
  // A page from disk may have no storage; that is only a comfort.
  try { byId("card").value = localStorage.getItem("videostyle-card") || byId("card").value; } catch { /* as above */ }
  for (const id of ["phone-model", "card"]) {
    byId(id).addEventListener("input", () => {
      try { localStorage.setItem("videostyle-card", byId("card").value); } catch { /* as above */ }
      onChange();
    });
  }
  window.addEventListener("resize", onChange);
}

export function setZoom(value) {
  zoom = value;
  pan = { x: 0, y: 0 };
  choose(byId("zoom"), value);
  // A phone is its own actual size: there the picture fills the screen.
  byId("phone-size").hidden = value !== "phone" || isPhone();
  arrange();
}

const isPhone = () => matchMedia("(pointer: coarse) and (max-width: 700px)").matches;

/** Lay every clip into its part of the stage. */
export function arrange() {
  const { width, height } = parseSize(report().output_size);
  for (const layer of all(".layer:not([hidden])")) {
    const { clientWidth, clientHeight } = layer;
    const scale = scaleIn(clientWidth, clientHeight, width, height);
    const room = { x: Math.max(0, (width * scale - clientWidth) / 2), y: Math.max(0, (height * scale - clientHeight) / 2) };
    const x = Math.min(room.x, Math.max(-room.x, pan.x)), y = Math.min(room.y, Math.max(-room.y, pan.y));
    for (const picture of all("video, canvas", layer)) {
      picture.style.width = `${width}px`;
      picture.style.height = `${height}px`;
      picture.style.transform = `translate(-50%, -50%) translate(${x}px, ${y}px) scale(${scale})`;
    }
  }
  byId("card-bar").style.width = `${byId("card").value}px`;
}

function scaleIn(across, down, width, height) {
  if (zoom === "fit" || (zoom === "phone" && isPhone())) return Math.min(across / width, down / height);
  if (zoom !== "phone") return Number(zoom) / window.devicePixelRatio;
  const [, short, long] = PHONES.find(([name]) => name === byId("phone-model").value);
  const [wide, tall] = width >= height ? [long, short] : [short, long];
  return Math.min(wide / width, tall / height) * Number(byId("card").value) / CARD_MM;
}

export const panBy = (from, dx, dy) => { pan = { x: from.x + dx, y: from.y + dy }; arrange(); };
export const panNow = () => ({ ...pan });
