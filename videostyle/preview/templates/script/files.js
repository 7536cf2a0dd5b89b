// Where the folder's files are: beside the page, or inside it.

import { state } from "./state.js";

const made = new Map();

/** The address of a file of the preview. */
export function fileOf(name) {
  const inside = (state.data.files || {})[name];
  if (!inside) return `${state.data.base || ""}${name}`;
  if (!made.has(name)) made.set(name, URL.createObjectURL(blobOf(inside, name)));
  return made.get(name);
}

function blobOf(text, name) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: name.endsWith(".mp4") ? "video/mp4" : "image/jpeg" });
}

export const isOneFile = () => Boolean(state.data.files);

/** Whether a clip is there: asked of the browser, which can read nothing else from disk. */
export function isThere(name) {
  return new Promise((resolve) => {
    const video = document.createElement("video");
    video.preload = "metadata";
    video.muted = true;
    const end = (found) => { video.removeAttribute("src"); video.load(); resolve(found); };
    video.onloadedmetadata = () => end(true);
    video.onerror = () => { if (video.getAttribute("src")) end(false); };
    video.src = fileOf(name);
  });
}
