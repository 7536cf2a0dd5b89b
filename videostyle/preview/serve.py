"""Showing a finished preview to a phone on the same network."""

import io
import ipaddress
import os
import re
import socket
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any

from videostyle.errors import ConfigError

DEFAULT_PORT = 8000


class Handler(SimpleHTTPRequestHandler):
    """Serves one folder, and parts of files, without which phones play no video."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        self._rest: int | None = None
        super().__init__(*args, **settings)

    def send_head(self) -> Any:
        """Answer a request for a part of a file; leave everything else to the base class."""
        self._rest = None
        if not is_own_name(self.headers.get("Host", "")):
            self.send_error(403, "asked for under another name")
            return None
        path = self.translate_path(self.path)
        if "\0" in path:
            self.send_error(404, "not found")
            return None
        asked = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", self.headers.get("Range", ""))
        if not asked or asked.group(0) == "bytes=-" or not os.path.isfile(path):
            return super().send_head()
        length = os.path.getsize(path)
        first, last = _span(asked.group(1), asked.group(2), length)
        if first > last:
            self.send_error(416, "the range lies outside the file")
            return None
        file = open(path, "rb")  # noqa: SIM115  (the caller closes it)
        file.seek(first)
        self._rest = last - first + 1
        self.send_response(206)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Range", f"bytes {first}-{last}/{length}")
        self.send_header("Content-Length", str(self._rest))
        self.send_header("Accept-Ranges", "bytes")
        self.end_headers()
        return file

    def copyfile(self, source: Any, outputfile: Any) -> None:
        if self._rest is None:
            super().copyfile(source, outputfile)
        else:
            _copy(source, outputfile, self._rest)

    def list_directory(self, path: str | os.PathLike[str]) -> io.BytesIO | None:
        """Never list a folder."""
        self.send_error(404, "not found")
        return None

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing: only cli writes to the terminal."""


def is_own_name(host: str) -> bool:
    """Whether a request's `Host` is an address, or a name of this machine.

    A web page could otherwise point its own name at this machine, and read what it serves.
    """
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    own = socket.gethostname().lower().removesuffix(".local")
    if name.lower().removesuffix(".local") in ("", "localhost", own):
        return True
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that went away in the middle; all else is ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def open_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Serve a folder to the local network; `serve_forever` runs it.

    Raises:
        ConfigError: the port is taken.
    """
    try:
        return _Server(("0.0.0.0", port), partial(Handler, directory=str(folder)))
    except (OSError, OverflowError) as error:
        raise ConfigError(
            f"port {port} can't be used: {error}; choose another with --serve PORT"
        ) from error


def local_address(port: int) -> str:
    """The address by which others on the network reach this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it only chooses the way out
            host = probe.getsockname()[0]
        except OSError:
            host = "127.0.0.1"
    return f"http://{host}:{port}/"


def qr_code(address: str) -> str:
    """The address as a QR code in characters, for a terminal."""
    import segno

    text = io.StringIO()
    segno.make(address, error="m").terminal(text, compact=True)
    return text.getvalue()


def _span(first: str, last: str, length: int) -> tuple[int, int]:
    """First and last byte of `first-last`, `first-` or `-count`."""
    if not first:
        return max(0, length - int(last)), length - 1
    return int(first), min(int(last), length - 1) if last else length - 1


def _copy(source: IO[bytes], target: IO[bytes], count: int) -> None:
    while count:
        piece = source.read(min(count, 1 << 16))
        if not piece:
            return
        target.write(piece)
        count -= len(piece)
