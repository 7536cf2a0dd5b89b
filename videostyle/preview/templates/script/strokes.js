// The same part of the picture in every size, each pixel as it is shown, at moments of the clip.

import { byId, choose, el, segments } from "./dom.js";
import { fileOf } from "./files.js";
import { clockOf, parseSize, pretty, shortFirst } from "./quantities.js";
import { change, report, state } from "./state.js";

export function buildStrokes() {
  const { moments } = report();
  byId("strokes-part").hidden = moments.length === 0;
  byId("moment-row").hidden = moments.length < 2;
  const choices = moments.map((each, index) => ({ value: String(index), text: clockOf(each.at_s) }));
  segments(byId("moment"), choices, String(state.moment), (value) => change({ moment: Number(value) }));
  showStrokes();
}

export function showStrokes() {
  const { moments, rows } = report(), chosen = moments[state.moment];
  if (!chosen) return;
  choose(byId("moment"), String(state.moment));
  const several = new Set(rows.map((row) => row.style)).size > 1;
  const picture = (name, text) => el("figure", {}, el("img", { src: fileOf(name), alt: text, width: 256, height: 240, loading: "lazy" }), el("figcaption", {}, text));
  byId("strokes").replaceChildren(picture(chosen.source, "Source"), ...rows.map((row, index) => (
    chosen.rows[index] && picture(chosen.rows[index], pretty(`${shortFirst(parseSize(row.phone[state.camera].size))}${several ? `, ${row.style}` : ""}`)))).filter(Boolean));
}
