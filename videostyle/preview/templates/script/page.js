// The page of a report: what is chosen at first, and who shows what.

import { recommended, showAnswer, startAnswer } from "./answer.js";
import { showBudget, startBudget } from "./budget.js";
import { readStars, showStars, startChoice } from "./choice.js";
import { startCloser } from "./closer.js";
import { openCompare, startCompare } from "./compare.js";
import { byId, choose, el, segments } from "./dom.js";
import { writeHash } from "./hash.js";
import { startKeys } from "./keys.js";
import { showNumbers, showPlot } from "./numbers.js";
import { buildPlane, showPlane, startPlane } from "./plane.js";
import { loadTiles, showOnPhone, startPlayer } from "./player.js";
import { clockOf, parseSize, pretty, wideAndHigh } from "./quantities.js";
import { change, listen, report, state } from "./state.js";
import { buildStrokes, showStrokes } from "./strokes.js";

const MODES = [{ value: "ideal", text: "Every frame" }, { value: "phone", text: "As on the phone" }];

function showHead() {
  const { source, duration_s: duration, notices } = report();
  byId("about").textContent = pretty(`${source.file} · ${wideAndHigh(parseSize(source.size))} at ${source.label} fps · ${Number(duration.toPrecision(3))} s from ${clockOf(source.start_s)}, ${source.start_reason}`);
  byId("notices").replaceChildren(...notices.map((text) => el("li", {}, text)));
  byId("notes").hidden = notices.length === 0;
  byId("files").hidden = !report().complete || Boolean(state.data.files);
  byId("version").textContent = `videostyle ${report().videostyle}`;
}

/** Other cells are there than before. */
export function redraw() {
  showHead();
  buildPlane();
  loadTiles();
  buildStrokes();
  change({});
}

let writing;

function show(patch) {
  showAnswer();
  showBudget();
  showPlane();
  showNumbers(recommended());
  showPlot();
  showStars(openCompare);
  for (const id of ["mode", "compare-mode"]) choose(byId(id), state.onPhone ? "phone" : "ideal");
  if ("moment" in patch || "camera" in patch) showStrokes();
  if ("basis" in patch || "camera" in patch || "onPhone" in patch) showOnPhone();
  // Not with every move of the slider: an address may be written only so often.
  clearTimeout(writing);
  writing = setTimeout(writeHash, 250);
}

/** Draw a report for the first time, from what `live.py` gives. */
export function startPage(data) {
  state.data = data;
  state.basis = report().devices.length ? { kind: "device", index: 0 } : { kind: "figure", ms: report().assumed.ms, published: null };
  state.camera = report().camera;
  state.stars = readStars();
  listen(show);
  startPlane(openCompare, recommended);
  startBudget();
  startAnswer(openCompare);
  startCompare(writeHash);
  startCloser();
  startChoice();
  startPlayer();
  startKeys();
  for (const id of ["mode", "compare-mode"]) segments(byId(id), MODES, "ideal", (value) => change({ onPhone: value === "phone" }));
  redraw();
}
