// Every number in a table, and what time buys as a plot.

import { byId, el, megabytes, svg } from "./dom.js";
import { SIGNS, factsOf, wordsOf } from "./facts.js";
import { order } from "./plane.js";
import { budgetOf, parseSize, pretty, shortFirst, whole } from "./quantities.js";
import { report } from "./state.js";
import { copyCommands } from "./use.js";

const HEADS = [
  ["Size on the phone", ""], ["Rate", "fps"], ["Verdict", ""], ["Slow frame", "of ms there are"], ["Dropped", "%"], ["Seen", "fps"], ["Lag", "ms"],
  ["Flicker", "× source"], ["Detail kept", "of 1"], ["Step", "% of width"], ["Painted here", "ms a frame"], ["Clip", "MB"], ["", ""],
];

export function showNumbers(best) {
  const { columns, rows, cellAt } = order();
  byId("heads").replaceChildren(...HEADS.map(([name, unit], index) => el("th", { scope: "col", class: index === 2 ? "words" : null }, name || el("span", { class: "hidden" }, "Commands"), unit && el("i", {}, ` ${unit}`))));
  byId("rows").replaceChildren(...rows.flatMap((row) => columns.map((column, index) => line(cellAt(column, row), index === 0, best))));
}

const digits = (value, count) => value === null || value === undefined ? "–" : value.toFixed(count);

function line(cell, first, best) {
  const facts = factsOf(cell), { schedule, estimate } = facts;
  const styles = new Set(report().rows.map((row) => row.style)).size > 1;
  const cells = [
    cell.label,
    el("span", { class: "sign", "data-verdict": facts.verdict }, `${SIGNS[facts.verdict]} ${wordsOf(facts)}`),
    estimate.slow_ms === null ? "–" : `${whole(estimate.slow_ms)} of ${whole(budgetOf(facts.rate))}`,
    schedule ? whole(100 * schedule.droppedShare) : "–",
    schedule ? schedule.shownRate.toFixed(1) : "–",
    schedule && schedule.latencyMs !== null ? whole(schedule.latencyMs) : "–",
    digits(cell.flicker_ratio, 2), digits(cell.detail, 2), digits(cell.step_percent, 2),
    cell.network_ms ? whole(cell.network_ms) : "–", cell.done ? megabytes(cell.bytes) : "–",
    el("button", { class: "plain", type: "button", "aria-label": `Use ${pretty(shortFirst(facts.size))} at ${cell.label} fps`, onclick: () => copyCommands(cell) }, "Use this"),
  ];
  return el("tr", { class: `${first ? "first" : ""}${cell.id === best ? " best" : ""}`, "data-row": cell.id },
    el("th", { scope: "row" }, pretty(shortFirst(facts.size)), styles && el("i", {}, ` ${cell.style}`)),
    ...cells.map((content, index) => el("td", { class: index === 1 ? "words" : null }, content)));
}

const BOX = { left: 70, right: 540, top: 20, bottom: 250 };

/** Detail against the phone's milliseconds, a point a size. */
export function showPlot() {
  const { rows, columns, styles, cellAt } = order(), several = styles.length > 1;
  const points = rows.map((row) => {
    const done = columns.map((column) => cellAt(column, row)).filter((cell) => cell.done && cell.detail !== null);
    if (!done.length) return null;
    const facts = factsOf(done[0]), flickers = done.map((cell) => cell.flicker_ratio).filter((value) => value !== null);
    return {
      ms: facts.estimate.slow_ms, detail: mean(done.map((cell) => cell.detail)), flicker: flickers.length ? mean(flickers) : null,
      name: pretty(`${shortFirst(facts.size)}${several ? ` ${row.style}` : ""}`),
    };
  }).filter((point) => point && point.ms !== null);
  byId("trade").hidden = points.length < 2;
  if (points.length < 2) return;
  const budgets = columns.map((column) => ({ label: column.label, ms: 1000 / column.fps * 0.8 }));
  const all = [...points.map((point) => point.ms), ...budgets.map((each) => each.ms)];
  const low = Math.log(Math.min(...all) / 1.3), high = Math.log(Math.max(...all) * 1.3);
  const x = (ms) => BOX.left + (Math.log(ms) - low) / (high - low) * (BOX.right - BOX.left);
  const details = points.map((point) => point.detail), least = Math.min(...details), most = Math.max(...details);
  const floor = least - Math.max(0.02, (most - least) * 0.2), ceiling = most + Math.max(0.02, (most - least) * 0.2);
  const y = (detail) => BOX.bottom - (detail - floor) / (ceiling - floor) * (BOX.bottom - BOX.top);
  const parts = [svg("title", {}, "Detail against milliseconds a frame on the phone, a point a size")];
  for (const value of [least, most]) {
    parts.push(svg("line", { class: "axis", x1: BOX.left, x2: BOX.right, y1: y(value), y2: y(value) }), svg("text", { x: BOX.left - 8, y: y(value) + 4, "text-anchor": "end" }, value.toFixed(2)));
  }
  let free = Infinity; // of labels that would lie on one another the fastest is shown
  for (const budget of budgets.sort((a, b) => b.ms - a.ms)) {
    const at = x(budget.ms);
    parts.push(svg("line", { class: "budget", x1: at, x2: at, y1: BOX.top, y2: BOX.bottom }));
    if (at > free) continue;
    parts.push(svg("text", { x: at, y: BOX.top - 7, "text-anchor": "middle" }, `${budget.label} fps`));
    free = at - 44;
  }
  for (const ms of [2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].filter((value) => Math.log(value) > low && Math.log(value) < high)) {
    parts.push(svg("text", { x: x(ms), y: BOX.bottom + 18, "text-anchor": "middle" }, String(ms)));
  }
  const middle = (BOX.top + BOX.bottom) / 2;
  parts.push(svg("text", { x: (BOX.left + BOX.right) / 2, y: BOX.bottom + 38, "text-anchor": "middle" }, "ms for a slow frame on the phone"));
  parts.push(svg("text", { x: 14, y: middle, "text-anchor": "middle", transform: `rotate(-90 14 ${middle})` }, "detail kept"));
  for (const point of points) {
    const right = x(point.ms) < BOX.right - 90;
    parts.push(svg("circle", { cx: x(point.ms), cy: y(point.detail), r: 7 }), svg("text", { class: "name", x: x(point.ms) + (right ? 12 : -12), y: y(point.detail) + 4, "text-anchor": right ? "start" : "end" }, point.name));
  }
  byId("plot").replaceChildren(...parts);
  byId("plot-note").textContent = `Each dot is a size: up is more detail, right takes longer. The phone keeps up, with a fifth of the time to spare, at the rates whose dotted line is right of the dot.${flickerNote(points)}`;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

// Differences that nobody would see are no reason to prefer a size.
function flickerNote(points) {
  const known = points.filter((point) => point.flicker !== null);
  if (!known.length) return "";
  const least = known.reduce((a, b) => b.flicker < a.flicker ? b : a), most = known.reduce((a, b) => b.flicker > a.flicker ? b : a);
  if (most.flicker < least.flicker * 1.15) return ` All sizes flicker alike (${least.flicker.toFixed(1)} × the source).`;
  return ` ${least.name} is the steadiest (flicker ${least.flicker.toFixed(1)} × the source), ${most.name} flickers most (${most.flicker.toFixed(1)} ×).`;
}
