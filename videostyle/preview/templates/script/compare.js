// Looking closely: one cell, two under a divider, the source through a cell, or four at once.

import { all, byId, choose, segments } from "./dom.js";
import { SIGNS, factsOf, wordsOf } from "./facts.js";
import { fillFacts } from "./closer.js";
import { pretty, shortFirst } from "./quantities.js";
import { startPointer } from "./pointer.js";
import { isOneRate, order } from "./plane.js";
import { isPlaying as isPlanePlaying, pause as pausePlane, play as playPlane } from "./player.js";
import { SOURCE, isPlayingSlots, keepStep, pause, play, refresh, seek, setSlot, shownSlots, slots, startSlots, step, timeNow } from "./slots.js";
import { cellOf, listen, report, state } from "./state.js";
import { arrange, setZoom, startZoom, zoomNow } from "./zoom.js";

export const VIEWS = [
  { value: "one", text: "One" }, { value: "divide", text: "Divider" },
  { value: "strength", text: "Strength" }, { value: "four", text: "Four" },
];

let view = "divide", focus = 1, flipped = null, planePlayed = false, onViewed = () => {};
const dialog = () => byId("compare");
export const isOpen = () => dialog().open;
export const viewNow = () => view;

export function startCompare(viewed) {
  onViewed = viewed;
  startSlots(showTime);
  startZoom(arrange);
  byId("compare-seek").max = report().duration_s;
  segments(byId("view"), VIEWS, view, setView);
  segments(byId("zoom"), [["fit", "Fit"], ["1", "1:1"], ["2", "2:1"], ["phone", "Actual size"]].map(([value, text]) => ({ value, text })), "fit", (value) => { setZoom(value); onViewed(); });
  byId("close").addEventListener("click", () => dialog().close());
  dialog().addEventListener("close", () => { pause(); if (planePlayed) playPlane(); onViewed(); });
  byId("compare-play").addEventListener("click", toggle);
  byId("compare-seek").addEventListener("input", (event) => seek(Number(event.target.value)));
  byId("step-back").addEventListener("click", () => { step(-1); showPlaying(); });
  byId("step-on").addEventListener("click", () => { step(1); showPlaying(); });
  byId("split").addEventListener("input", () => { flipped = null; arrangeLayers(); });
  byId("flip").addEventListener("click", flip);
  byId("swap").addEventListener("click", () => { const [a, b] = [slots[0].value, slots[1].value]; put(0, b); put(1, a); });
  for (const [id, across, down] of [["slower", -1, 0], ["faster", 1, 0], ["smaller", 0, -1], ["larger", 0, 1]]) {
    byId(id).addEventListener("click", () => move(across, down));
  }
  all(".layer").forEach((layer, index) => {
    layer.querySelector("select").addEventListener("change", (event) => put(index, event.target.value));
  });
  startPointer({
    kindOf: (target) => zoomNow() !== "fit" && target !== byId("divider") ? "pan" : view === "divide" ? "divider" : "swipe",
    onPress: (index) => { if (view === "four" && index >= 0) { focus = index; arrangeLayers(); describe(); } },
    onDivide: (percent) => { byId("split").value = percent; flipped = null; arrangeLayers(); },
    // A phone shows the sizes of one rate side by side.
    onSwipe: (across, down) => isOneRate() ? move(down, across) : move(across, down),
  });
  listen(() => { if (isOpen()) { shownSlots().forEach(refresh); describe(); } });
}

/** Open a cell, beside the source unless another is named. */
export function openCompare(id, settings = {}) {
  const wasOpen = isOpen();
  fillSelects();
  if (!wasOpen && matchMedia("(max-width: 700px)").matches && !settings.view) setView("one", true);
  if (settings.view) setView(settings.view, true);
  if (!wasOpen) { planePlayed = isPlanePlaying(); pausePlane(); dialog().showModal(); focus = 1; }
  put(0, settings.other || slots[0].value || SOURCE, true);
  put(focus, String(id), true);
  if (view === "four") fillFour();
  setZoom(zoomNow());
  arrangeLayers();
  describe();
  if (!wasOpen) {
    if (settings.time !== undefined) seek(settings.time);
    else play();
    requestAnimationFrame(tick);
  } else if (isPlayingSlots()) play();
  showPlaying();
  onViewed();
}

function tick() {
  if (!isOpen()) return;
  keepStep();
  requestAnimationFrame(tick);
}

function fillSelects() {
  const done = report().cells.filter((cell) => cell.done);
  for (const [index, slot] of slots.entries()) {
    const select = slot.layer.querySelector("select");
    select.replaceChildren(new Option("Source", SOURCE), ...done.map((cell) => new Option(nameOf(cell.id), cell.id)));
    select.setAttribute("aria-label", `Clip ${index + 1}`);
  }
}

export function nameOf(value) {
  if (value === SOURCE) return `Source, ${report().source.label} fps`;
  const cell = cellOf(value), { size } = factsOf(cell);
  const styles = new Set(report().rows.map((row) => row.style)).size > 1 ? `, ${cell.style}` : "";
  return pretty(`${shortFirst(size)} at ${cell.label} fps${styles}`);
}

function put(index, value, quietly = false) {
  if (slots[index].value !== value) setSlot(slots[index], value);
  slots[index].layer.querySelector("select").value = value;
  if (quietly) return;
  describe();
  if (isPlayingSlots()) play();
  onViewed();
}

function setView(value, quietly = false) {
  view = value;
  flipped = null;
  byId("split").value = value === "strength" ? 100 : 50;
  choose(byId("view"), value);
  if (view === "four") fillFour();
  else if (focus > 1 && slots[focus].value !== null) { put(1, slots[focus].value, true); focus = 1; } else focus = 1;
  if (view === "strength") put(0, SOURCE, true);
  if (quietly) return;
  arrangeLayers();
  shownSlots().forEach(refresh);
  describe();
  onViewed();
}

/** What isn't chosen yet: starred cells, then those nearest to the one that is looked at. */
function fillFour() {
  const { rates } = report(), near = Number(slots[1].value) - 1;
  const across = (id) => Math.abs(id % rates.length - near % rates.length);
  const down = (id) => Math.abs(Math.floor(id / rates.length) - Math.floor(near / rates.length));
  const done = report().cells.filter((cell) => cell.done).map((cell) => String(cell.id))
    .sort((a, b) => across(a - 1) + down(a - 1) - across(b - 1) - down(b - 1));
  const stars = [...state.stars.keys()].map(String).filter((id) => done.includes(id));
  const taken = new Set(slots.map((slot) => slot.value));
  for (const slot of slots) {
    if (slot.value !== null) continue;
    const next = [...stars, ...done].find((id) => !taken.has(id)) || SOURCE;
    taken.add(next);
    put(slot.index, next, true);
  }
}

/** Which layers are seen, and how much of them. */
export function arrangeLayers() {
  byId("stage").dataset.view = view;
  slots.forEach(({ layer }, index) => {
    layer.hidden = view === "one" ? index !== 1 : view !== "four" && index > 1;
    layer.classList.toggle("focus", view === "four" && index === focus);
    layer.style.clipPath = layer.style.opacity = "";
  });
  const split = flipped === null ? Number(byId("split").value) : flipped * 100;
  if (view === "divide") slots[1].layer.style.clipPath = `inset(0 0 0 ${split}%)`;
  if (view === "strength") slots[1].layer.style.setProperty("--painted", split / 100);
  byId("divider").style.left = `${split}%`;
  byId("divider").hidden = view !== "divide" || flipped !== null;
  byId("split-label").hidden = view !== "divide" && view !== "strength";
  byId("split-name").textContent = view === "strength" ? `Strength ${(split / 100).toFixed(2)}` : "Divider";
  byId("flip").hidden = byId("swap").hidden = view !== "divide";
  byId("flip").setAttribute("aria-pressed", String(flipped !== null));
  slots[0].tag.classList.toggle("covered", view === "divide" && split < 15);
  slots[1].tag.classList.toggle("covered", view === "divide" && split > 85);
  byId("stage").dataset.strength = view === "strength" ? split / 100 : "";
  arrange();
  if (view === "strength") describe();
}

export const strengthNow = () => view === "strength" ? Number(byId("split").value) / 100 : null;

/** Names, verdicts and what to do with the cell that is looked at. */
function describe() {
  for (const slot of slots) {
    if (slot.value === null) continue;
    const badge = slot.tag.querySelector(".verdict");
    const cell = slot.value === SOURCE ? null : cellOf(slot.value), facts = cell && factsOf(cell);
    badge.hidden = !cell;
    if (!cell) continue;
    badge.dataset.verdict = facts.verdict;
    badge.dataset.sign = SIGNS[facts.verdict];
    badge.textContent = wordsOf(facts);
  }
  choose(byId("compare-mode"), state.onPhone ? "phone" : "ideal");
  const value = focused();
  byId("closer").hidden = value === null;
  if (value !== null) fillFacts(cellOf(value), strengthNow());
}

/** Whose slot is looked at: beside the source, the other one's, wherever the two were swapped to. */
const looked = () => view === "divide" && slots[focus].value === SOURCE ? 0 : focus;

/** The cell that is looked at. */
export const focused = () => slots[looked()].value === SOURCE ? null : slots[looked()].value;
export const besides = () => slots[0].value;

/** To the next rate and size in the plane. */
export function move(across, down) {
  const value = focused();
  if (!value) return;
  const { columns, rows, cellAt } = order(), cell = cellOf(value);
  const row = rows.findIndex((each) => each.style === cell.style && each.box === cell.box) + down;
  const column = columns.findIndex((each) => each.rate === cell.rate) + across;
  if (!rows[row] || !columns[column]) return;
  const next = cellAt(columns[column], rows[row]);
  if (next.done) put(looked(), String(next.id));
}

export async function toggle() {
  if (isPlayingSlots()) await pause(); else play();
  showPlaying();
}

export function flip() {
  if (view !== "divide") return;
  flipped = flipped === null ? 1 : 1 - flipped;
  arrangeLayers();
}

export { seek as seekCompare, step as stepCompare, timeNow };

export function showPlaying() {
  byId("compare-play").classList.toggle("playing", isPlayingSlots());
  byId("compare-play").setAttribute("aria-label", isPlayingSlots() ? "Pause" : "Play");
}

function showTime(time) {
  if (document.activeElement !== byId("compare-seek") || isPlayingSlots()) byId("compare-seek").value = time;
  byId("compare-clock").textContent = `${time.toFixed(2)} s`;
}
