// Up to four clips at once, in step: each in a slot, as it is or as the phone would show it.

import { byId, el } from "./dom.js";
import { factsOf } from "./facts.js";
import { fileOf } from "./files.js";
import { PhoneView, onPictures, seekTo } from "./phone.js";
import { parseRate, parseSize, rateValue } from "./quantities.js";
import { SCREEN_RATE } from "./schedule.js";
import { cellOf, change, report, state } from "./state.js";

export const SOURCE = "source";

let clock = 0, playing = false, onTime = () => {};
export const slots = [];

/** Make the slots; `tell` is called with the time as it goes on. */
export function startSlots(tell) {
  onTime = tell;
  const { width, height } = parseSize(report().output_size);
  for (let index = 0; index < 4; index += 1) {
    const video = el("video", { muted: true, playsinline: true, preload: "auto", tabindex: "-1", "aria-hidden": "true" });
    video.muted = true;
    const canvas = el("canvas", { width, height, "aria-hidden": "true" });
    const layer = byId(`layer-${index}`);
    layer.prepend(video, canvas);
    const slot = { index, layer, video, canvas, value: null, view: new PhoneView(canvas), tag: layer.querySelector(".tag"), turn: 0 };
    video.addEventListener("error", () => {
      if (!video.getAttribute("src")) return;
      layer.classList.add("gone");
      change({ missing: new Set([...state.missing, clipOf(slot).clip]) });
    });
    video.addEventListener("loadedmetadata", () => layer.classList.remove("gone"));
    onPictures(video, (mediaTime) => { if (playing && schedule(slot)) slot.view.take(video, Math.floor(mediaTime * clipOf(slot).fps + 0.5)); });
    slots.push(slot);
  }
}

export const shownSlots = () => slots.filter((slot) => slot.value !== null && !slot.layer.hidden);
const leader = () => shownSlots().find((slot) => !slot.layer.classList.contains("gone")) || shownSlots()[0];
const schedule = (slot) => slot.view.schedule;

/** The clip of a slot: on the phone that of the camera's rate. */
function clipOf(slot) {
  if (slot.value === SOURCE) return { clip: report().source.record.clip, fps: rateValue(parseRate(report().source.rate)) };
  const cell = cellOf(slot.value), captureRate = report().capture_rate;
  const others = [...report().cells, ...report().captures];
  const camera = state.onPhone && captureRate && others.find((each) => each.style === cell.style && each.box === cell.box && each.rate === captureRate && each.clip);
  const chosen = camera || cell;
  return { clip: chosen.clip, fps: rateValue(parseRate(chosen.rate)) };
}

/** Put a cell or the source into a slot. */
export function setSlot(slot, value) {
  slot.value = value;
  refresh(slot);
}

/** What is chosen has changed, or the slot's cell. */
export async function refresh(slot) {
  if (slot.value === null) return;
  const { clip } = clipOf(slot), cell = slot.value === SOURCE ? null : cellOf(slot.value);
  slot.view.setSchedule(cell && state.onPhone ? factsOf(cell).schedule : null);
  slot.layer.classList.toggle("as-on-phone", Boolean(schedule(slot)));
  if (slot.video.dataset.clip !== clip) {
    slot.video.dataset.clip = clip;
    slot.layer.classList.remove("gone");
    slot.video.src = fileOf(clip);
    await new Promise((resolve) => { slot.video.onloadeddata = resolve; slot.video.onerror = resolve; });
  }
  await show(slot);
  if (playing) play();
}

const tickAt = (time) => Math.floor(time * SCREEN_RATE + 1e-3);

/** Show what stands at the clock's time while nothing moves. */
async function show(slot) {
  const turn = slot.turn += 1;
  if (playing || slot.layer.classList.contains("gone")) return;
  if (!schedule(slot)) { await seekTo(slot.video, clock); return; }
  const capture = slot.view.standing(tickAt(clock));
  await seekTo(slot.video, (capture + 0.5) / clipOf(slot).fps);
  if (turn !== slot.turn) return;
  slot.view.draw(slot.video);
  slot.view.shown = capture;
  slot.canvas.dataset.capture = capture;
}

export const showAll = () => Promise.all(shownSlots().map(show));

export const isPlayingSlots = () => playing;
export const timeNow = () => clock;

export function play() {
  playing = true;
  for (const slot of shownSlots()) {
    slot.view.forget();
    if (Math.abs(slot.video.currentTime - clock) > 0.02) slot.video.currentTime = clock;
    slot.video.play().catch(() => {});
  }
}

export async function pause() {
  playing = false;
  for (const slot of slots) slot.video.pause();
  await showAll();
}

export async function seek(time) {
  clock = Math.min(report().duration_s - 1e-3, Math.max(0, time));
  onTime(clock);
  if (playing) play(); else await showAll();
}

/** A frame of the fastest clip, or a tick of the screen on the phone. */
export async function step(ways) {
  playing = false;
  for (const slot of slots) slot.video.pause();
  const rate = state.onPhone ? SCREEN_RATE : Math.max(...shownSlots().map((slot) => clipOf(slot).fps));
  await seek((Math.floor(clock * rate + 1e-3) + ways + 0.5) / rate);
}

/** Keep the clips in step; to be called with every picture of the screen. */
export function keepStep() {
  const first = leader();
  if (!playing || !first) return;
  if (first.video.ended) { clock = 0; play(); return; }
  if (!first.video.seeking) clock = first.video.currentTime;
  onTime(clock);
  for (const slot of shownSlots()) {
    if (schedule(slot)) slot.view.show(tickAt(clock));
    if (slot !== first) follow(slot.video, first.video);
  }
}

// Gently while they are close, at once when they are not.
function follow(video, first) {
  if (video.readyState < 3 || first.readyState < 3 || video.seeking) return;
  const drift = first.currentTime - video.currentTime;
  if (Math.abs(drift) > 0.2) video.currentTime = first.currentTime;
  video.playbackRate = Math.abs(drift) > 0.008 ? Math.min(1.25, Math.max(0.8, 1 + drift * 3)) : 1;
  if (video.paused && !video.ended) video.play().catch(() => {});
}
