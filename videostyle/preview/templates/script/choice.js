// choice.json: the starred cells, for `videostyle IN OUT --choice choice.json`.

import { byId, el } from "./dom.js";
import { EVIDENCE, deviceName, factsOf, referenceMs } from "./facts.js";
import { pretty, shortFirst } from "./quantities.js";
import { cellOf, report, state } from "./state.js";
import { nameOf } from "./compare.js";

const keyOf = () => `videostyle-stars-${report().source.file}-${report().source.start_s}`;

/** Notes and stars from the last visit; a page from disk may have no storage. */
export function readStars() {
  try { return new Map(JSON.parse(localStorage.getItem(keyOf()) || "[]")); } catch { return new Map(); }
}

export function showStars(openCell) {
  try { localStorage.setItem(keyOf(), JSON.stringify([...state.stars])); } catch { /* it is only a comfort */ }
  byId("choice").hidden = state.stars.size === 0;
  byId("starred").replaceChildren(...[...state.stars].map(([id, note]) => el("li", {},
    el("button", { class: "plain", type: "button", onclick: () => openCell(id) }, `★ ${nameOf(id)}`),
    note && el("span", { class: "quiet" }, ` ${note}`))));
}

/** What is exported; docs/formats.md describes it. */
export function choiceNow() {
  return {
    format: 1, kind: "videostyle choice", videostyle: report().videostyle,
    clip: report().source.file, camera: state.camera,
    device: { name: deviceName(), ms: referenceMs(), size: "480x853", evidence: EVIDENCE[factsOf(report().cells[0]).estimate.source] },
    cells: [...state.stars].map(([id, note]) => {
      const cell = cellOf(id), facts = factsOf(cell);
      return {
        style: cell.style, fps: cell.rate, size: cell.box, phone: shortFirst(facts.size),
        portrait: facts.size.height > facts.size.width, ...report().shared, verdict: facts.verdict, note,
      };
    }),
  };
}

export function startChoice() {
  byId("export").addEventListener("click", () => {
    const text = `${JSON.stringify(choiceNow(), null, 1)}\n`;
    const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    const link = el("a", { href: address, download: "choice.json" });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  });
  byId("choice-command").textContent = pretty(`videostyle ${report().source.file} painted.mp4 --choice choice.json`);
}
