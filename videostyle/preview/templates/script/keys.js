// Keys.

import { flip, isOpen, move, openCompare, focused, stepCompare, showPlaying, toggle as toggleCompare } from "./compare.js";
import { toggleStar } from "./closer.js";
import { all } from "./dom.js";
import { order } from "./plane.js";
import { step, toggle } from "./player.js";
import { cellOf, change, report, state } from "./state.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, select, input:not([type=range])")) return;
    const isSlider = event.target.matches("input[type=range]");
    if (handle(event, isSlider)) event.preventDefault();
  });
}

function handle(event, isSlider) {
  const { key, target } = event;
  if (key === " ") {
    if (target.matches("button, a, summary")) return false;
    if (isOpen()) toggleCompare(); else toggle();
    return true;
  }
  if (key === "," || key === ".") {
    const ways = key === "." ? 1 : -1;
    if (isOpen()) { stepCompare(ways); showPlaying(); } else step(ways);
    return true;
  }
  if (ARROWS[key] && !isSlider) {
    if (isOpen()) { move(...ARROWS[key]); return true; }
    return target.matches(".cell") && focusNext(target, ...ARROWS[key]);
  }
  if (/^[1-9]$/.test(key) && !isSlider) {
    const cell = cellOf(key);
    if (cell && cell.done) openCompare(cell.id);
    return Boolean(cell);
  }
  if (key === "d") { change({ onPhone: !state.onPhone }); return true; }
  if (key === "f" && isOpen()) { flip(); return true; }
  if (key === "s" && isOpen() && focused()) { toggleStar(Number(focused())); return true; }
  return false;
}

/** To the cell beside this one in the plane. */
function focusNext(button, across, down) {
  const { columns, rows, cellAt } = order(), cell = report().cells[Number(button.dataset.cell) - 1];
  const row = rows[rows.findIndex((each) => each.style === cell.style && each.box === cell.box) + down];
  const column = columns[columns.findIndex((each) => each.rate === cell.rate) + across];
  if (!row || !column) return true;
  const next = all(".cell").find((each) => each.dataset.cell === String(cellAt(column, row).id));
  if (next && next.offsetParent) next.focus();
  return true;
}
