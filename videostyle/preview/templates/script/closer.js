// What is known of the cell that is looked at, in words with the numbers behind, and what to do
// with it: take it, star it, note something.

import { byId, el, megabytes } from "./dom.js";
import { EVIDENCE, deviceName, factsOf, wordsOf } from "./facts.js";
import { fileOf } from "./files.js";
import { budgetOf, pretty, whole } from "./quantities.js";
import { detailOf, steadiness } from "./looks.js";
import { change, state } from "./state.js";
import { commandRows, copyCommands } from "./use.js";

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
  byId("convert-note").hidden = !facts.convert;
  byId("commands").replaceChildren(...commandRows(cell, strength));
}

function sentences(cell, { estimate, schedule, rate, verdict }) {
  const lines = [];
  if (estimate.slow_ms !== null) lines.push(`A slow frame takes ${whole(estimate.slow_ms)} of ${whole(budgetOf(rate))} ms on ${deviceName()}: ${wordsOf({ verdict, estimate, schedule })} (${EVIDENCE[estimate.source].toLowerCase()}).`);
  if (schedule && verdict !== "unknown") {
    const late = schedule.latencyMs === null ? "" : `, ${whole(schedule.latencyMs)} ms behind the camera`;
    lines.push(`${schedule.shownRate.toFixed(1).replace(/\.0$/, "")} pictures a second are seen, ${whole(100 * schedule.droppedShare)} % dropped${late}.`);
  }
  lines.push(...steadiness(cell), ...detailOf(cell));
  lines.push(`${megabytes(cell.bytes)} MB; ${whole(cell.network_ms)} ms a frame on the computer that painted it.`);
  return lines;
}
