// The wall: one frame of the clip in every style, as they come.

import { call, sentence } from "./api.js";
import { byId, el } from "./dom.js";
import { take, takePainting } from "./drop.js";
import { clockOf, pretty } from "./quantities.js";
import { shownStyle, studio } from "./view.js";

const STROKES = ["small", "medium", "large"];
const cards = new Map();
let onChosen = () => {}, painter = null;

export const strength = () => Number(byId("wall-strength").value);

export function startWall(chosen) {
  onChosen = chosen;
  const input = el("input", { type: "file", accept: "image/*" });
  take(input, takePainting);
  painter = el("li", { class: "writes" }, el("label", { class: "card new file" }, el("span", {}, el("b", {}, "Drop a painting"), el("br"), "or choose a picture"), input));
  byId("wall-strength").addEventListener("input", showStrength);
  byId("frame").addEventListener("input", (event) => { byId("frame-clock").textContent = clockOf(Number(event.target.value)); });
  byId("frame").addEventListener("change", (event) => call("POST", "/api/frame", { time: Number(event.target.value) }));
  const mixes = ["mix-first", "mix-second", "mix-share"].map(byId);
  for (const node of mixes) node.addEventListener("input", showShare);
  byId("mix").addEventListener("click", () => {
    const share = Number(byId("mix-share").value) / 100;
    call("POST", "/api/styles", { mix: [{ id: mixes[0].value, share: Number((1 - share).toFixed(2)) }, { id: mixes[1].value, share }] });
  });
}

function showStrength() {
  byId("wall-strength-value").textContent = strength().toFixed(2);
  byId("wall").style.setProperty("--strength", strength());
}

function showShare() {
  const share = Number(byId("mix-share").value);
  byId("mix-value").textContent = `${100 - share} % and ${share} %`;
  byId("mix").disabled = byId("mix-first").value === byId("mix-second").value;
}

/** Bring the wall up to date. */
export function showWall() {
  const { view } = studio, { clip, styles } = view;
  byId("begin").hidden = clip !== null;
  byId("wall-part").hidden = clip === null;
  byId("here").hidden = view.clips_here.length === 0;
  byId("clips-here").replaceChildren(...view.clips_here.map(({ name }) => el("li", {}, el("button", { class: "plain", type: "button", onclick: () => call("POST", "/api/clip", { name }) }, name))));
  if (!clip) return;
  const chosen = shownStyle();
  byId("wall-title").textContent = chosen ? chosen.title : "Choose a style";
  byId("clip-about").textContent = pretty(`${clip.name} · ${clip.width}x${clip.height} · ${Number(clip.fps.toFixed(2))} fps · ${clockOf(clip.seconds)}`);
  if (document.activeElement !== byId("frame")) {
    byId("frame").max = clip.seconds;
    byId("frame").value = view.frame_time === null ? clip.seconds / 2 : view.frame_time;
    byId("frame-clock").textContent = clockOf(Number(byId("frame").value));
  }
  for (const [id, card] of cards) if (!styles.some((style) => style.id === id)) { card.node.remove(); cards.delete(id); }
  for (const style of styles) {
    if (!cards.has(style.id)) cards.set(style.id, makeCard(style));
    const { node } = cards.get(style.id);
    if (node.parentNode !== byId("wall")) byId("wall").append(node);
    fillCard(cards.get(style.id), style);
  }
  byId("wall").append(painter);
  byId("wall").style.setProperty("--ratio", `${clip.width} / ${clip.height}`);
  fillMixer(styles.filter((style) => style.kind === "builtin" || style.kind === "painting"));
}

function makeCard(style) {
  const source = el("img", { class: "source", alt: "", draggable: "false" }), still = el("img", { class: "still", alt: "", draggable: "false" });
  const words = el("span", { class: "card-note" });
  const button = el("button", { class: "card", type: "button", "data-style": style.id, onclick: () => onChosen(style.id) },
    el("span", { class: "frame" }, source, still, style.painting_url && el("img", { class: "painting", src: style.painting_url, alt: "" }), words),
    el("span", { class: "title" }, style.title));
  const tools = style.kind === "builtin" || style.kind === "own" ? null : el("span", { class: "card-tools writes" },
    style.painting && el("select", { "aria-label": `Strokes of ${style.title}`, onchange: (event) => { call("POST", "/api/styles", { painting: style.id, stroke: event.target.value }); event.target.value = style.stroke; } },
      ...STROKES.map((stroke) => el("option", { value: stroke, selected: stroke === style.stroke }, `${stroke} strokes`))),
    el("button", { class: "plain", type: "button", "aria-label": `Take ${style.title} off the wall`, onclick: () => call("DELETE", `/api/styles/${style.id}`) }, "✕"));
  return { node: el("li", {}, button, tools), button, source, still, words };
}

function fillCard({ button, source, still, words }, style) {
  const { view } = studio;
  setSource(source, view.source_url);
  setSource(still, style.still_url);
  still.hidden = !style.still_url;
  source.hidden = !view.source_url || !style.still_url;
  words.textContent = style.error ? sentence(style.error) : style.still_url ? "" : style.state === "painting" ? "Painting …" : "";
  button.setAttribute("aria-pressed", String(style.id === view.shown));
  button.setAttribute("aria-label", `${style.title}${style.error ? `: ${style.error}` : style.still_url ? "" : ", not painted yet"}`);
}

function setSource(node, url) {
  if (url && node.getAttribute("src") !== url) node.src = url;
}

function fillMixer(styles) {
  byId("mixer").hidden = styles.length < 2;
  for (const [index, id] of ["mix-first", "mix-second"].entries()) {
    const select = byId(id), wanted = styles.map((style) => style.id).join();
    if (select.dataset.styles === wanted) continue;
    const chosen = select.value;
    select.replaceChildren(...styles.map((style) => new Option(style.title, style.id)));
    select.value = styles.some((style) => style.id === chosen) ? chosen : styles[index].id;
    select.dataset.styles = wanted;
  }
  showShare();
}
