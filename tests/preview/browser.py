"""Chromium, and a page of a preview opened in it."""

import shutil

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
]


class Page:
    """One opened page with all that it asked for and complained of."""

    def __init__(self, browser, address, **settings):
        self.context = browser.new_context(
            **{"viewport": {"width": 1440, "height": 900}, **settings}
        )
        self.page = self.context.new_page()
        self.complaints, self.requests = [], []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on(
            "pageerror", lambda error: self.complaints.append(f"{error} {error.stack or ''}")
        )
        self.page.on("requestfailed", self._failed)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(address)

    def _failed(self, request):
        # A video element breaks its own requests off when it has enough.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.complaints.append(f"{request.url}: {request.failure}")

    def value(self, script, argument=None):
        return self.page.evaluate(script, argument)

    def wait(self, script):
        self.page.wait_for_function(script, timeout=15_000)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def click(self, selector):
        self.page.click(selector)

    def text(self, selector):
        return self.page.inner_text(selector)

    def set_ms(self, ms):
        """Type a figure for the phone."""
        self.page.fill("#ms-number", str(ms))
        self.press("Enter")

    def badges(self):
        """Each cell's verdict, by its number."""
        return self.value(
            "Object.fromEntries([...document.querySelectorAll('.cell')].map("
            "c => [c.dataset.cell, c.querySelector('.verdict').dataset.verdict]))"
        )

    def close(self):
        self.context.close()
