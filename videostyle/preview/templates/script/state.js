// What the page knows and what is chosen in it; whoever shows something listens.

export const state = {
  data: null, // the report and how its run goes, see live.py
  basis: null, // what the verdicts rest on: { kind: "device", index } or { kind: "figure", ms, published }
  camera: null,
  onPhone: false, // cells play as the phone would show them
  moment: 0, // of the clip, whose details are shown
  rate: null, // shown alone where there is room for one
  missing: new Set(), // files that the folder lacks
  stars: new Map(), // cell id to its note
  ask: null, // called with a cell that is to be painted, where a studio paints it
};

const listeners = [];

/** Call a function after every change. */
export function listen(listener) { listeners.push(listener); }

/** Change something and tell everybody. */
export function change(patch) {
  Object.assign(state, patch);
  for (const listener of listeners) listener(patch);
}

export const report = () => state.data.report;
export const cellOf = (id) => report().cells.find((cell) => cell.id === Number(id));
