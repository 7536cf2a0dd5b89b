"""Running the studio: an address, a browser, and an end that leaves nothing behind."""

import socket
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from videostyle.errors import ConfigError, MissingDependencyError
from videostyle.preview.serve import local_address
from videostyle.studio.project import Job, Project

# Pages keep a connection for news: they are cut off when the studio ends.
GRACE_S = 1


@dataclass(frozen=True)
class Addresses:
    """Where the studio is.

    Attributes:
        own: for this machine, with the secret for everything.
        lan: for phones on the same network, with the secret for looking; None if it isn't served.
    """

    own: str
    lan: str | None


def run_studio(
    project: Project,
    here: Path,
    clip: Path | None,
    latencies: list[str],
    *,
    port: int,
    is_on_lan: bool,
    opens_browser: bool,
    on_start: Callable[[Addresses], None],
    on_end: Callable[[Job], None],
) -> None:
    """Serve a project's page until Ctrl-C.

    Raises:
        MissingDependencyError: Starlette or uvicorn isn't installed.
        ConfigError: the port is taken.
        MediaError: the clip can't be read.
    """
    try:
        import uvicorn

        from videostyle.studio.app import make_app
    except ImportError as error:
        raise MissingDependencyError(
            f"the studio needs {error.name}: pip install 'videostyle[studio]'"
        ) from error
    from videostyle.studio.guard import Guard
    from videostyle.studio.studio import Studio

    listener = _listen("0.0.0.0" if is_on_lan else "127.0.0.1", port)
    port = listener.getsockname()[1]
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
    lan = local_address(port) if is_on_lan else None
    if lan:
        hosts.add(lan.removeprefix("http://").rstrip("/"))
    studio = Studio(project, here, latencies, on_end)
    if clip:
        studio.look_at_clip(clip)
        project.state.clip = str(clip.absolute())
    guard = Guard(make_app(studio), frozenset(hosts), f"videostyle-{port}")
    own = f"http://127.0.0.1:{port}/?token={guard.secret}"
    on_start(Addresses(own, lan and f"{lan}?token={guard.looking_secret}"))
    if opens_browser:
        webbrowser.open(own)
    config = uvicorn.Config(
        guard, log_level="critical", access_log=False, timeout_graceful_shutdown=GRACE_S
    )
    uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=512)
    except (OSError, OverflowError) as error:
        raise ConfigError(
            f"port {port} can't be used: {error}; choose another with --port"
        ) from error
