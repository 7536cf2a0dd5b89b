// The studio's page: the wall above, the preview of the chosen style below, exports at its end.

import { recommended } from "./answer.js";
import { call } from "./api.js";
import { isOpen } from "./compare.js";
import { byId } from "./dom.js";
import { startDrop } from "./drop.js";
import { startEvents } from "./events.js";
import { showCells, showJobs, startExports } from "./exports.js";
import { redraw, startPage } from "./page.js";
import { paint, showProgress, startProgress } from "./progress.js";
import { listen, report, state } from "./state.js";
import { studio } from "./view.js";
import { showWall, startWall } from "./wall.js";

let isStarted = false, wantsFirst = null;

document.body.classList.add("in-studio", "no-report");
startDrop();
startWall(choose);
startExports();
startProgress();
startEvents(onNews);

async function choose(id) {
  if (studio.view.shown === id || !studio.view.can_write) { byId("sentence").scrollIntoView({ behavior: "smooth" }); return; }
  wantsFirst = id;
  await call("POST", "/api/show", { style: id });
}

function onNews(news) {
  document.body.classList.toggle("looking", !studio.view.can_write);
  showWall();
  showJobs();
  if (news !== undefined) takeReport(news);
  if (isStarted && studio.view.report) showProgress();
}

function takeReport(news) {
  document.body.classList.toggle("no-report", !news);
  if (!news) return;
  const data = { report: news, state: "live", base: "/files/" };
  if (!isStarted) {
    startPage(data);
    listen(() => showProgress());
    isStarted = true;
  } else if (isOtherClip(news)) {
    location.reload(); // much of the page depends on the clip's shape
    return;
  } else {
    const stars = starsOf();
    state.data = data;
    state.stars = new Map(stars.map(({ key, note }) => [idOf(key), note]).filter(([id]) => id));
    if (!isOpen()) redraw();
  }
  showCells(recommended());
  if (wantsFirst === studio.view.shown) beginWith();
}

const isOtherClip = (news) => news.source.file !== report().source.file || news.output_size !== report().output_size;

/** A style that was just chosen is painted as recommended, if nothing of it is there. */
function beginWith() {
  wantsFirst = null;
  byId("sentence").scrollIntoView({ behavior: "smooth" });
  if (report().cells.some((cell) => cell.done) || studio.view.queued.length) return;
  const cell = report().cells.find((each) => each.id === recommended()) || report().cells[0];
  paint(cell.rate, cell.box);
}

// Numbers of cells change when a rate or a size is added: stars go by what a cell is.
const keyOf = (cell) => [cell.style, cell.box, cell.rate].join("|");
const starsOf = () => [...state.stars].map(([id, note]) => ({ key: keyOf(report().cells[id - 1]), note }));
const idOf = (key) => report().cells.find((cell) => keyOf(cell) === key)?.id;
