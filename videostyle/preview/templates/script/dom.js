// Small things about the document.

export const byId = (id) => document.getElementById(id);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** An element with attributes and children; text is text, never markup. */
export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same for drawings. */
export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A group of buttons of which one is chosen; arrows move within it. */
export function segments(node, choices, chosen, onChoose) {
  node.setAttribute("role", "radiogroup");
  node.replaceChildren(...choices.map(({ value, text, title }) => el("button", {
    type: "button", role: "radio", title, "data-value": value,
    "aria-checked": String(value === chosen), tabindex: value === chosen ? "0" : "-1",
    // A click leaves the arrows to the cells; whoever came by keyboard keeps them here.
    onclick: (event) => { onChoose(value); if (event.detail) event.target.blur(); },
  }, text)));
  node.onkeydown = (event) => {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!way) return;
    const buttons = all("button", node), at = buttons.indexOf(document.activeElement);
    const next = buttons[(at + way + buttons.length) % buttons.length];
    event.preventDefault();
    event.stopPropagation();
    onChoose(next.dataset.value);
    all("button", node).find((button) => button.dataset.value === next.dataset.value).focus();
  };
}

/** Show which of a group's buttons is chosen, without making them anew. */
export function choose(node, chosen) {
  for (const button of all("[role=radio]", node)) {
    const is = button.dataset.value === chosen;
    button.setAttribute("aria-checked", String(is));
    button.tabIndex = is ? 0 : -1;
  }
}

let toastTimer;
/** Tell something in passing. */
export function toast(text) {
  const open = document.querySelector("dialog[open]");
  (open || document.body).append(byId("toast"));
  byId("toast").textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { byId("toast").textContent = ""; }, 8000);
}

export const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
