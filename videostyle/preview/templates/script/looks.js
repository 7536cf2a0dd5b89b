// How a cell looks beside the others, in words with the number behind.

import { report } from "./state.js";

/** Its flicker among the finished cells: a sentence, or none if it was not measured. */
export function steadiness(cell) {
  const ratio = cell.flicker_ratio;
  if (ratio === null) return [];
  const word = ratio < 1.25 ? "As steady as the source" : ratio < 3 ? "Flickers a little" : "Flickers visibly";
  return [`${word} (${ratio.toFixed(1)} × the source's flicker)${ranked(cell, "steadier", "the least steady", (each) => -each.flicker_ratio)}.`];
}

/** Its detail among the finished cells: a sentence, or none if it was not measured. */
export function detailOf(cell) {
  if (cell.detail === null) return [];
  return [`Keeps ${cell.detail.toFixed(2)} of the clip's detail${ranked(cell, "more", "the least", (each) => each.detail)}.`];
}

// Smaller differences than this nobody sees.
const SAME = 0.005;

function ranked(cell, word, last, worth) {
  const others = report().cells.filter((each) => each.done && each.id !== cell.id && each.flicker_ratio !== null && each.detail !== null);
  if (others.length < 2) return "";
  const beaten = others.filter((each) => worth(cell) > worth(each) + SAME).length;
  if (beaten === 0) return `; ${last} of all ${others.length + 1}`;
  return `; ${word} than ${beaten} of the ${others.length} others`;
}
