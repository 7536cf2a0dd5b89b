// The headline: what to take, why, and what that rests on.

import { byId, el } from "./dom.js";
import { EVIDENCE, adviceNow, deviceName, factsOf, isFirm, timesOf } from "./facts.js";
import { parseSize, pretty, shortFirst, whole } from "./quantities.js";
import { steadiness } from "./looks.js";
import { cellOf, report, state } from "./state.js";
import { commandRows, copyCommands } from "./use.js";

let advice = null;

export const recommended = () => advice && advice.cell;

export function showAnswer() {
  advice = adviceNow();
  byId("sentence").textContent = pretty(advice.sentence);
  const look = advice.cell && cellOf(advice.cell).done ? steadiness(cellOf(advice.cell)) : [];
  byId("reason").textContent = pretty(advice.reason);
  byId("more").replaceChildren(...[...advice.more, ...look].map((text) => el("li", {}, pretty(text))));
  byId("use-best").hidden = advice.cell === null;
  byId("best-commands").replaceChildren(...(advice.cell === null ? [] : commandRows(cellOf(advice.cell))));
  byId("watch-best").hidden = advice.cell === null || !cellOf(advice.cell).done;
  showBasis();
  showMeasuring();
}

function showBasis() {
  const times = timesOf(report().rows[0].style);
  const source = times.length ? (advice.cell ? factsOf(cellOf(advice.cell)).estimate.source : times[0].source) : "unknown";
  const badge = byId("evidence");
  badge.dataset.source = source;
  badge.textContent = EVIDENCE[source];
  byId("basis").textContent = pretty(basisOf(times, source));
  byId("measure").hidden = isFirm(source);
}

function basisOf(times, source) {
  if (!times.length) return `Nothing was measured of this network on ${deviceName()}.`;
  const [first] = times, styles = new Set(report().rows.map((row) => row.style)).size;
  const camera = state.camera === "clip" ? "in the clip's own shape" : `from a ${state.camera} camera`;
  if (state.basis.kind === "device") {
    if (source === "article" || source === "rough") return `${deviceName()}: ${first.note}, ${camera}.`;
    const sizes = times.map((each) => shortFirst(parseSize(each.size))).join(" and "), figure = `${whole(first.slow_ms)} ms`;
    const name = deviceName().startsWith("your ") ? "" : `${deviceName()}: `, note = first.note ? ` (${first.note})` : "";
    const caution = source === "number" ? " Some frames take longer, and a warm phone is slower: measure it to be sure." : "";
    return `${name}${figure} a frame at ${sizes}${note}, ${camera}.${caution}`;
  }
  return `If a frame at 480x853 takes ${Number(first.ms.toFixed(1))} ms on the phone (${first.note})${styles > 1 ? ", with every style alike" : ""}, ${camera}.`;
}

/** The commands that measure the network which is recommended, at the phone's size. */
function showMeasuring() {
  const cell = cellOf(advice.cell || 1), { convert } = factsOf(cell);
  const name = convert ? convert.match(/ -o (\S+)/)[1] : cell.style;
  byId("measure-commands").textContent = [convert, `videostyle measure ${name} -o phone.json`, `${report().command} --latency phone.json`].filter(Boolean).join("\n");
}

export function startAnswer(openCell) {
  byId("use-best").addEventListener("click", () => {
    copyCommands(cellOf(advice.cell));
    byId("best-commands").hidden = false;
  });
  byId("watch-best").addEventListener("click", () => openCell(advice.cell));
}
