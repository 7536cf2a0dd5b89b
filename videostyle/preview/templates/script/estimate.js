// How long a device takes for a frame of a size, and whether that keeps up with a rate.
// The same as videostyle/device/estimate.py; both are held to tests/device/cases.json.

import { budgetOf, parseSize } from "./quantities.js";

export const COMFORT = 0.8;
const UNTRUSTED = ["rough", "unknown"];

export const isTrusted = (estimate) => !UNTRUSTED.includes(estimate.source);

/** A device's times at a size: those of the nearest size that is known, by the pixels. */
export function estimateAt(times, size) {
  if (!times.length) return { source: "unknown", ms: null, slow_ms: null, samples_ms: [], note: "not measured on this device" };
  const pixelsOf = (each) => parseSize(each.size).pixels;
  const distance = (each) => Math.abs(pixelsOf(each) - size.pixels);
  const nearest = times.reduce((best, each) => distance(each) < distance(best) ? each : best);
  const known = parseSize(nearest.size);
  const isSame = Math.min(known.width, known.height) === Math.min(size.width, size.height) && known.pixels === size.pixels;
  if (isSame) return nearest;
  const factor = size.pixels / known.pixels;
  const scaled = `scaled by the pixels from ${known.width > known.height ? nearest.size : `${known.height}x${known.width}`}`;
  return {
    source: nearest.source === "measured" ? "scaled" : nearest.source,
    ms: nearest.ms * factor,
    slow_ms: nearest.slow_ms * factor,
    samples_ms: nearest.samples_ms.map((sample) => sample * factor),
    note: nearest.source === "measured" ? scaled : `${nearest.note}; ${scaled}`,
  };
}

/** holds, marginal, drops or unknown. */
export function verdictOf(estimate, rate) {
  if (!isTrusted(estimate) || estimate.slow_ms === null) return "unknown";
  const budget = budgetOf(rate);
  if (estimate.slow_ms <= COMFORT * budget) return "holds";
  return estimate.slow_ms <= budget ? "marginal" : "drops";
}

/** The most pixels whose slow frames take no more than a share of the time between two frames. */
export function roomFor(times, rate, share = COMFORT) {
  const known = times.filter(isTrusted).map((each) => ({ pixels: parseSize(each.size).pixels, slow: each.slow_ms }));
  known.sort((a, b) => a.pixels - b.pixels);
  const limit = share * budgetOf(rate);
  let room = 0;
  known.forEach((each, number) => {
    const low = number ? (known[number - 1].pixels + each.pixels) / 2 : 0;
    const high = number + 1 < known.length ? (each.pixels + known[number + 1].pixels) / 2 : Infinity;
    const pixels = Math.min(high, each.pixels * limit / each.slow);
    if (pixels >= low) room = Math.max(room, Math.floor(pixels));
  });
  return room;
}
