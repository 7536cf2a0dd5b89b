// What a viewer would see of a live filter: which capture stands at which tick of the screen.
// The same rule as videostyle/device/schedule.py, in whole numbers; held to tests/device/cases.json.

export const SCREEN_RATE = 60;

const floorOf = (over, under) => (over - over % under) / under;
const ceilOf = (over, under) => floorOf(over + under - 1, under);

/** Ticks of a clip whose length in seconds is a fraction. */
export const ticksOf = (duration) => ceilOf(duration.over * SCREEN_RATE, duration.under);

/** The frame of a rate that stands at a tick when every frame comes in time. */
export const idealFrame = (rate, tick) => floorOf(tick * rate.over, SCREEN_RATE * rate.under);

/** The first tick at which a frame of a rate stands. */
export const firstTick = (rate, frame) => ceilOf(frame * rate.under * SCREEN_RATE, rate.over);

/**
 * Play a live filter through.
 *
 * @param samples milliseconds, taken in order and again from the start
 * @returns captures (per tick, null before the first), changes (ticks), droppedShare, shownRate, latencyMs
 */
export function simulate(samples, rate, duration, captureRate = rate) {
  const { taken, due } = take(samples, rate, duration, captureRate);
  const ticks = ticksOf(duration), first = new Map();
  for (const { capture, ready } of taken) first.set(ceilOf(ready * SCREEN_RATE, 1e6 * captureRate.over), capture);
  const captures = [], changes = [];
  let standing = null;
  for (let tick = 0; tick < ticks; tick += 1) {
    if (first.has(tick)) { standing = first.get(tick); changes.push(tick); }
    captures.push(standing);
  }
  const latencies = changes.map((tick) => (tick / SCREEN_RATE - first.get(tick) * captureRate.under / captureRate.over) * 1000);
  return {
    captures, changes,
    captureRate,
    droppedShare: 1 - taken.length / due,
    shownRate: Math.min(rate.over / rate.under, shownRate(captures, changes)),
    latencyMs: latencies.length ? latencies.sort((a, b) => a - b)[Math.max(0, Math.ceil(0.5 * latencies.length) - 1)] : null,
  };
}

function shownRate(captures, changes) {
  if (changes.length > 1) return SCREEN_RATE * (changes.length - 1) / (changes[changes.length - 1] - changes[0]);
  return new Set(captures.filter((capture) => capture !== null)).size * SCREEN_RATE / captures.length;
}

// Times are counted in millionths of a capture's second: capture i comes at i * under * 1e6 of
// over * 1e6 to a second, so that everything stays a whole number.
function take(samples, rate, duration, captureRate) {
  const count = ceilOf(duration.over * captureRate.over, duration.under * captureRate.under);
  const taken = [];
  let free = 0, last = -1, due = 0, lastDue = -1;
  for (let capture = 0; capture < count; capture += 1) {
    const at = capture * captureRate.under * 1e6;
    const interval = floorOf(capture * captureRate.under * rate.over, captureRate.over * rate.under);
    if (interval !== lastDue) { due += 1; lastDue = interval; }
    if (at >= free && interval > last) {
      const microseconds = Math.floor(samples[taken.length % samples.length] * 1000 + 0.5);
      free = at + microseconds * captureRate.over;
      last = interval;
      taken.push({ capture, ready: free });
    }
  }
  return { taken, due };
}
