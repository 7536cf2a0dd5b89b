// Exports: what is wanted, and how it goes.

import { call, sentence } from "./api.js";
import { nameOf } from "./compare.js";
import { byId, el } from "./dom.js";
import { factsOf } from "./facts.js";
import { clockOf, shortFirst } from "./quantities.js";
import { report } from "./state.js";
import { copy } from "./use.js";
import { studio } from "./view.js";
import { strength } from "./wall.js";

const STATES = { waiting: "waiting", running: "", done: "done", failed: "failed", cancelled: "stopped", interrupted: "stopped when the studio ended" };

export function startExports() {
  byId("export-form").addEventListener("submit", (event) => {
    event.preventDefault();
    ask(event.submitter.value);
  });
}

function ask(kind) {
  const cell = chosenCell(), { size } = factsOf(cell);
  const whole = byId("export-part").value === "whole", { source, duration_s: duration } = report();
  const film = {
    out_size: byId("export-height").value, codec: byId("export-codec").value, audio: byId("export-sound").checked,
    ...(whole ? {} : { start: source.start_s, duration }),
  };
  const wishes = {
    film: { fps: cell.rate, size: cell.box, strength: strength(), options: film },
    package: { size: shortFirst(size), options: { portrait: size.height > size.width } },
    page: {},
  };
  call("POST", "/api/exports", { kind, ...wishes[kind] });
}

// Numbers of cells change when a rate or a size is added.
const keyOf = (cell) => `${cell.box}|${cell.rate}`;
const chosenCell = () => report().cells.find((cell) => keyOf(cell) === byId("export-cell").value);

/** Bring the choice of cells up to date. */
export function showCells(best) {
  const select = byId("export-cell"), chosen = select.value, { cells } = report();
  select.replaceChildren(...cells.map((cell) => new Option(`${nameOf(cell.id)}${cell.id === best ? ", recommended" : ""}`, keyOf(cell))));
  select.value = cells.some((cell) => keyOf(cell) === chosen) ? chosen : keyOf(cells.find((cell) => cell.id === best) || cells[0]);
  byId("sound-label").hidden = !studio.view.clip || !studio.view.clip.has_sound;
}

/** Bring the queue up to date. */
export function showJobs() {
  const { jobs, can_write: canWrite } = studio.view;
  byId("no-jobs").hidden = jobs.length > 0;
  for (const id of [...lines.keys()]) if (!jobs.some((job) => job.id === id)) { lines.get(id).node.remove(); lines.delete(id); }
  for (const job of jobs) {
    // A line is made anew only when more than its progress has changed: a button must stay while it is pressed.
    const shape = JSON.stringify([canWrite, { ...job, done: 0, total: 0, seconds_left: 0, stage: "" }]);
    const known = lines.get(job.id);
    if (known?.shape !== shape) {
      const node = line(job, canWrite);
      if (known) known.node.replaceWith(node); else byId("jobs").prepend(node);
      lines.set(job.id, { node, shape });
    }
    const { node } = lines.get(job.id), bar = node.querySelector("progress");
    if (bar && job.total) bar.value = job.done / job.total;
    node.querySelector(".job-words").textContent = wordsOf(job);
  }
}

const lines = new Map();

function line(job, canWrite) {
  const act = (what, text) => el("button", { class: "plain", type: "button", onclick: () => call("POST", `/api/jobs/${job.id}`, { do: what }) }, text);
  const isFolder = job.kind === "package";
  return el("li", { class: "job", "data-state": job.state },
    el("div", { class: "job-head" },
      el("b", {}, job.title),
      job.state === "running" && el("progress", { max: 1, "aria-label": "Share that is done" }),
      el("span", { class: "quiet job-words" }),
      job.state === "done" && !isFolder && el("a", { href: job.url, download: job.file }, "Download"),
      job.command && el("button", { class: "plain", type: "button", onclick: () => copy(`${job.command}\n`, "Command copied") }, "Copy command"),
      canWrite && (job.state === "running" || job.state === "waiting") && act("cancel", "Stop"),
      canWrite && ["cancelled", "failed", "interrupted"].includes(job.state) && act("resume", job.kind === "film" ? "Go on" : "Try again"),
      canWrite && !["waiting", "running"].includes(job.state) && act("remove", "✕")),
    job.error && el("p", { class: "error" }, sentence(job.error)),
    job.verdict && el("p", { class: "quiet" }, job.verdict),
    job.proof.length > 0 && el("div", { class: "proof" }, ...job.proof.map((url) => el("figure", {}, el("img", { src: url, alt: "", loading: "lazy" }), el("figcaption", {}, captionOf(url))))));
}

function wordsOf(job) {
  if (job.state === "running") {
    const parts = job.kind === "film" && job.total ? [`${job.done} of ${job.total} frames`] : [job.stage];
    if (job.seconds_left !== null) parts.push(`${clockOf(job.seconds_left)} left`);
    return parts.filter(Boolean).join(", ");
  }
  if (job.state === "done") return `in ${studio.view.project}/studio/exports/${job.file}`;
  return STATES[job.state];
}

const captionOf = (url) => url.includes("-source") ? "Source" : url.includes("-painted") ? "Painted by the package" : "Difference, 20 times";
