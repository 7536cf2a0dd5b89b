// Asking the server for something, and saying what it refuses.

import { toast } from "./dom.js";

/** Ask; a refusal is told, and gives null. */
export async function call(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    toast("The studio can't be reached.");
    return null;
  }
  const found = await answer.json().catch(() => ({}));
  if (answer.ok) return found;
  toast(sentence(found.error || `That went wrong (${answer.status}).`));
  return null;
}

/** Send a file as it is; `onShare` is called with what has arrived, 0..1. */
export function send(path, file, onShare) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("PUT", `${path}?name=${encodeURIComponent(file.name)}`);
    request.upload.onprogress = (event) => onShare(event.loaded / event.total);
    request.onload = () => {
      let found = {};
      try { found = JSON.parse(request.responseText); } catch { /* the status says enough */ }
      if (request.status === 200) { resolve(found); return; }
      toast(sentence(found.error || `${file.name} was refused (${request.status}).`));
      resolve(null);
    };
    request.onerror = () => { toast(`${file.name} didn't arrive; is it too large for the disk?`); resolve(null); };
    request.send(file);
  });
}

export const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
