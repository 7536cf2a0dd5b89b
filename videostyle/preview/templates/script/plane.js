// The plane: painted cells as pictures, rates across and sizes down, with what the phone manages
// drawn through it. Portrait clips and narrow screens show the sizes of one rate side by side, and
// the plane as a small map.

import { drawCurve } from "./curve.js";
import { all, byId, choose, el, segments, svg } from "./dom.js";
import { SIGNS, factsOf, isFirm, timesOf, wordsOf } from "./facts.js";
import { fileOf } from "./files.js";
import { parseRate, parseSize, pretty, rateValue, shortFirst, wideAndHigh } from "./quantities.js";
import { change, report, state } from "./state.js";

const MAP = { width: 200, height: 120, left: 30, top: 8 };

const narrow = matchMedia("(max-width: 700px)");
let openCell = () => {}, recommendedCell = () => null;

export const isOneRate = () => {
  const { width, height } = parseSize(report().output_size);
  return narrow.matches || height > width;
};

/** Columns and rows as they are shown: rates rising, sizes rising within each style. */
export function order() {
  const { rates, rows, cells } = report();
  const columns = rates.map((rate, index) => ({ ...rate, index, fps: rateValue(parseRate(rate.rate)) })).sort((a, b) => a.fps - b.fps);
  const styles = [...new Set(rows.map((row) => row.style))];
  const down = rows.map((row, index) => ({ ...row, index, pixels: parseSize(row.phone[state.camera].size).pixels }))
    .sort((a, b) => styles.indexOf(a.style) - styles.indexOf(b.style) || a.pixels - b.pixels);
  return { columns, rows: down, styles, cellAt: (column, row) => cells[row.index * rates.length + column.index] };
}

export function startPlane(open, recommended) {
  openCell = open;
  recommendedCell = recommended;
  narrow.addEventListener("change", () => { buildPlane(); change({}); });
  new ResizeObserver(() => drawOverlay()).observe(byId("cells"));
}

/** Make the cells anew: other cells are there, or the screen has another shape. */
export function buildPlane() {
  const { columns, rows, styles, cellAt } = order();
  const one = isOneRate();
  const { width, height } = parseSize(report().output_size);
  document.body.classList.toggle("one-rate", one);
  if (!state.rate || !columns.some((each) => each.rate === state.rate)) state.rate = defaultRate(columns);
  segments(byId("rate-choice"), columns.map((each) => ({ value: each.rate, text: `${each.label} fps` })), state.rate, (rate) => change({ rate }));
  byId("rate-choice").hidden = !one || columns.length < 2;
  const plane = byId("plane");
  plane.style.setProperty("--columns", columns.length);
  plane.style.setProperty("--rows", rows.length);
  plane.style.setProperty("--ratio", `${width} / ${height}`);
  document.documentElement.style.setProperty("--shape", width / height);
  byId("rates").replaceChildren(...columns.map((each) => el("span", {}, el("b", {}, each.label), " fps")));
  byId("sizes").replaceChildren(...rows.map((row) => sizeLabel(row, styles)));
  byId("cells").replaceChildren(...rows.flatMap((row) => columns.map((column) => cellButton(cellAt(column, row)))), byId("curve"));
  byId("map").toggleAttribute("hidden", !one);
}

const defaultRate = (columns) => (columns.find((each) => each.fps >= 15) || columns[columns.length - 1]).rate;

function sizeLabel(row, styles) {
  const size = parseSize(row.phone[state.camera].size);
  return el("span", { "data-row": row.index },
    el("b", {}, String(Math.min(size.width, size.height))),
    el("i", {}, wideAndHigh(size)),
    styles.length > 1 && el("i", {}, row.style));
}

function cellButton(cell) {
  const poster = (cell.done || cell.left_out) && !state.missing.has(cell.clip) ? fileOf(cell.clip.replace(/\.mp4$/, ".jpg")) : null;
  const { width, height } = parseSize(report().layout ? report().layout.tile : report().output_size);
  const scale = Math.min(1, 480 / Math.max(width, height));
  return el("button", { class: "cell", type: "button", "data-cell": cell.id, "data-rate": cell.rate, disabled: !cell.done && !state.ask, onclick: () => cell.done ? openCell(cell.id) : state.ask(cell) },
    el("span", { class: "picture" },
      poster && el("img", { src: poster, alt: "", loading: "lazy", draggable: "false" }),
      el("canvas", { width: Math.round(width * scale), height: Math.round(height * scale), "aria-hidden": "true" })),
    el("span", { class: "caption" },
      el("span", { class: "size" }),
      el("span", { class: "verdict" })),
    cell.id < 10 && el("kbd", { "aria-hidden": "true" }, String(cell.id)));
}

/** Bring badges, labels and curve up to date with what is chosen. */
export function showPlane() {
  const best = recommendedCell();
  followBest(best);
  for (const button of all(".cell")) {
    const cell = report().cells[Number(button.dataset.cell) - 1], facts = factsOf(cell);
    const gone = cell.done && state.missing.has(cell.clip);
    const words = gone ? "clip missing" : wordsOf(facts);
    const chip = button.querySelector(".verdict");
    chip.dataset.verdict = gone ? "missing" : facts.verdict;
    chip.dataset.firm = String(isFirm(facts.estimate.source));
    chip.dataset.sign = gone ? "!" : SIGNS[facts.verdict];
    chip.textContent = words;
    chip.title = pretty(facts.estimate.note || "");
    button.querySelector(".size").textContent = pretty(shortFirst(facts.size));
    button.classList.toggle("best", cell.id === best);
    button.classList.toggle("starred", state.stars.has(cell.id));
    button.classList.toggle("missing", gone);
    button.classList.toggle("waiting", !cell.done && !cell.left_out);
    if (cell.left_out) button.title = "Its clip is not in this file";
    button.hidden = isOneRate() && cell.rate !== state.rate;
    button.setAttribute("aria-label", `${shortFirst(facts.size).replace("x", " by ")} at ${cell.label} fps: ${cell.done ? words : cell.left_out ? `${words}, its clip is not in this file` : "not painted yet"}${cell.id === best ? ", recommended" : ""}. ${cell.done || !state.ask ? "Look closer" : "Paint it"}`);
  }
  for (const label of all("#sizes [data-row]")) {
    const size = parseSize(report().rows[label.dataset.row].phone[state.camera].size);
    label.querySelector("b").textContent = String(Math.min(size.width, size.height));
    label.querySelector("i").textContent = wideAndHigh(size);
  }
  choose(byId("rate-choice"), state.rate);
  drawOverlay();
  drawMap(best);
}

let lastBest;

/** Where one rate is shown, that of the recommended cell, and the cell in sight. */
function followBest(best) {
  if (best === lastBest || !isOneRate()) return;
  lastBest = best;
  if (best === null) return;
  state.rate = report().cells[best - 1].rate;
  requestAnimationFrame(() => {
    const cell = all(".cell").find((each) => each.dataset.cell === String(best)), list = byId("cells");
    if (cell) list.scrollLeft = cell.offsetLeft - (list.clientWidth - cell.clientWidth) / 2;
  });
}

function drawOverlay() {
  const node = byId("curve"), cells = byId("cells");
  if (!node || !state.data) return;
  if (isOneRate()) { node.replaceChildren(); return; }
  const { columns, rows, styles } = order();
  const box = { width: cells.clientWidth, height: cells.clientHeight };
  if (!box.width || !box.height) return;
  node.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
  const each = box.height / rows.length;
  node.replaceChildren(...styles.map((style) => {
    const own = rows.filter((row) => row.style === style), first = rows.indexOf(own[0]);
    const part = { width: box.width, height: each * own.length };
    const dots = own.flatMap((row, r) => columns.map((column, c) => svg("circle", { class: "dot", r: 4, cx: box.width * (c + 0.5) / columns.length, cy: each * (r + 0.5) })));
    return svg("svg", { x: 0, y: first * each, width: part.width, height: part.height }, ...curveOf(style, columns, own, part), ...dots);
  }));
}

function curveOf(style, columns, rows, box) {
  const times = timesOf(style);
  if (!times.length) return [];
  const across = columns.map((column, index) => ({ fps: column.fps, x: box.width * (index + 0.5) / columns.length }));
  const down = rows.map((row, index) => ({ pixels: row.pixels, y: box.height * (index + 0.5) / rows.length }));
  return drawCurve(across, down, times, box, isFirm(times[0].source) ? "firm" : times[0].source);
}

/** The small plane: a mark for each cell, and the same curve. */
function drawMap(best) {
  const node = byId("map");
  if (node.hasAttribute("hidden")) return;
  const { columns, rows, styles, cellAt } = order();
  const own = rows.filter((row) => row.style === styles[0]);
  const box = { width: MAP.width, height: MAP.height };
  const marks = own.flatMap((row, r) => columns.map((column, c) => {
    const cell = cellAt(column, row), facts = factsOf(cell);
    const x = box.width * (c + 0.5) / columns.length, y = box.height * (r + 0.5) / own.length;
    return svg("text", { x, y: y + 5, "text-anchor": "middle", class: `mark${cell.id === best ? " best" : ""}${column.rate === state.rate ? " now" : ""}`, "data-verdict": facts.verdict }, SIGNS[facts.verdict]);
  }));
  const labels = [
    ...own.map((row, r) => svg("text", { x: -6, y: box.height * (r + 0.5) / own.length + 4, "text-anchor": "end" }, String(Math.min(...row.phone[state.camera].size.split("x").map(Number))))),
    ...columns.map((column, c) => svg("text", { x: box.width * (c + 0.5) / columns.length, y: box.height + 15, "text-anchor": "middle" }, column.label)),
  ];
  node.setAttribute("viewBox", `${-MAP.left} ${-MAP.top} ${box.width + MAP.left + 4} ${box.height + MAP.top + 20}`);
  node.replaceChildren(svg("title", {}, "What the phone manages: rates across, sizes down"),
    svg("svg", { width: box.width, height: box.height }, ...curveOf(styles[0], columns, own, box)), ...marks, ...labels);
}
