// A cell as the phone would show it: each picture is kept when the camera would have delivered it,
// and drawn when the schedule says that the network is done with it.

export class PhoneView {
  /**
   * @param canvas where it is drawn
   * @param part of the video: x, y, width and height in its pixels; null for all of it
   */
  constructor(canvas, part = null) {
    this.canvas = canvas;
    this.part = part;
    this.context = canvas.getContext("2d");
    this.schedule = null;
    this.kept = new Map();
    this.shown = undefined;
  }

  setSchedule(schedule) {
    this.schedule = schedule;
    this.scheduled = new Set(schedule ? schedule.captures : []);
    this.forget();
  }

  /** The clip has jumped: nothing that was kept is of use. */
  forget() {
    this.kept.clear();
    this.shown = undefined;
  }

  /** A picture of the video is there. */
  take(video, capture) {
    if (!this.scheduled || !this.scheduled.has(capture) || this.kept.has(capture)) return;
    const copy = this.spare || document.createElement("canvas");
    this.spare = null;
    copy.width = this.canvas.width;
    copy.height = this.canvas.height;
    this.copyTo(copy.getContext("2d"), video);
    this.kept.set(capture, copy);
  }

  /** Draw what stands at a tick of the screen, if it is known. */
  show(tick) {
    if (!this.schedule) return;
    const capture = this.standing(tick);
    if (capture === this.shown || !this.kept.has(capture)) return;
    this.context.drawImage(this.kept.get(capture), 0, 0);
    this.shown = capture;
    for (const [old, copy] of this.kept) {
      if (old < capture) { this.kept.delete(old); this.spare = copy; }
    }
  }

  /** Draw the video's picture as it is. */
  draw(video) {
    this.copyTo(this.context, video);
    this.shown = undefined;
  }

  /** The capture that stands at a tick; before the first result the first one. */
  standing(tick) {
    const { captures } = this.schedule;
    return captures[Math.min(captures.length - 1, Math.max(0, tick))] ?? 0;
  }

  copyTo(context, video) {
    const { width, height } = this.canvas;
    if (this.part) context.drawImage(video, this.part.x, this.part.y, this.part.width, this.part.height, 0, 0, width, height);
    else context.drawImage(video, 0, 0, width, height);
  }
}

/** Call a function with each new picture of a video, and its time in the clip. */
export function onPictures(video, call) {
  if (video.requestVideoFrameCallback) {
    const next = (now, { mediaTime }) => { call(mediaTime); video.requestVideoFrameCallback(next); };
    video.requestVideoFrameCallback(next);
  } else {
    const next = () => { call(video.currentTime); requestAnimationFrame(next); };
    requestAnimationFrame(next);
  }
}

/** Go to a time and wait until its picture is there. */
export function seekTo(video, time) {
  return new Promise((resolve) => {
    if (Math.abs(video.currentTime - time) < 1e-4 && video.readyState > 1 && !video.seeking) { resolve(); return; }
    video.addEventListener("seeked", resolve, { once: true });
    video.currentTime = time;
  });
}
