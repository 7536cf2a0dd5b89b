"""A studio without its processes, behind its guard."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from videostyle.studio.app import make_app
from videostyle.studio.guard import Guard
from videostyle.studio.project import Project
from videostyle.studio.studio import Studio

HOST = "127.0.0.1:8000"
ORIGIN = {"origin": f"http://{HOST}"}


class Visitor:
    """Somebody who opened the page of a studio."""

    def __init__(self, folder: Path, here: Path) -> None:
        self.project = Project(folder)
        self.studio = Studio(self.project, here, [])
        self.guard = Guard(make_app(self.studio), frozenset({HOST}), "videostyle")

    def open(self, secret: str | None) -> TestClient:
        client = TestClient(self.guard, base_url=f"http://{HOST}", headers=ORIGIN)
        if secret:
            client.get(f"/?token={secret}")
        return client


@pytest.fixture
def visitor(tmp_path):
    (tmp_path / "here").mkdir()
    return Visitor(tmp_path / "p", tmp_path / "here")


@pytest.fixture
def client(visitor):
    """With the studio's loop running, and nobody watching: nothing is painted."""
    with visitor.open(visitor.guard.secret) as client:
        client.get(f"/?token={visitor.guard.secret}")
        yield client
