// The budget: how long a frame takes on the phone, by a slider, published figures or measurements,
// and the shape of the camera's picture.

import { byId, choose, el, segments } from "./dom.js";
import { deviceName, referenceMs, timesOf } from "./facts.js";
import { pretty } from "./quantities.js";
import { change, report, state } from "./state.js";

const LEAST_MS = 5, MOST_MS = 2000, STEPS = 1000;

const msOf = (step) => LEAST_MS * (MOST_MS / LEAST_MS) ** (step / STEPS);
const stepOf = (ms) => STEPS * Math.log(ms / LEAST_MS) / Math.log(MOST_MS / LEAST_MS);
const tidy = (ms) => ms < 20 ? Math.round(ms * 2) / 2 : Math.round(ms);

/** What a figure at some size is at the slider's size, by the pixels. */
function atReference({ ms, size }) {
  const [width, height] = size.split("x").map(Number);
  return tidy(ms * 853 * 480 / (width * height));
}

export function startBudget() {
  const { devices, published, assumed } = report();
  const choices = byId("basis-choice");
  choices.append(
    devices.length > 0 && el("optgroup", { label: "Measured" }, ...devices.map((device, index) => el("option", { value: `device-${index}` }, device.name))),
    el("optgroup", { label: "Your figure" }, el("option", { value: "figure", id: "own-figure" })),
    el("optgroup", { label: "Published estimates, for other networks" }, ...published.map((each, index) => (
      el("option", { value: `published-${index}` }, `${each.name}: ${each.ms} ms at ${pretty(each.size)} (${each.source})`)))),
  );
  if (!devices.length) choices.firstChild.remove?.();
  choices.addEventListener("change", () => {
    const [kind, index] = choices.value.split("-");
    if (kind === "device") change({ basis: { kind, index: Number(index) } });
    else if (kind === "published") change({ basis: { kind: "figure", ms: atReference(published[index]), published: Number(index) } });
    else change({ basis: { kind: "figure", ms: referenceMs() || assumed.ms, published: null } });
  });
  const set = (ms) => {
    if (ms > 0 && ms <= 60000) change({ basis: { kind: "figure", ms, published: null } });
  };
  byId("ms-slider").addEventListener("input", (event) => set(tidy(msOf(Number(event.target.value)))));
  byId("ms-number").addEventListener("input", (event) => set(Number(event.target.value)));
  // What is no time disappears again: the field must not differ from what the answer rests on.
  byId("ms-number").addEventListener("blur", showBudget);
  // The keys are for the cells again.
  byId("ms-number").addEventListener("keydown", (event) => { if (event.key === "Enter") event.target.blur(); });
  segments(byId("camera"), report().cameras.map((name) => ({
    value: name, text: name === "clip" ? "as the clip" : name,
    title: name === "clip" ? "The network on the phone sees the clip's own shape" : `The camera delivers ${name}, turned as the clip lies`,
  })), state.camera, (value) => change({ camera: value }));
}

export function showBudget() {
  const { basis } = state, ms = referenceMs();
  byId("basis-choice").value = basis.kind === "device" ? `device-${basis.index}`
    : basis.published === null || basis.published === undefined ? "figure" : `published-${basis.published}`;
  byId("own-figure").textContent = basis.kind === "figure" && ms === report().assumed.ms ? "an assumption: set your own" : "my own figure";
  const slider = byId("ms-slider"), number = byId("ms-number");
  if (ms !== null) {
    if (document.activeElement !== slider) slider.value = stepOf(ms);
    if (document.activeElement !== number) number.value = tidy(ms);
    slider.setAttribute("aria-valuetext", `${tidy(ms)} milliseconds`);
  }
  choose(byId("camera"), state.camera);
  const preset = basis.kind === "figure" && basis.published !== null && basis.published !== undefined ? report().published[basis.published] : null;
  const about = byId("basis-note");
  about.replaceChildren();
  if (preset) {
    about.append(`Estimate: ${pretty(preset.note)}. `);
    if (preset.address) about.append(el("a", { href: preset.address, rel: "noreferrer" }, "Source"));
  } else if (basis.kind === "device" && timesOf(report().rows[0].style).length === 0) {
    about.append(`Nothing was measured of this network on ${deviceName()}.`);
  }
}
