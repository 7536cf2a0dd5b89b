"use strict";
(() => {
  const report = JSON.parse(document.getElementById("report").textContent);
  const byId = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const SIGNS = { holds: "●", marginal: "◐", drops: "✕", unknown: "?" };
  const TICK_S = 1 / report.screen_rate;
  const cells = report.cells;

  // While cells are being made the page is written anew with each: look again, but disturb nobody.
  if (!report.complete) {
    setInterval(() => { if (!byId("compare").open) location.reload(); }, 4000);
  }

  /* ---- the matrix: one video a mode ---- */

  const videos = all(".grid-video");
  let mode = 0;
  let lastDevice = 1;

  function videoOf(number) {
    const each = (report.modes || [])[number];
    return each && (videos.find((video) => video.dataset.device === (each.device || "")) || videos[0]);
  }
  const current = () => videoOf(mode);
  const deviceNumber = () => (mode || lastDevice) - 1;

  function placeVideos() {
    if (!report.layout) return;
    const { canvas, tile, left, top, gap, columns, rows } = report.layout;
    const [width, height] = canvas.split("x").map(Number);
    const [tileWidth, tileHeight] = tile.split("x").map(Number);
    const across = columns * (tileWidth + gap) - gap, down = rows * (tileHeight + gap) - gap;
    for (const video of videos) {
      video.style.width = `${width / across * 100}%`;
      video.style.height = `${height / down * 100}%`;
      video.style.left = `${-left / across * 100}%`;
      video.style.top = `${-top / down * 100}%`;
    }
    byId("cells").style.gap = `${gap / down * 100}% ${gap / across * 100}%`;
  }

  const isPlaying = (video) => video && !video.paused && !video.ended;
  function play(video) { if (video) video.play().catch(() => {}); }

  function showPlaying() {
    const playing = isPlaying(current());
    byId("play").classList.toggle("playing", playing);
    byId("play").setAttribute("aria-label", playing ? "Pause" : "Play");
  }

  function toggle() {
    const video = current();
    if (!video) return;
    if (isPlaying(video)) video.pause(); else play(video);
  }

  function step(ticks) {
    const video = current();
    if (!video) return;
    video.pause();
    // The middle of a tick: its edge may round to either side.
    const tick = Math.floor(video.currentTime / TICK_S + 1e-3) + ticks;
    const last = Math.round(report.duration_s / TICK_S) - 1;
    video.currentTime = (Math.min(last, Math.max(0, tick)) + 0.5) * TICK_S;
  }

  function setMode(number) {
    const next = videoOf(number), before = current();
    if (!next || number === mode) return;
    mode = number;
    if (number) lastDevice = number;
    if (next !== before) {
      const playing = isPlaying(before), at = before.currentTime;
      before.pause();
      next.currentTime = at;
      if (playing) play(next);
    }
    // Where nothing certain is known the cells stay as they are, and step back.
    byId("tiles").classList.toggle("dim", number > 0 && !report.modes[number].video);
    for (const video of videos) video.hidden = video !== next;
    for (const button of all("[data-mode]")) {
      const chosen = Number(button.dataset.mode) === number;
      button.setAttribute("aria-checked", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
    }
    showDevice();
  }

  for (const video of videos) {
    for (const event of ["play", "pause"]) video.addEventListener(event, showPlaying);
    video.addEventListener("ended", () => { if (video === current()) { video.currentTime = 0; play(video); } });
  }
  byId("play").addEventListener("click", toggle);
  byId("seek").addEventListener("input", (event) => {
    if (current()) current().currentTime = Number(event.target.value);
  });
  all("[data-mode]").forEach((button) => button.addEventListener("click", () => setMode(Number(button.dataset.mode))));
  all("[role=radiogroup]").forEach((group) => group.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way) return;
    const buttons = [...group.querySelectorAll("button:not(:disabled)")];
    const next = buttons[(buttons.indexOf(event.target) + way + buttons.length) % buttons.length];
    next.focus();
    next.click();
    event.preventDefault();
    event.stopPropagation();
  }));

  /* ---- what a device does ---- */

  function describe(facts) {
    const schedule = facts.schedule;
    if (facts.verdict === "drops" && schedule) return `drops ${Math.round(schedule.dropped_share * 100)} %`;
    if (facts.verdict === "unknown" && facts.ms !== null) return `about ${Math.round(facts.ms)} ms`;
    return facts.verdict;
  }

  function showDevice() {
    if (!report.devices.length) return;
    const number = deviceNumber(), name = report.devices[number];
    for (const cell of cells) {
      const facts = cell.devices[number], schedule = facts.schedule;
      const chip = document.querySelector(`[data-cell="${cell.id}"] .verdict`);
      if (chip) {
        chip.dataset.verdict = facts.verdict;
        chip.dataset.sign = SIGNS[facts.verdict];
        chip.innerHTML = `<span class="word">${describe(facts)}</span>`;
        chip.title = facts.note;
        chip.parentElement.setAttribute("aria-label", `${cell.work} at ${cell.label} fps, ${describe(facts)} on ${name}. Compare`);
      }
      const row = document.querySelector(`[data-row="${cell.id}"]`);
      if (!row) continue;
      const set = (field, text) => { row.querySelector(`[data-field=${field}]`).textContent = text; };
      set("verdict", `${SIGNS[facts.verdict]} ${facts.verdict}`);
      row.querySelector("[data-field=verdict]").dataset.verdict = facts.verdict;
      set("ms", facts.ms === null ? "–" : `${facts.verdict === "unknown" ? "≈ " : ""}${Math.round(facts.ms)}`);
      row.querySelector("[data-field=ms]").classList.toggle("rough", facts.verdict === "unknown");
      set("dropped", schedule ? `${Math.round(schedule.dropped_share * 100)} %` : "–");
      set("shown", schedule ? schedule.shown_rate.toFixed(1) : "–");
      set("late", schedule && schedule.latency_ms !== null ? Math.round(schedule.latency_ms) : "–");
    }
    const notes = [...new Set(cells.map((cell) => cell.devices[number].note).filter(Boolean))];
    if (byId("device-note")) byId("device-note").textContent = `${name}: ${notes.join("; ") || "measured"}.`;
    showAdvice();
    drawPlot();
  }

  function advice() { return report.advice[report.devices.length ? deviceNumber() : 0]; }

  function showAdvice() {
    if (!report.complete) return;
    const chosen = advice();
    byId("sentence").textContent = chosen.sentence;
    byId("use-best").hidden = chosen.cell === null;
    all(".best").forEach((node) => node.classList.remove("best"));
    if (chosen.cell !== null) {
      all(`[data-cell="${chosen.cell}"], [data-row="${chosen.cell}"]`).forEach((node) => node.classList.add("best"));
    }
  }

  /* ---- the trade-off ---- */

  function drawPlot() {
    const plot = byId("plot");
    if (!plot) return;
    const number = deviceNumber(), onDevice = report.devices.length && cells.some((cell) => cell.devices[number].ms !== null);
    const points = report.rows.map((row) => {
      const group = cells.filter((cell) => cell.work === row.work && cell.style === row.style && cell.box === row.box);
      const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
      const flickers = group.map((cell) => cell.flicker_ratio).filter((value) => value !== null);
      return { name: report.rows.some((other) => other !== row && other.work === row.work) ? `${row.work} ${row.style}` : row.work.replace("x", "×"),
        ms: onDevice ? group[0].devices[number].ms : mean(group.map((cell) => cell.network_ms)),
        detail: mean(group.map((cell) => cell.detail)), flicker: flickers.length ? mean(flickers) : null };
    }).filter((point) => point.ms !== null);
    const budgets = report.rates.map((rate) => {
      const [over, under] = rate.rate.split("/").map(Number);
      return { label: rate.label, ms: 1000 / (over / (under || 1)) };
    });
    const box = { left: 44, right: 540, top: 26, bottom: 276 };
    const every = [...points.map((point) => point.ms), ...budgets.map((budget) => budget.ms * 0.8)];
    const low = Math.min(...every) / 1.3, high = Math.max(...every) * 1.3;
    const details = points.map((point) => point.detail);
    const ceiling = Math.min(1, Math.ceil(Math.max(...details) * 20 + 0.5) / 20);
    const floor = Math.min(ceiling - 0.1, Math.floor(Math.min(...details) * 20 - 0.5) / 20);
    const x = (ms) => box.left + Math.log(ms / low) / Math.log(high / low) * (box.right - box.left);
    const y = (detail) => box.bottom - (detail - floor) / (ceiling - floor || 1) * (box.bottom - box.top);
    const flickers = points.map((point) => point.flicker).filter((value) => value !== null);
    const least = Math.min(...flickers), most = Math.max(...flickers);
    const colour = (value) => value === null ? "gray" : `hsl(${215 - 190 * (most > least ? (value - least) / (most - least) : 0)} 72% 52%)`;
    const parts = [`<title>Detail against milliseconds a frame, one point for each size</title>`];
    for (const value of [floor, (floor + ceiling) / 2, ceiling]) {
      parts.push(`<line class="axis" x1="${box.left}" x2="${box.right}" y1="${y(value)}" y2="${y(value)}"/><text x="${box.left - 8}" y="${y(value) + 4}" text-anchor="end">${value.toFixed(2)}</text>`);
    }
    let free = Infinity;  // labels that would lie on one another are left away, the fastest first
    for (const budget of budgets.sort((a, b) => b.ms - a.ms)) {
      const at = x(budget.ms * 0.8);
      parts.push(`<line class="budget" x1="${at}" x2="${at}" y1="${box.top}" y2="${box.bottom}"/>`);
      if (at > free) continue;
      parts.push(`<text x="${at}" y="${box.top - 8}" text-anchor="middle">${budget.label} fps</text>`);
      free = at - 42;
    }
    for (const ms of [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].filter((value) => value > low && value < high)) {
      parts.push(`<text x="${x(ms)}" y="${box.bottom + 18}" text-anchor="middle">${ms}</text>`);
    }
    parts.push(`<text x="${(box.left + box.right) / 2}" y="${box.bottom + 40}" text-anchor="middle">ms a frame ${onDevice ? `on ${escape(report.devices[number])}` : "on this machine"}</text>`);
    for (const point of points) {
      const right = x(point.ms) < box.right - 90;
      parts.push(`<circle cx="${x(point.ms)}" cy="${y(point.detail)}" r="8" fill="${colour(point.flicker)}"/><text class="name" x="${x(point.ms) + (right ? 13 : -13)}" y="${y(point.detail) + 4}" text-anchor="${right ? "start" : "end"}">${escape(point.name)}</text>`);
    }
    plot.innerHTML = parts.join("");
    byId("plot-note").textContent = "Up is more detail. A size holds the rates whose dotted line lies to its right."
      + (!flickers.length ? "" : most - least < 0.005 ? ` Flicker is ${most.toFixed(2)} times the source's own.`
        : ` Colour is flicker: ${least.toFixed(2)} (blue) to ${most.toFixed(2)} (red) times the source's own.`)
      + (onDevice && cells.every((cell) => cell.devices[number].verdict === "unknown") ? " The times are rough figures by multiply-adds." : "");
  }

  function escape(text) {
    const node = document.createElement("span");
    node.textContent = text;
    return node.innerHTML;
  }

  /* ---- compare ---- */

  const dialog = byId("compare"), stage = byId("stage");
  const layers = ["left", "right"].map((side) => ({ side, layer: byId(`layer-${side}`), video: byId(`layer-${side}`).firstElementChild, select: byId(side), tag: byId(`tag-${side}`) }));
  const [left, right] = layers;
  let zoom = "fit", pan = { x: 0, y: 0 }, flipped = false;

  const PHONES = [
    ["iPhone SE", 58.4, 103.9], ["iPhone XS", 62.4, 135.1], ["iPhone 15", 65.1, 141.1],
    ["iPhone 15 Pro Max", 71.2, 154.4], ["Pixel 8", 64.1, 142.4], ["Galaxy S24", 65.9, 142.9],
  ];
  const CARD_MM = 85.6;

  function clipOf(value) {
    if (value === "source") {
      return { clip: report.source.record.clip, name: `source, ${report.source.label} fps`, rate: report.source.rate };
    }
    const cell = cells.find((each) => each.id === Number(value));
    const style = new Set(cells.map((each) => each.style)).size > 1 ? `, ${cell.style}` : "";
    return { clip: cell.clip, name: `${cell.work.replace("x", "×")} at ${cell.label} fps${style}`, rate: cell.rate, cell };
  }

  function fillSelects() {
    for (const { select } of layers) {
      if (report.source.record) select.add(new Option("Source", "source"));
      for (const cell of cells) if (cell.done) select.add(new Option(clipOf(cell.id).name, cell.id));
    }
    for (const [name] of PHONES) byId("phone-model").add(new Option(name, name));
    byId("phone-model").value = "iPhone 15";
  }

  function load(each) {
    const chosen = clipOf(each.select.value);
    each.tag.textContent = chosen.name;
    if (each.video.getAttribute("src") === chosen.clip) return;
    const at = left.video.currentTime || 0;
    each.video.setAttribute("src", chosen.clip);
    each.video.addEventListener("loadedmetadata", () => { each.video.currentTime = at; arrange(); }, { once: true });
  }

  function openCompare(value, other) {
    const wasOpen = dialog.open;
    right.select.value = value;
    if (other !== undefined) left.select.value = other;
    else if (!wasOpen && !left.select.value) left.select.value = "source";
    layers.forEach(load);
    showUse();
    if (wasOpen) return;
    if (current()) current().pause();
    dialog.showModal();
    arrange();
    playBoth();
    requestAnimationFrame(keepStep);
  }

  function playBoth() { layers.forEach(({ video }) => play(video)); showComparePlaying(); }
  function pauseBoth() {
    layers.forEach(({ video }) => video.pause());
    right.video.currentTime = left.video.currentTime;
    showComparePlaying();
  }
  function showComparePlaying() {
    const playing = !left.video.paused;
    byId("compare-play").classList.toggle("playing", playing);
    byId("compare-play").setAttribute("aria-label", playing ? "Pause" : "Play");
  }
  const toggleBoth = () => left.video.paused ? playBoth() : pauseBoth();

  // The right clip follows the left one: gently while they are close, at once when they are not.
  function keepStep() {
    if (!dialog.open) return;
    const drift = left.video.currentTime - right.video.currentTime;
    if (left.video.ended) {
      layers.forEach(({ video }) => { video.currentTime = 0; });
      playBoth();
    } else if (!left.video.paused && left.video.readyState > 2 && right.video.readyState > 2 && !right.video.seeking) {
      if (Math.abs(drift) > 0.2) right.video.currentTime = left.video.currentTime;
      right.video.playbackRate = Math.abs(drift) > 0.008 ? Math.min(1.25, Math.max(0.8, 1 + drift * 3)) : 1;
      if (right.video.paused && !right.video.ended) play(right.video);
    }
    requestAnimationFrame(keepStep);
  }

  function stepBoth(ways) {
    pauseBoth();
    const rate = Math.max(...layers.map(({ select }) => { const [over, under] = clipOf(select.value).rate.split("/").map(Number); return over / (under || 1); }));
    const frame = Math.floor(left.video.currentTime * rate + 1e-3) + ways;
    const at = (Math.max(0, Math.min(Math.round(report.duration_s * rate) - 1, frame)) + 0.5) / rate;
    layers.forEach(({ video }) => { video.currentTime = at; });
  }

  function scaleNow() {
    const { clientWidth: width, clientHeight: height } = stage;
    const [w, h] = report.output_size.split("x").map(Number);
    const fit = Math.min(width / w, height / h);
    if (zoom === "fit") return fit;
    if (zoom === "phone") {
      const [, short, long] = PHONES.find(([name]) => name === byId("phone-model").value);
      const [across, down] = w >= h ? [long, short] : [short, long];
      const mm = Math.min(across / w, down / h);
      return mm * Number(byId("card").value) / CARD_MM;
    }
    return Number(zoom) / window.devicePixelRatio;
  }

  function arrange() {
    const [w, h] = report.output_size.split("x").map(Number), scale = scaleNow();
    const roomX = Math.max(0, (w * scale - stage.clientWidth) / 2), roomY = Math.max(0, (h * scale - stage.clientHeight) / 2);
    pan.x = Math.min(roomX, Math.max(-roomX, pan.x));
    pan.y = Math.min(roomY, Math.max(-roomY, pan.y));
    for (const { video } of layers) {
      video.style.width = `${w}px`;
      video.style.height = `${h}px`;
      video.style.transform = `translate(-50%, -50%) translate(${pan.x}px, ${pan.y}px) scale(${scale})`;
    }
    const split = Number(byId("split").value);
    right.layer.style.clipPath = `inset(0 0 0 ${split}%)`;
    byId("divider").style.left = `${split}%`;
    byId("divider").hidden = flipped;
    left.tag.hidden = split === 0;
    right.tag.hidden = split === 100;
    byId("card-bar").style.width = `${byId("card").value}px`;
  }

  function setZoom(value) {
    zoom = value;
    all("[data-zoom]").forEach((button) => {
      const chosen = button.dataset.zoom === value;
      button.setAttribute("aria-checked", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
    });
    byId("phone").hidden = value !== "phone";
    arrange();
  }

  // Flipping shows one clip whole, then the other.
  let flipSide = 0;
  function flip() {
    const button = byId("flip");
    if (!flipped) { flipped = true; flipSide = 0; } else { flipSide = 1 - flipSide; }
    byId("split").value = flipSide === 0 ? 100 : 0;
    button.setAttribute("aria-pressed", "true");
    arrange();
  }
  function unflip() {
    flipped = false;
    byId("flip").setAttribute("aria-pressed", "false");
    arrange();
  }

  function showUse() {
    const { cell } = clipOf(right.select.value);
    byId("use").hidden = !cell;
    if (!cell) return;
    const facts = [`${(cell.bytes / 1e6).toFixed(1)} MB`, `${Math.round(cell.network_ms)} ms a frame here`];
    if (cell.flicker_ratio !== null) facts.push(`flicker ${cell.flicker_ratio.toFixed(2)} × source`);
    facts.push(`detail ${cell.detail.toFixed(2)}`);
    if (report.devices.length) {
      const device = cell.devices[deviceNumber()];
      facts.push(`${device.verdict} on ${device.device}${device.note ? ` (${device.note})` : ""}`);
    }
    byId("use-facts").textContent = `${clipOf(cell.id).name}: ${facts.join(", ")}.`;
    byId("command-stylize").textContent = cell.command;
    byId("command-convert").textContent = cell.convert;
  }

  byId("cells").addEventListener("click", (event) => {
    const cell = event.target.closest(".cell");
    if (cell && !cell.disabled) openCompare(cell.dataset.cell);
  });
  layers.forEach((each) => each.select.addEventListener("change", () => { load(each); showUse(); if (!left.video.paused) playBoth(); }));
  byId("swap").addEventListener("click", () => {
    const [a, b] = [left.select.value, right.select.value];
    left.select.value = b;
    right.select.value = a;
    layers.forEach(load);
    showUse();
    playBoth();
  });
  byId("close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => { layers.forEach(({ video }) => video.pause()); showPlaying(); });
  byId("compare-play").addEventListener("click", toggleBoth);
  byId("split").addEventListener("input", () => { unflip(); });
  byId("flip").addEventListener("click", flip);
  all("[data-zoom]").forEach((button) => button.addEventListener("click", () => setZoom(button.dataset.zoom)));
  for (const id of ["phone-model", "card"]) byId(id).addEventListener("input", () => { remember(); arrange(); });
  window.addEventListener("resize", () => { if (dialog.open) arrange(); });

  let drag = null;
  stage.addEventListener("pointerdown", (event) => {
    const onDivider = event.target === byId("divider") || zoom === "fit";
    drag = { x: event.clientX, y: event.clientY, pan: { ...pan }, onDivider };
    stage.setPointerCapture(event.pointerId);
    if (onDivider) moveDivider(event);
  });
  stage.addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (drag.onDivider) { moveDivider(event); return; }
    pan = { x: drag.pan.x + event.clientX - drag.x, y: drag.pan.y + event.clientY - drag.y };
    arrange();
  });
  for (const event of ["pointerup", "pointercancel"]) stage.addEventListener(event, () => { drag = null; });
  function moveDivider(event) {
    const box = stage.getBoundingClientRect();
    byId("split").value = Math.min(100, Math.max(0, (event.clientX - box.left) / box.width * 100));
    unflip();
  }

  // A page opened from disk may have no storage.
  function remember() { try { localStorage.setItem("videostyle-card", byId("card").value); } catch { /* it is only a comfort */ } }
  try { byId("card").value = localStorage.getItem("videostyle-card") || byId("card").value; } catch { /* as above */ }

  /* ---- use this ---- */

  let toastTimer;
  function toast(text) {
    byId("toast").textContent = text;
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => { byId("toast").textContent = ""; }, 2600);
  }

  async function copy(text, told) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Where the clipboard is closed to pages from disk, a selection still reaches it.
      const area = document.createElement("textarea");
      area.value = text;
      (dialog.open ? dialog : document.body).append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    toast(told);
  }

  function use(id) {
    const cell = cells.find((each) => each.id === Number(id));
    copy(`${cell.command}\n${cell.convert}\n`, `Commands of ${cell.work.replace("x", "×")} at ${cell.label} fps copied`);
  }
  all("[data-use]").forEach((button) => button.addEventListener("click", () => use(button.dataset.use)));
  byId("use-best").addEventListener("click", () => use(advice().cell));
  all("[data-copy]").forEach((button) => button.addEventListener("click", () => copy(byId(button.dataset.copy).textContent, "Copied")));

  /* ---- keys ---- */

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target, typing = target.matches("select, input");
    const key = event.key;
    if (key === " " && !target.matches("button, select, a")) {
      event.preventDefault();
      if (dialog.open) toggleBoth(); else toggle();
    } else if ((key === "ArrowRight" || key === "ArrowLeft") && !typing) {
      event.preventDefault();
      const ways = (key === "ArrowRight" ? 1 : -1) * (event.shiftKey ? 10 : 1);
      if (dialog.open) stepBoth(ways); else step(ways);
    } else if (/^[1-9]$/.test(key) && cells[Number(key) - 1] && cells[Number(key) - 1].done) {
      event.preventDefault();
      openCompare(key);
    } else if (key === "d" && !dialog.open) {
      if (report.devices.length) setMode(mode ? 0 : lastDevice);
    } else if (key === "f" && dialog.open) {
      flip();
    }
  });

  /* ---- begin ---- */

  function showTime() {
    const video = current();
    if (video) {
      if (document.activeElement !== byId("seek") || isPlaying(video)) byId("seek").value = video.currentTime;
      byId("clock").textContent = `${video.currentTime.toFixed(2)} s`;
    }
    requestAnimationFrame(showTime);
  }

  fillSelects();
  placeVideos();
  showDevice();
  showAdvice();
  drawPlot();
  setZoom("fit");
  all("[data-mode]").forEach((button, number) => { button.tabIndex = number ? -1 : 0; });
  if (videos.length) {
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) play(current());
    requestAnimationFrame(showTime);
  } else {
    byId("play").disabled = byId("seek").disabled = true;
  }
})();
