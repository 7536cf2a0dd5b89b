// Which cell to take for a device, and why, in words.
// The same as videostyle/preview/advice.py; both are held to tests/device/cases.json.

import { COMFORT, estimateAt, roomFor, verdictOf } from "./estimate.js";
import { budgetOf, rateValue, shortFirst, whole } from "./quantities.js";

const SMOOTH_RATE = 15;
const MUCH_ROOM = 1.05;
const SMALLEST_ROOM = 96;

/**
 * Recommend a cell: the largest size that the phone keeps up with at 15 fps or more, at its fastest
 * rate; if there is none, the fastest rate that it keeps up with. Never a rate above the source's.
 *
 * @param candidates each with cell, size, label, rate, times, droppedShare and style
 */
export function advise(device, candidates, sourceRate) {
  const all = candidates.map(weigh);
  const eligible = all.filter((each) => each.fps <= rateValue(sourceRate));
  const holding = eligible.filter((each) => each.verdict === "holds");
  if (!holding.length) return adviseAgainst(device, eligible);
  const smooth = holding.filter((each) => each.fps >= SMOOTH_RATE);
  const best = smooth.length ? largest(smooth, bySize) : largest(holding, byRate);
  const reason = smooth.length ? "It is the largest size that the phone keeps up with at 15 fps or more" : "It is the fastest rate that the phone keeps up with";
  const faster = holding.filter((each) => each.fps > best.fps && each.style === best.style);
  const smoother = faster.length ? largest(faster, bySize) : null;
  const more = smoother ? [`For smoother motion at a smaller size: ${smoother.name}.`] : [];
  return { cell: best.cell, sentence: `Take ${best.name}.`, reason: `${reason}: even a slow frame takes ${best.load}.`, more: [...pace(best, eligible), ...more, ...room(best, eligible)] };
}

function weigh(candidate) {
  const estimate = estimateAt(candidate.times, candidate.size);
  return {
    ...candidate, estimate,
    verdict: verdictOf(estimate, candidate.rate),
    fps: rateValue(candidate.rate),
    name: `${shortFirst(candidate.size)} at ${candidate.label} fps${candidate.style ? ` in ${candidate.style}` : ""}`,
    load: `${whole(estimate.slow_ms || 0)} ms of the ${whole(budgetOf(candidate.rate))} between two frames`,
  };
}

const bySize = (each) => [each.size.pixels, each.fps];
const byRate = (each) => [each.fps, each.size.pixels];

/** The first of those whose pair is largest. */
function largest(cells, pairOf) {
  return cells.reduce((best, each) => {
    const [a, b] = pairOf(each), [c, d] = pairOf(best);
    return a > c || (a === c && b > d) ? each : best;
  });
}

function adviseAgainst(device, eligible) {
  if (!eligible.length) {
    return { cell: null, sentence: "No rate here suits this clip.", reason: "All are above the clip's own rate and would only repeat frames.", more: [] };
  }
  const known = eligible.filter((each) => each.verdict !== "unknown");
  if (!known.length) {
    return { cell: null, sentence: `Nothing certain is known of this network on ${device}.`, reason: "Measure it there: multiply-adds alone don't tell.", more: [] };
  }
  const least = largest(known, (each) => [-(each.estimate.slow_ms || 0) * each.fps, 0]);
  const slowest = largest(known, (each) => [-each.fps, -each.size.pixels]);
  return {
    cell: null,
    sentence: `None of these fits ${device}.`,
    reason: `The lightest, ${least.name}, takes ${least.load}: try a smaller size, a lower rate or a lighter network, such as a style's swift.`,
    more: room(slowest, []),
  };
}

/** What lies between the cells: how fast a size could be. */
function pace(best, eligible) {
  const faster = eligible.filter((each) => each.size.width === best.size.width && each.size.height === best.size.height && each.style === best.style && each.fps > best.fps);
  if (!faster.length || !best.estimate.slow_ms) return [];
  const following = largest(faster, (each) => [-each.fps, 0]), most = Math.floor(1000 * COMFORT / best.estimate.slow_ms);
  return [`At ${shortFirst(best.size)} it manages up to ${most} fps; ${following.label} fps ${fate(following)}.`];
}

/** What lies between the cells: how large a picture could be at a rate. */
function room(best, eligible) {
  const pixels = roomFor(best.times, best.rate), size = roomSize(pixels, best.size);
  const larger = eligible.filter((each) => each.fps === best.fps && each.style === best.style && each.size.pixels > pixels);
  const following = larger.length ? largest(larger, (each) => [-each.size.pixels, 0]) : null;
  if (Math.min(size.width, size.height) < SMALLEST_ROOM) return [];
  if (best.verdict === "holds" && pixels < MUCH_ROOM * best.size.pixels) return [];
  const sentence = `At ${best.label} fps there is room for ${shortFirst(size)}`;
  return [following ? `${sentence}; ${shortFirst(following.size)} ${fate(following)}.` : `${sentence}.`];
}

function fate(cell) {
  if (cell.verdict === "marginal") return "only just fits";
  if (cell.droppedShare === null || cell.droppedShare === undefined) return "drops frames";
  const dropped = whole(100 * cell.droppedShare);
  return dropped ? `drops ${dropped} % of its frames` : "drops a frame now and then";
}

/** A size of so many pixels in the shape of another. */
export function roomSize(pixels, { width, height }) {
  return { width: whole(Math.sqrt(pixels * width / height)), height: whole(Math.sqrt(pixels * height / width)) };
}
