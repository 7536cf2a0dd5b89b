"""The page while its preview is made: it fetches new data and is never reloaded.

A page from disk can only load data as a script, so the report is written as one: `live.js` calls
the page with it. Its count of beats goes up as long as the run lives, which tells a running preview
from one that was killed.
"""

import threading
import time
from types import TracebackType
from typing import Any

from videostyle.files.whole import write_text
from videostyle.preview.page import PAGE, embed, render_page
from videostyle.preview.report import Report
from videostyle.preview.report_json import write_report

LIVE = "live.js"

# The page takes a run for stopped when it saw no beat for three times this long.
BEAT_S = 2.0


class LivePage:
    """Keeps a folder's page and its live data up to date; a context manager.

    Left before the report is complete, by an error or by Ctrl-C, it says that the run stopped.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._content: dict[str, Any] = {}
        self._state = "running"
        self._version = self._beats = 0
        self._share = 0.0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._heart = threading.Thread(target=self._beat, name="preview-heartbeat", daemon=True)

    def __enter__(self) -> "LivePage":
        self.show()
        self._write_page()
        self._heart.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._heart.join()
        self._state = "complete" if self._report.is_complete else "stopped"
        self.show()
        self._write_page()

    def show(self) -> None:
        """Write what is new."""
        with self._lock:
            self._version += 1
            self._content = write_report(self._report)
            self._write_data()

    def set_share(self, share: float) -> None:
        """Set the progress of the whole, 0..1."""
        self._share = share

    def _beat(self) -> None:
        while not self._ended.wait(BEAT_S):
            with self._lock:
                self._write_data()

    def _write_data(self) -> None:
        self._beats += 1
        path = self._report.grid.folder / LIVE
        write_text(path, f"videostylePreview({embed(self._data())});\n")

    def _write_page(self) -> None:
        write_text(self._report.grid.folder / PAGE, render_page(self._data()))

    def _data(self) -> dict[str, Any]:
        return live_data(
            self._content,
            state=self._state,
            version=self._version,
            beat=self._beats,
            share=self._share,
        )


def live_data(report: dict[str, Any], **run: Any) -> dict[str, Any]:
    """What a page is drawn from: a report and how its run goes."""
    return {"report": report, "at": round(time.time(), 1), "beat_s": BEAT_S, **run}
