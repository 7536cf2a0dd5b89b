// News from the server, as they come; the browser asks again by itself when the line breaks.

import { byId } from "./dom.js";
import { studio } from "./view.js";

/** Call `onNews` with the report, or undefined where it is as before, after each change. */
export function startEvents(onNews) {
  const events = new EventSource("/api/events");
  events.addEventListener("state", (event) => {
    const news = JSON.parse(event.data);
    studio.view = { ...studio.view, ...news };
    tell("");
    onNews(news.report);
  });
  events.onerror = () => tell(events.readyState === EventSource.CLOSED
    ? "The studio was started anew: open the address that it printed. Nothing is lost."
    : "The studio isn't running. Start it again in the terminal, with the same folder; nothing is lost.");
}

function tell(text) {
  byId("gone").hidden = !text;
  byId("gone").textContent = text;
}
