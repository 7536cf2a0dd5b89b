// The view in the page's address, so that a link shows this very view.

import { besides, focused, isOpen, openCompare, timeNow, viewNow, VIEWS } from "./compare.js";
import { SOURCE } from "./slots.js";
import { cellOf, change, report, state } from "./state.js";
import { setZoom, zoomNow } from "./zoom.js";

/** Write the view into the address. */
export function writeHash() {
  const { basis } = state, words = new URLSearchParams();
  if (basis.kind === "device") words.set("device", report().devices[basis.index].name);
  else if (basis.published !== null && basis.published !== undefined) words.set("published", report().published[basis.published].name);
  else words.set("ms", basis.ms);
  words.set("camera", state.camera);
  if (state.onPhone) words.set("on", "phone");
  if (state.stars.size) words.set("stars", [...state.stars.keys()].join("."));
  if (isOpen() && focused()) {
    words.set("cell", focused());
    words.set("beside", besides());
    words.set("view", viewNow());
    words.set("zoom", zoomNow());
    words.set("t", timeNow().toFixed(2));
  }
  history.replaceState(null, "", `#${words}`);
}

/** What an address asks for, as far as this page has it. */
export function readHash() {
  const words = new URLSearchParams(location.hash.slice(1)), found = {};
  const device = report().devices.findIndex((each) => each.name === words.get("device"));
  const published = report().published.findIndex((each) => each.name === words.get("published"));
  const ms = Number(words.get("ms"));
  if (device >= 0) found.basis = { kind: "device", index: device };
  else if (published >= 0) {
    const each = report().published[published], [width, height] = each.size.split("x").map(Number);
    found.basis = { kind: "figure", ms: each.ms * 853 * 480 / (width * height), published };
  } else if (ms > 0 && ms <= 60000) found.basis = { kind: "figure", ms, published: null };
  if (report().cameras.includes(words.get("camera"))) found.camera = words.get("camera");
  if (words.get("on") === "phone") found.onPhone = true;
  const stars = (words.get("stars") || "").split(".").map(Number).filter((id) => cellOf(id));
  if (stars.length) found.stars = new Map([...state.stars, ...stars.filter((id) => !state.stars.has(id)).map((id) => [id, ""])]);
  change(found);
  const cell = cellOf(words.get("cell"));
  if (!cell || !cell.done) return;
  const other = words.get("beside");
  const settings = { view: VIEWS.some((each) => each.value === words.get("view")) ? words.get("view") : "divide" };
  if (other === SOURCE || (cellOf(other) && cellOf(other).done)) settings.other = other;
  if (words.get("t")) settings.time = Number(words.get("t")) || 0;
  openCompare(cell.id, settings);
  if (["fit", "1", "2", "phone"].includes(words.get("zoom"))) setZoom(words.get("zoom"));
}
