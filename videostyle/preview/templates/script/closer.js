// What is known of the cell that is looked at, in words with the numbers behind, and what to do
// with it: take it, star it, note something.

import { byId, el, megabytes } from "./dom.js";
import { EVIDENCE, deviceName, factsOf, wordsOf } from "./facts.js";
import { fileOf } from "./files.js";
import { budgetOf, pretty, whole } from "./quantities.js";
import { change, report, state } from "./state.js";
import { commandsOf, copy, copyCommands } from "./use.js";

let shown = null, strength = null;

export function startCloser() {
  byId("use-cell").addEventListener("click", () => copyCommands(shown, strength));
  byId("star").addEventListener("click", () => toggleStar(shown.id));
  byId("note").addEventListener("input", (event) => setNote(shown.id, event.target.value));
}

export function toggleStar(id) {
  const stars = new Map(state.stars);
  if (!stars.delete(id)) stars.set(id, byId("note").value && shown && shown.id === id ? byId("note").value : "");
  change({ stars });
}

function setNote(id, text) {
  const stars = new Map(state.stars);
  stars.set(id, text.slice(0, 500));
  change({ stars });
}

export function fillFacts(cell, atStrength) {
  [shown, strength] = [cell, atStrength];
  const facts = factsOf(cell);
  byId("closer-facts").replaceChildren(...sentences(cell, facts).flatMap((text) => [el("li", {}, pretty(text))]));
  const starred = state.stars.has(cell.id);
  byId("star").setAttribute("aria-pressed", String(starred));
  byId("star").textContent = starred ? "★ Starred" : "☆ Star";
  if (document.activeElement !== byId("note")) byId("note").value = state.stars.get(cell.id) || "";
  byId("clip-link").href = fileOf(cell.clip);
  byId("clip-link").download = cell.clip.split("/").pop();
  byId("still-link").href = fileOf(cell.clip.replace(/\.mp4$/, ".jpg"));
  byId("still-link").download = cell.clip.split("/").pop().replace(/\.mp4$/, ".jpg");
  byId("commands").replaceChildren(...commandsOf(cell, strength).map((command) => (
    el("div", { class: "command" }, el("code", {}, command), el("button", { class: "plain", type: "button", onclick: () => copy(command, "Copied") }, "Copy")))));
}

function sentences(cell, { estimate, schedule, rate, verdict }) {
  const lines = [];
  if (estimate.slow_ms !== null) lines.push(`A slow frame takes ${whole(estimate.slow_ms)} of ${whole(budgetOf(rate))} ms on ${deviceName()}: ${wordsOf({ verdict, estimate, schedule })} (${EVIDENCE[estimate.source].toLowerCase()}).`);
  if (schedule && verdict !== "unknown") {
    const late = schedule.latencyMs === null ? "" : `, ${whole(schedule.latencyMs)} ms behind the camera`;
    lines.push(`${schedule.shownRate.toFixed(1).replace(/\.0$/, "")} pictures a second are seen, ${whole(100 * schedule.droppedShare)} % dropped${late}.`);
  }
  lines.push(...looks(cell));
  lines.push(`${megabytes(cell.bytes)} MB; ${whole(cell.network_ms)} ms a frame on the computer that painted it.`);
  return lines;
}

/** Flicker and detail in words, among the finished cells. */
export function looks(cell) {
  const others = report().cells.filter((each) => each.done && each.id !== cell.id);
  const lines = [];
  if (cell.flicker_ratio !== null) {
    const rank = others.filter((each) => each.flicker_ratio !== null && cell.flicker_ratio < each.flicker_ratio - 0.005).length;
    lines.push(`${flickerWord(cell.flicker_ratio)}; steadier than ${rank} of ${others.length} other cells (flicker ${cell.flicker_ratio.toFixed(2)} × the source's).`);
  }
  if (cell.detail !== null) {
    const rank = others.filter((each) => each.detail !== null && cell.detail > each.detail + 0.005).length;
    lines.push(`More detail than ${rank} of ${others.length} other cells (${cell.detail.toFixed(2)} of 1).`);
  }
  return lines;
}

function flickerWord(ratio) {
  if (ratio < 1.25) return "As steady as the source";
  return ratio < 3 ? "Flickers a little" : "Flickers visibly";
}
