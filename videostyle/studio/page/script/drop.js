// Files that are dropped or chosen: a film becomes the clip, a picture a style.

import { send } from "./api.js";
import { byId, toast } from "./dom.js";

const CLIPS = /\.(mp4|m4v|mov|mkv|webm|avi|ts|mts|m2ts|mpe?g|mxf|3gp|flv|wmv|ogv)$/i;
const PAINTINGS = /\.(jpe?g|png|webp|bmp|gif|tiff?|avif|heic|heif)$/i;

export function startDrop() {
  for (const id of ["clip-file", "other-clip"]) take(byId(id), takeClip);
  addEventListener("dragover", (event) => { event.preventDefault(); document.body.classList.add("dropping"); });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("dropping"); });
  addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    for (const file of event.dataTransfer.files) {
      if (file.type.startsWith("video/") || CLIPS.test(file.name)) takeClip(file);
      else if (file.type.startsWith("image/") || PAINTINGS.test(file.name)) takePainting(file);
      else toast(`${file.name} is neither a film nor a picture.`);
    }
  });
}

/** Let a file button hand over what is chosen. */
export function take(input, receive) {
  input.addEventListener("change", () => {
    for (const file of input.files) receive(file);
    input.value = "";
  });
}

const takeClip = (file) => upload("/api/clip", file);

export const takePainting = (file) => upload("/api/painting", file);

async function upload(path, file) {
  const show = (share) => {
    byId("upload").hidden = false;
    byId("upload-share").value = share;
    byId("upload-text").textContent = share < 1 ? `${file.name}: ${Math.floor(100 * share)} % has arrived` : `${file.name}: looking at it`;
  };
  show(0);
  await send(path, file, show);
  byId("upload").hidden = true;
}
