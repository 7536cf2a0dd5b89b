"""Who may ask the server for anything.

A secret in the address becomes a cookie that no script reads. Requests under another name than the
server's own, which a foreign page could arrange, and changes that a foreign page asks for, are
refused; so are changes by visitors who came with the secret for looking.
"""

import secrets
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse

SAFE = ("GET", "HEAD")

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-cache",
}


class Guard:
    """ASGI middleware in front of everything.

    Args:
        app: what is guarded.
        hosts: names of the server, each with its port.
        cookie: what its cookie is called: those of one machine are shared by all ports.
    """

    def __init__(self, app: Any, hosts: frozenset[str], cookie: str) -> None:
        self._app, self._hosts, self._cookie = app, hosts, cookie
        self.secret, self.looking_secret = (secrets.token_urlsafe(24) for _ in range(2))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        answer = self._refuse_or_admit(scope)
        await (answer or self._app)(scope, receive, send_guarded)

    def _refuse_or_admit(self, scope: Any) -> Any:
        """An answer of the guard's own, or None if the request goes through."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if host not in self._hosts:
            return PlainTextResponse("This studio is not served under that name.", 403)
        token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if token and scope["path"] == "/" and self._right_of(token):
            answer = RedirectResponse("/", 303)
            answer.set_cookie(self._cookie, token, httponly=True, samesite="lax", path="/")
            return answer
        right = self._right_of(cookie_parser(headers.get("cookie", "")).get(self._cookie, ""))
        if not right:
            return PlainTextResponse(
                "Open the studio with the whole address that it printed in the terminal.", 403
            )
        if scope["method"] not in SAFE:
            if headers.get("origin") != f"http://{host}":
                return JSONResponse({"error": "another page asked for this"}, 403)
            if right != "all":
                return JSONResponse({"error": "this page is for looking only"}, 403)
        scope["can_write"] = right == "all"
        return None

    def _right_of(self, secret: str) -> str | None:
        found = secret.encode()
        if secrets.compare_digest(found, self.secret.encode()):
            return "all"
        return "look" if secrets.compare_digest(found, self.looking_secret.encode()) else None
