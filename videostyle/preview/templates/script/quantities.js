// Exact rates, sizes and how numbers are rounded and written.

/** `30000/1001` as two whole numbers. */
export function parseRate(text) {
  const [over, under] = String(text).split("/").map(Number);
  return { over, under: under || 1 };
}

export const rateValue = (rate) => rate.over / rate.under;

/** `853x480` in pixels. */
export function parseSize(text) {
  const [width, height] = text.split("x").map(Number);
  return { width, height, pixels: width * height };
}

/** As sizes are given: `480x853`, whichever way the picture lies. */
export function shortFirst({ width, height }) {
  return `${Math.min(width, height)}x${Math.max(width, height)}`;
}

/** For a picture that is looked at: `1280 wide, 720 high`. */
export const wideAndHigh = ({ width, height }) => `${width} wide, ${height} high`;

/** A moment of a clip: `1:02.5`. */
export function clockOf(seconds) {
  return `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, "0").replace(/\.0$/, "")}`;
}

/** Rounded half up, as Python's side does it. */
export const whole = (value) => Math.floor(value + 0.5);

/** Milliseconds between two frames. */
export const budgetOf = (rate) => 1000 * rate.under / rate.over;

/** For the eye: `480×853`. */
export const pretty = (text) => String(text).replace(/(\d)x(\d)/g, "$1×$2");
