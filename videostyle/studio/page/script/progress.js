// Cells while they are painted: what waits, and the frames as they come.

import { call } from "./api.js";
import { all, byId, el, toast } from "./dom.js";
import { fileOf } from "./files.js";
import { parseRate, parseSize, rateValue } from "./quantities.js";
import { report, state } from "./state.js";
import { studio } from "./view.js";

const frames = { url: null, count: 0, at: 0, rate: 15 };

/** Ask for a cell. */
export function paint(rate, box) { return call("POST", "/api/cells", { fps: rate, size: box }); }

export function startProgress() {
  state.ask = (cell) => {
    if (studio.view.can_write) paint(cell.rate, cell.box);
    else toast("This page is for looking only.");
  };
  byId("other-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const lines = Number(byId("other-lines").value), { short, long } = shapeOf(report().rows[0].box);
    paint(byId("other-rate").value, `${lines}x${Math.round(lines * long / short)}`);
  });
  setInterval(playFrames, 1000 / 30);
}

function shapeOf(box) {
  const { width, height } = parseSize(box);
  return { short: Math.min(width, height), long: Math.max(width, height) };
}

const isOf = (cell, each) => cell.rate === each.rate && cell.box === each.box;

/** Mark the cells that wait or are being painted. */
export function showProgress() {
  const { painting, queued } = studio.view;
  frames.url = painting && painting.style === studio.view.shown ? painting.frame_url : null;
  frames.count = painting ? painting.frames : 0;
  frames.rate = painting ? rateValue(parseRate(painting.rate)) : 15;
  for (const button of all(".cell")) {
    const cell = report().cells[Number(button.dataset.cell) - 1];
    const isPainted = frames.url && isOf(cell, painting), isQueued = queued.some((each) => isOf(cell, each));
    const words = button.querySelector(".ask") || button.querySelector(".picture").appendChild(el("span", { class: "ask" }));
    words.textContent = cell.done ? "" : isPainted ? `${painting.frames} of ${painting.total || "?"} frames` : isQueued ? "Waiting …" : studio.view.can_write ? "Paint" : "";
    button.classList.toggle("painting", Boolean(isPainted));
    const live = button.querySelector(".live");
    if (!isPainted) live?.remove();
    else if (!live) button.querySelector(".picture").prepend(el("img", { class: "live", alt: "" }));
  }
  startLoops();
  if (!byId("other-rate").value) {
    byId("other-rate").value = 12;
    byId("other-lines").value = 400;
  }
  byId("other-rate").min = Math.min(...report().rates.map((each) => rateValue(parseRate(each.rate))));
  byId("other-rate").max = rateValue(parseRate(report().source.rate));
}

/** Finished cells move, in step, unless the reader wants nothing to move. */
function startLoops() {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const videos = report().cells.filter((cell) => cell.done && !state.missing.has(cell.clip)).map(loopOf).filter(Boolean);
  if (!videos.some((video) => video.dataset.isNew)) return;
  for (const video of videos) {
    delete video.dataset.isNew;
    video.currentTime = 0;
    video.play().catch(() => {});
  }
}

function loopOf(cell) {
  const picture = document.querySelector(`.cell[data-cell="${cell.id}"] .picture`);
  if (!picture) return null;
  const there = picture.querySelector(".loop");
  if (there) return there;
  const video = el("video", { class: "loop", src: fileOf(cell.clip), loop: true, playsinline: true, "aria-hidden": "true", tabindex: "-1", "data-is-new": "yes" });
  video.muted = true;
  picture.append(video);
  return video;
}

/** Play what is there of the excerpt, again and again, at its own rate. */
function playFrames() {
  const node = document.querySelector(".cell .live");
  if (!node || !frames.url || !frames.count) return;
  const number = 1 + Math.floor(performance.now() / 1000 * frames.rate) % frames.count;
  if (number === frames.at || !node.complete && node.src) return;
  frames.at = number;
  node.src = `${frames.url}${number}.jpg`;
}
