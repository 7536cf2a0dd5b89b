// The preview's page: a report that is there from the start, and may grow.

import { readHash } from "./hash.js";
import { showStatus, startLive } from "./live.js";
import { redraw, startPage } from "./page.js";

startPage(window.videostyleData);
startLive(() => { redraw(); showStatus(); });
readHash();
