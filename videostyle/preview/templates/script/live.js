// A preview that is being made: its data comes anew as a script, since a page from disk may load
// nothing else; its beat tells a run that goes on from one that was killed.

import { byId, el } from "./dom.js";
import { isOneFile, isThere } from "./files.js";
import { change, report, state } from "./state.js";

const ASK_MS = 1500;
const MISSED_BEATS = 3;

let lastBeat = null, heardAt = 0, onNew = () => {};

export function startLive(redraw) {
  onNew = redraw;
  window.videostylePreview = receive;
  heardAt = performance.now();
  // A page opened long after its run ended needs no waiting.
  if (Date.now() / 1000 - state.data.at > 60) heardAt -= 60_000;
  lastBeat = state.data.beat;
  if (state.data.state !== "complete") setTimeout(ask, ASK_MS);
  else checkFiles();
  showStatus();
}

function ask() {
  const script = el("script", { src: `live.js?${Date.now()}` });
  const end = () => {
    script.remove();
    showStatus();
    if (state.data.state !== "complete") setTimeout(ask, ASK_MS);
  };
  script.onload = script.onerror = end;
  document.head.append(script);
}

function receive(data) {
  const isNews = data.version !== state.data.version || data.state !== state.data.state;
  if (data.beat !== lastBeat) { lastBeat = data.beat; heardAt = performance.now(); }
  state.data = isNews ? data : { ...state.data, share: data.share, beat: data.beat };
  if (isNews) onNew();
  if (isNews && data.state === "complete") checkFiles();
}

const isSilent = () => performance.now() - heardAt > MISSED_BEATS * state.data.beat_s * 1000;

/** Running, stopped, or nothing to say. */
export function showStatus() {
  const { cells } = report(), done = cells.filter((cell) => cell.done).length;
  const status = byId("status");
  const isComplete = state.data.state === "complete";
  const isStopped = !isComplete && (state.data.state === "stopped" || isSilent());
  status.hidden = isComplete;
  status.dataset.state = isComplete ? "complete" : isStopped ? "stopped" : "running";
  const text = isStopped
    ? `Stopped at ${done} of ${cells.length} cells; run the same command again to go on.`
    : `Painting: ${done} of ${cells.length} cells are ready, ${Math.floor(100 * (state.data.share || 0))} % done. This page fills in by itself.`;
  if (byId("status-text").textContent !== text) byId("status-text").textContent = text;
  byId("progress").hidden = isStopped;
  byId("progress").value = state.data.share || 0;
}

/** See which clips the folder really has. */
async function checkFiles() {
  if (isOneFile()) return;
  const names = [report().video, ...report().cells.filter((cell) => cell.done).map((cell) => cell.clip)];
  const missing = new Set(state.missing);
  for (const name of names) if (name && !await isThere(name)) missing.add(name);
  const lacksAll = missing.size === names.length;
  byId("lost").hidden = missing.size === 0;
  byId("lost").textContent = lacksAll
    ? "This page is without its folder: the clips are not beside it. Open it in the folder that it was made in, or make a page of one file with --single-file."
    : missing.size ? `${missing.size} of the preview's files ${missing.size > 1 ? "are" : "is"} missing; run the same command again to make ${missing.size > 1 ? "them" : "it"}.` : "";
  if (missing.size) change({ missing });
}
