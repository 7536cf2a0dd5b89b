// The plane in motion: one video holds all cells, so that they are in step; each tile is drawn to
// its cell, at once or when the phone would show it.

import { all, byId } from "./dom.js";
import { factsOf } from "./facts.js";
import { fileOf } from "./files.js";
import { PhoneView, onPictures, seekTo } from "./phone.js";
import { parseRate } from "./quantities.js";
import { SCREEN_RATE, firstTick, idealFrame, ticksOf } from "./schedule.js";
import { cellOf, change, report, state } from "./state.js";

const video = () => byId("tiles");
const views = new Map();
let scout = null, settling = 0;

export const isPlaying = () => !video().paused && !video().ended;
export const now = () => video().currentTime;
const tickNow = () => Math.floor(video().currentTime * SCREEN_RATE + 1e-3);

/** Begin when there is a tiled video. */
export function startPlayer() {
  const node = video();
  for (const event of ["play", "pause"]) node.addEventListener(event, showPlaying);
  node.addEventListener("ended", () => { forget(); node.currentTime = 0; play(); });
  node.addEventListener("error", () => change({ missing: new Set([...state.missing, report().video]) }));
  node.addEventListener("seeked", () => { if (!isPlaying()) settle(); });
  byId("play").addEventListener("click", toggle);
  byId("seek").addEventListener("input", (event) => seek(Number(event.target.value)));
  onPictures(node, onPicture);
  requestAnimationFrame(showTime);
}

/** Take the tiled video up, once it is there; the cells' canvases may be new ones. */
export function loadTiles() {
  const { layout, video: name, duration_s: duration } = report();
  byId("playback").hidden = !layout;
  if (!layout) return;
  if (!video().getAttribute("src")) {
    video().src = fileOf(name);
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) play();
  }
  byId("seek").max = duration;
  views.clear();
  for (const button of all(".cell")) {
    const cell = cellOf(button.dataset.cell);
    views.set(cell.id, { cell, view: new PhoneView(button.querySelector("canvas"), partOf(cell)) });
  }
  showOnPhone();
}

/** Where a cell's pictures are; on the phone those of the camera's rate. */
function partOf(cell) {
  const { layout, rates, capture_rate: captureRate } = report();
  const [width, height] = layout.tile.split("x").map(Number);
  const row = Math.floor((cell.id - 1) / rates.length);
  let column = (cell.id - 1) % rates.length;
  if (state.onPhone && captureRate) {
    const at = rates.findIndex((each) => each.rate === captureRate);
    column = at < 0 ? rates.length : at;
  }
  return { x: layout.left + column * (width + layout.gap), y: layout.top + row * (height + layout.gap), width, height };
}

/** What is chosen has changed: other schedules. */
export function showOnPhone() {
  if (!report().layout) return;
  for (const { cell, view } of views.values()) {
    view.part = partOf(cell);
    view.setSchedule(state.onPhone ? factsOf(cell).schedule : null);
  }
  if (!isPlaying()) settle();
}

function forget() { for (const { view } of views.values()) view.forget(); }

const isShown = (view) => view.canvas.offsetParent !== null;
const captureRateOf = (view) => view.schedule.captureRate;

function onPicture(mediaTime) {
  const tick = Math.floor(mediaTime * SCREEN_RATE + 0.5);
  for (const { view } of views.values()) {
    if (!isShown(view)) continue;
    if (!view.schedule) { view.draw(video()); continue; }
    view.take(video(), idealFrame(captureRateOf(view), tick));
    view.show(tick);
  }
  byId("plane").classList.add("moving");
}

/** Standing still, pictures that the phone shows late are fetched from where they are. */
async function settle() {
  const mine = settling += 1, tick = tickNow();
  const late = new Map();
  for (const { view } of views.values()) {
    if (!view.schedule || !isShown(view)) continue;
    const capture = view.standing(tick), at = firstTick(captureRateOf(view), capture);
    if (view.shown !== capture) late.set(at, [...(late.get(at) || []), { view, capture }]);
  }
  if (!late.size) return;
  scout = scout || Object.assign(document.createElement("video"), { src: video().src, muted: true, preload: "auto" });
  for (const [at, wanted] of [...late].sort((a, b) => a[0] - b[0])) {
    await seekTo(scout, (at + 0.5) / SCREEN_RATE);
    if (mine !== settling || isPlaying()) return;
    for (const { view, capture } of wanted) { view.draw(scout); view.shown = capture; }
  }
}

export function play() { if (video().getAttribute("src")) video().play().catch(() => {}); }
export function pause() { video().pause(); }
export function toggle() { if (isPlaying()) pause(); else play(); }

export function seek(time) {
  forget();
  video().currentTime = time;
}

/** A tick forward or back; its middle, since its edge may round to either side. */
export function step(ticks) {
  pause();
  const last = ticksOf(parseRate(report().duration)) - 1;
  video().currentTime = (Math.min(last, Math.max(0, tickNow() + ticks)) + 0.5) / SCREEN_RATE;
}

function showPlaying() {
  byId("play").classList.toggle("playing", isPlaying());
  byId("play").setAttribute("aria-label", isPlaying() ? "Pause" : "Play");
}

function showTime() {
  if (document.activeElement !== byId("seek") || isPlaying()) byId("seek").value = now();
  byId("clock").textContent = `${now().toFixed(2)} s`;
  requestAnimationFrame(showTime);
}
