// What follows from the report and from what is chosen: verdicts, schedules, advice.

import { advise } from "./advice.js";
import { estimateAt, isTrusted, verdictOf } from "./estimate.js";
import { parseRate, parseSize, whole } from "./quantities.js";
import { simulate } from "./schedule.js";
import { report, state } from "./state.js";

/** The size that the slider speaks of. */
export const REFERENCE = { width: 853, height: 480, pixels: 853 * 480 };

export const SIGNS = { holds: "●", marginal: "◐", drops: "✕", unknown: "?" };

// What a figure is worth, the surest first; no two look alike.
export const EVIDENCE = {
  measured: "Measured", scaled: "Measured at another size", number: "Your number",
  article: "The article's figure", published: "Published estimate", assumed: "Assumption",
  rough: "Rough figure", unknown: "Unknown",
};

const FIRM = ["measured", "scaled", "number", "article"];
export const isFirm = (source) => FIRM.includes(source);

/** What is known of a style's network on the chosen phone. */
export function timesOf(style) {
  const { basis } = state;
  if (basis.kind === "device") return report().devices[basis.index].times[style] || [];
  return [figure(basis)];
}

function figure({ ms, published }) {
  const preset = published === null || published === undefined ? null : report().published[published];
  const isDefault = ms === report().assumed.ms;
  return {
    source: preset ? "published" : "assumed", size: "480x853", ms, slow_ms: ms, samples_ms: [ms],
    note: preset ? preset.note : isDefault ? report().assumed.note : "your figure",
  };
}

export const deviceName = () => state.basis.kind === "device" ? report().devices[state.basis.index].name : "the phone";

/** A device's figure at the slider's size. */
export function referenceMs() {
  if (state.basis.kind === "figure") return state.basis.ms;
  const estimate = estimateAt(timesOf(report().rows[0].style), REFERENCE);
  return estimate.slow_ms;
}

export function rowOf(cell) {
  return report().rows.find((row) => row.style === cell.style && row.box === cell.box);
}

const known = new Map();

/** Everything about a cell on the chosen phone, with the chosen camera. */
export function factsOf(cell) {
  const { basis, camera } = state;
  const key = [cell.style, cell.box, cell.rate, camera, report().duration, JSON.stringify(basis)].join("|");
  if (!known.has(key)) {
    if (known.size > 4000) known.clear();
    known.set(key, work(cell));
  }
  return known.get(key);
}

function work(cell) {
  const phone = rowOf(cell).phone[state.camera];
  const size = parseSize(phone.size), rate = parseRate(cell.rate);
  const estimate = estimateAt(timesOf(cell.style), size);
  const verdict = verdictOf(estimate, rate);
  const captureRate = report().capture_rate ? parseRate(report().capture_rate) : rate;
  const schedule = isTrusted(estimate) && estimate.samples_ms.length
    ? simulate(estimate.samples_ms, rate, parseRate(report().duration), captureRate) : null;
  return { size, rate, estimate, verdict, schedule, convert: phone.convert };
}

/** A verdict in a word or two: `keeps up`, `would drop 12 %`. */
export function wordsOf(facts) {
  const { verdict, estimate, schedule } = facts, firm = isFirm(estimate.source);
  if (verdict === "unknown") return estimate.ms === null ? "unknown" : `about ${whole(estimate.ms)} ms`;
  if (verdict === "holds") return firm ? "keeps up" : "would keep up";
  if (verdict === "marginal") return firm ? "just keeps up" : "would just keep up";
  return `${firm ? "drops" : "would drop"} ${schedule ? `${whole(100 * schedule.droppedShare)} %` : ""}`;
}

/** What to take on the chosen phone. */
export function adviceNow() {
  const hasStyles = new Set(report().rows.map((row) => row.style)).size > 1;
  const candidates = report().cells.map((cell) => {
    const facts = factsOf(cell);
    return {
      cell: cell.id, size: facts.size, label: cell.label, rate: facts.rate, times: timesOf(cell.style),
      droppedShare: facts.schedule ? facts.schedule.droppedShare : null, style: hasStyles ? cell.style : "",
    };
  });
  return advise(deviceName(), candidates, parseRate(report().source.rate));
}
