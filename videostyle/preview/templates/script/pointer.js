// Mouse and finger on the stage: a drag moves the divider, or the picture when it is zoomed; a swipe
// goes to the next cell.

import { all, byId } from "./dom.js";
import { panBy, panNow } from "./zoom.js";

const SWIPE = 50;

/**
 * @param kindOf what a drag that begins on an element does: divider, pan or swipe
 * @param onPress with the number of the layer, or -1
 * @param onDivide with percent from the left
 * @param onSwipe with steps across and down
 */
export function startPointer({ kindOf, onPress, onDivide, onSwipe }) {
  const stage = byId("stage");
  let drag = null;
  const divide = (event) => {
    const box = stage.getBoundingClientRect();
    onDivide(Math.min(100, Math.max(0, (event.clientX - box.left) / box.width * 100)));
  };
  stage.addEventListener("pointerdown", (event) => {
    if (event.target.closest("select, button")) return;
    onPress(all(".layer").indexOf(event.target.closest(".layer")));
    drag = { kind: kindOf(event.target), x: event.clientX, y: event.clientY, pan: panNow() };
    stage.setPointerCapture(event.pointerId);
    if (drag.kind === "divider") divide(event);
  });
  stage.addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (drag.kind === "divider") divide(event);
    if (drag.kind === "pan") panBy(drag.pan, event.clientX - drag.x, event.clientY - drag.y);
  });
  stage.addEventListener("pointerup", (event) => {
    if (drag && drag.kind === "swipe") swipe(event.clientX - drag.x, event.clientY - drag.y, onSwipe);
    drag = null;
  });
  stage.addEventListener("pointercancel", () => { drag = null; });
}

function swipe(dx, dy, onSwipe) {
  if (Math.max(Math.abs(dx), Math.abs(dy)) < SWIPE) return;
  if (Math.abs(dx) > Math.abs(dy)) onSwipe(dx < 0 ? 1 : -1, 0);
  else onSwipe(0, dy < 0 ? 1 : -1);
}
