"""What the page may ask the server for."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from videostyle.errors import MediaError, ModelError, TargetError, VideoStyleError
from videostyle.studio.page import render_studio
from videostyle.studio.project import EXPORTS
from videostyle.studio.studio import Studio

# The same state is sent to a page at most this often.
EVERY_S = 0.2

# A quiet line keeps the connection alive, and shows that the page is gone.
PING_S = 5.0

MOST_CLIP_BYTES = 8_000_000_000
MOST_PAINTING_BYTES = 200_000_000
MOST_JSON_BYTES = 100_000

# What the page shows of the project's folder.
SERVED = ("clips/", "studio/uploads/", "studio/stills/", "studio/frames/", "studio/exports/")


def make_app(studio: Studio) -> Starlette:
    """The routes of a studio; the guard goes in front of it."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        studio.start()
        yield
        await studio.stop()

    def route(path: str, method: str, answer: Any) -> Route:
        async def call(request: Request) -> Response:
            try:
                found = await answer(studio, request)
            except VideoStyleError as error:
                return JSONResponse({"error": _plain(error, studio)}, _status_of(error))
            except (KeyError, TypeError, ValueError) as error:
                return JSONResponse({"error": f"that can't be understood ({error})"}, 400)
            return found if isinstance(found, Response) else JSONResponse(found)

        return Route(path, call, methods=[method])

    routes = [
        route("/", "GET", _page),
        route("/api/state", "GET", _state),
        route("/api/events", "GET", _events),
        route("/api/clip", "PUT", _put_clip),
        route("/api/clip", "POST", _post_clip),
        route("/api/painting", "PUT", _put_painting),
        route("/api/styles", "POST", _post_style),
        route("/api/styles/{id}", "DELETE", _delete_style),
        route("/api/show", "POST", _post_show),
        route("/api/frame", "POST", _post_frame),
        route("/api/cells", "POST", _post_cell),
        route("/api/exports", "POST", _post_export),
        route("/api/jobs/{id}", "POST", _post_job),
        route("/api/jobs/{id}/file", "GET", _job_file),
        route("/files/{name:path}", "GET", _file),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


async def _page(studio: Studio, request: Request) -> Response:
    return HTMLResponse(render_studio())


async def _state(studio: Studio, request: Request) -> Any:
    return _view(studio, request)


def _view(studio: Studio, request: Request) -> dict[str, Any]:
    return {
        **studio.view(),
        "can_write": request.scope["can_write"],
        "limits": {"clip": MOST_CLIP_BYTES, "painting": MOST_PAINTING_BYTES},
        "report": studio.report,
    }


async def _events(studio: Studio, request: Request) -> Response:
    """The state, again and again: whenever something is new."""

    async def stream() -> AsyncIterator[str]:
        seen = told = -1
        studio.watch(+1)
        try:
            while True:
                try:
                    await asyncio.wait_for(studio.wait(seen), PING_S)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                seen = studio.version
                view = _view(studio, request)
                if told == studio.report_version:
                    del view["report"]
                told = studio.report_version
                yield f"event: state\ndata: {json.dumps(view)}\n\n"
                await asyncio.sleep(EVERY_S)
        finally:
            studio.watch(-1)

    return StreamingResponse(stream(), media_type="text/event-stream")


async def _take(
    studio: Studio, request: Request, name: str, most_bytes: int, look: Callable[[Path], None]
) -> Path:
    """Write an upload into the project's folder; it goes again if it isn't what it should be."""
    name = request.query_params.get("name", name)
    path = await studio.project.take(name, request.stream(), most_bytes)
    try:
        await run_in_threadpool(look, path)
    except VideoStyleError:
        path.unlink(missing_ok=True)  # our copy
        raise
    return path


async def _put_clip(studio: Studio, request: Request) -> Any:
    path = await _take(studio, request, "clip.mp4", MOST_CLIP_BYTES, studio.look_at_clip)
    studio.use_clip(path)
    return {"name": path.name}


async def _post_clip(studio: Studio, request: Request) -> Any:
    studio.use_clip_here((await _json(request))["name"])
    return {}


async def _put_painting(studio: Studio, request: Request) -> Any:
    path = await _take(
        studio, request, "painting.jpg", MOST_PAINTING_BYTES, studio.look_at_painting
    )
    return {"id": studio.add_painting(path).id}


async def _post_style(studio: Studio, request: Request) -> Any:
    wish = await _json(request)
    if "mix" in wish:
        style = studio.add_mix([(str(one["id"]), float(one["share"])) for one in wish["mix"]])
    else:
        style = studio.add_stroke(str(wish["painting"]), str(wish["stroke"]))
    return {"id": style.id}


async def _delete_style(studio: Studio, request: Request) -> Any:
    studio.remove_style(request.path_params["id"])
    return {}


async def _post_show(studio: Studio, request: Request) -> Any:
    studio.show(str((await _json(request))["style"]))
    return {}


async def _post_frame(studio: Studio, request: Request) -> Any:
    studio.use_frame(float((await _json(request))["time"]))
    return {}


async def _post_cell(studio: Studio, request: Request) -> Any:
    wish = await _json(request)
    return studio.paint_cell(str(wish["fps"]), str(wish["size"]))


async def _post_export(studio: Studio, request: Request) -> Any:
    wish = await _json(request)
    return {"id": studio.export(str(wish["kind"]), wish).id}


async def _post_job(studio: Studio, request: Request) -> Any:
    studio.change_job(request.path_params["id"], str((await _json(request))["do"]))
    return {}


async def _job_file(studio: Studio, request: Request) -> Response:
    """What an export made, to be saved; of a package, which is a folder, it says where it is."""
    job = studio.job(request.path_params["id"])
    path = studio.project.served(f"{EXPORTS}/{job.file}") if job.file else None
    if path is None:
        return JSONResponse({"error": f"{job.file or 'it'} isn't in the folder any more"}, 404)
    return FileResponse(path, filename=path.name, content_disposition_type="attachment")


async def _file(studio: Studio, request: Request) -> Response:
    name = request.path_params["name"]
    path = studio.project.served(name) if name.startswith(SERVED) else None
    if path is None:
        return JSONResponse({"error": "there is no such file"}, 404)
    return FileResponse(path)


async def _json(request: Request) -> Any:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_JSON_BYTES:
            raise ValueError("it is too long")
    try:
        found = json.loads(body, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(found, dict):
        raise TypeError("it is no object")
    return found


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _plain(error: VideoStyleError, studio: Studio) -> str:
    """A sentence with the names of files where there were paths."""
    text = str(error)
    for folder in sorted({str(studio.project.folder), str(Path.cwd())}, key=len, reverse=True):
        text = text.replace(f"{folder}/studio/uploads/", "").replace(f"{folder}/", "")
    return text


def _status_of(error: VideoStyleError) -> int:
    if isinstance(error, TargetError):
        return 413
    return 415 if isinstance(error, MediaError | ModelError) else 400
