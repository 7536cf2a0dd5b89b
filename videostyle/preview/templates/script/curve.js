// The curve "what your phone manages" through the plane of rates and sizes.

import { COMFORT, roomFor } from "./estimate.js";
import { svg } from "./dom.js";

/**
 * Draw the two bounds over a plane whose columns are rates and whose rows are sizes.
 *
 * @param columns frames per second, rising, with the middle of each column as x
 * @param rows pixels on the phone, rising, with the middle of each row as y
 * @param box width and height of the plane
 */
export function drawCurve(columns, rows, times, box, firm) {
  const x = between(columns.map((each) => each.fps), columns.map((each) => each.x));
  const y = between(rows.map((each) => Math.sqrt(each.pixels)), rows.map((each) => each.y));
  const holds = [], keeps = [];
  const most = 60;
  for (let step = 0; step <= most; step += 1) {
    const across = box.width * step / most;
    const rate = { over: Math.max(1, x.back(across)), under: 1 };
    const at = (share) => [across, clamp(y.at(Math.sqrt(roomFor(times, rate, share))), -20, box.height + 20)];
    holds.push(at(COMFORT));
    keeps.push(at(1));
  }
  const line = (points) => points.map(([a, b]) => `${a.toFixed(1)},${b.toFixed(1)}`).join(" ");
  const below = [[box.width, box.height + 20], [0, box.height + 20]];
  return [
    svg("polygon", { class: "drops-area", points: line([...keeps, ...below]) }),
    svg("polygon", { class: "marginal-area", points: line([...holds, ...keeps.slice().reverse()]) }),
    svg("polyline", { class: `bound ${firm}`, points: line(keeps) }),
    svg("polyline", { class: `bound main ${firm}`, points: line(holds) }),
  ];
}

const clamp = (value, least, most) => Math.min(most, Math.max(least, value));

/** Straight lines between pairs, and on beyond the first and the last; one pair alone is a ratio. */
function between(values, places) {
  const along = (from, to, value) => {
    if (from.length === 1) return to[0] * value / from[0];
    let at = 1;
    while (at < from.length - 1 && value > from[at]) at += 1;
    return to[at - 1] + (to[at] - to[at - 1]) * (value - from[at - 1]) / (from[at] - from[at - 1] || 1);
  };
  return { at: (value) => along(values, places, value), back: (place) => along(places, values, place) };
}
