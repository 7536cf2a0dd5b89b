// The commands that make a cell in full, and the clipboard.

import { el, toast } from "./dom.js";
import { factsOf } from "./facts.js";
import { pretty, shortFirst } from "./quantities.js";

/** Paint the whole clip so, and make the network's package for the phone. */
export function commandsOf(cell, strength = null) {
  const { convert } = factsOf(cell);
  const words = cell.command.replace(/ --strength [\d.]+/, "");
  const command = strength === null ? cell.command : strength === 1 ? words : `${words} --strength ${Number(strength.toFixed(2))}`;
  return convert ? [command, convert] : [command];
}

/** A row for each command, with a button that copies it. */
export const commandRows = (cell, strength = null) => commandsOf(cell, strength).map((command) => (
  el("div", { class: "command" }, el("code", {}, command), el("button", { class: "plain", type: "button", onclick: () => copy(command, "Copied") }, "Copy"))));

export function copyCommands(cell, strength = null) {
  const { size } = factsOf(cell);
  copy(`${commandsOf(cell, strength).join("\n")}\n`, pretty(`Commands for ${shortFirst(size)} at ${cell.label} fps copied`));
}

export async function copy(text, told) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Where the clipboard is closed to pages from disk, a selection still reaches it.
    const area = document.createElement("textarea");
    area.value = text;
    (document.querySelector("dialog[open]") || document.body).append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  toast(told);
}
