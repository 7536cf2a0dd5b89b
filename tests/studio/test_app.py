"""What the page may ask for, and what it is told if that can't be had."""

import numpy as np
import pytest

from videostyle.pictures.picture import write_picture
from videostyle.studio import app
from videostyle.studio.project import UPLOADS


@pytest.fixture
def clip(counting_clip):
    return counting_clip(30, "clip.mp4")


@pytest.fixture
def with_clip(client, clip):
    with clip.open("rb") as file:
        assert client.put("/api/clip?name=my clip.mp4", content=file.read()).status_code == 200
    return client


def state_of(client):
    return client.get("/api/state").json()


def uploads(visitor):
    return [path.name for path in (visitor.project.folder / UPLOADS).iterdir()]


def test_a_studio_begins_with_the_built_in_styles(client):
    state = state_of(client)
    assert state["clip"] is None
    titles = [style["title"] for style in state["styles"]]
    assert {"Wave", "The scream", "Composition VII"} <= set(titles)
    assert {style["state"] for style in state["styles"]} == {"waiting"}


def test_a_dropped_clip_is_described(with_clip):
    clip = state_of(with_clip)["clip"]
    assert (clip["name"], clip["width"], clip["height"]) == ("my clip.mp4", 64, 48)


def test_a_clip_of_the_folder_is_used_where_it_is(client, visitor, clip):
    there = visitor.studio._here / "there.mp4"
    there.write_bytes(clip.read_bytes())
    assert state_of(client)["clips_here"] == [{"name": "there.mp4"}]
    assert client.post("/api/clip", json={"name": "there.mp4"}).status_code == 200
    assert visitor.project.state.clip == str(there)
    assert not uploads(visitor)
    answer = client.post("/api/clip", json={"name": "../there.mp4"})
    assert (answer.status_code, "no clip" in answer.json()["error"]) == (400, True)


def test_what_is_no_clip_is_refused_in_words_and_removed(client, visitor):
    answer = client.put("/api/clip?name=notes.txt", content=b"no film " * 1000)
    assert answer.status_code == 415
    assert "notes.txt" in answer.json()["error"]
    assert str(visitor.project.folder) not in answer.json()["error"]
    assert not uploads(visitor)


def test_what_is_no_painting_is_refused_in_words_and_removed(client, visitor):
    answer = client.put("/api/painting?name=notes.png", content=b"no picture " * 1000)
    assert answer.status_code == 415
    assert "notes.png" in answer.json()["error"]
    assert not uploads(visitor)


def test_an_upload_beyond_the_limit_is_refused(client, visitor, monkeypatch):
    monkeypatch.setattr(app, "MOST_CLIP_BYTES", 10_000)
    answer = client.put("/api/clip?name=a.mp4", content=bytes(20_000))
    assert answer.status_code == 413
    assert "larger" in answer.json()["error"]
    assert not uploads(visitor)


def painting(tmp_path, name="mine.png"):
    noise = np.random.default_rng(1).integers(0, 256, (96, 128, 3), np.uint8)
    write_picture(tmp_path / name, noise)
    return (tmp_path / name).read_bytes()


def test_a_painting_joins_the_wall_with_strokes_and_mixes(client, tmp_path):
    content = painting(tmp_path)
    first = client.put("/api/painting?name=my%20picture.png", content=content).json()["id"]
    large = client.post("/api/styles", json={"painting": first, "stroke": "large"}).json()["id"]
    again = client.post("/api/styles", json={"painting": first, "stroke": "large"}).json()["id"]
    mix = [{"id": first, "share": 0.5}, {"id": "wave", "share": 0.5}]
    mixed = client.post("/api/styles", json={"mix": mix}).json()["id"]
    styles = {style["id"]: style for style in state_of(client)["styles"]}
    assert again == large
    assert styles[first]["title"] == "My picture"
    assert styles[large]["spec"].endswith("my picture.png@large")
    assert styles[mixed]["title"] == "My picture 50%, Wave 50%"
    assert client.get(styles[first]["painting_url"]).content == content
    assert client.delete(f"/api/styles/{first}").status_code == 200
    assert first not in [style["id"] for style in state_of(client)["styles"]]
    assert client.get(styles[first]["painting_url"]).status_code == 200  # the file stays


@pytest.mark.parametrize(
    ("path", "wish", "words"),
    [
        ("/api/show", {"style": "nothing"}, "isn't on the wall"),
        ("/api/styles", {"painting": "wave", "stroke": "large"}, "dropped here"),
        ("/api/styles", {"painting": "wave", "stroke": "huge"}, "stroke 'huge'"),
        ("/api/styles", {"mix": [{"id": "wave", "share": 2}]}, "a mix takes two"),
        ("/api/cells", {"fps": "15", "size": "48x64"}, "choose a style"),
        ("/api/exports", {"kind": "film", "fps": "15", "size": "48x64"}, "choose a style"),
        ("/api/jobs/j9", {"do": "cancel"}, "isn't there any more"),
        ("/api/frame", {"time": "soon"}, "can't be understood"),
        ("/api/frame", {}, "can't be understood"),
        ("/api/frame", {"time": None}, "can't be understood"),
    ],
)
def test_wishes_that_cant_be_met_are_told_in_words(with_clip, path, wish, words):
    answer = with_clip.post(path, json=wish)
    assert answer.status_code == 400
    assert words in answer.json()["error"]


def test_words_that_are_no_wish_are_refused(client):
    for content in (b"", b"[]", b"{", b'{"time": NaN}', b"[" * 50_000, bytes(200_000)):
        assert client.post("/api/frame", content=content).status_code == 400


def test_wishes_for_cells_and_films_are_checked(with_clip):
    with_clip.post("/api/show", json={"style": "wave"})
    for wish, words in (
        ({"fps": "60", "size": "48x64"}, "30 frames per second"),
        ({"fps": "0", "size": "48x64"}, "rate"),
        ({"fps": "5", "size": "48x64"}, "10 frames per second are the fewest"),
        ({"fps": "15", "size": "9999999x1"}, "size"),
    ):
        answer = with_clip.post("/api/cells", json=wish)
        assert answer.status_code == 400
        assert words in answer.json()["error"]
    wish = {"kind": "film", "fps": "15", "size": "48x64", "options": {"codec": "vhs"}}
    assert "vhs" in with_clip.post("/api/exports", json=wish).json()["error"]
    assert with_clip.post("/api/exports", json={"kind": "page"}).status_code == 400
    assert state_of(with_clip)["jobs"] == []


def test_nothing_is_painted_that_nobody_looks_at(with_clip, visitor):
    waiting = visitor.studio._painting.waiting
    assert len(waiting) == len(state_of(with_clip)["styles"])
    assert visitor.studio._painting.current is None


def test_files_outside_what_the_page_shows_are_not_served(with_clip, visitor):
    visitor.project.save()
    for name in ("studio/state.json", "report.json", "clips/../studio/state.json", "studio/.lock"):
        assert with_clip.get(f"/files/{name}").status_code == 404
    for name in ("%2e%2e/%2e%2e/etc/passwd", "/etc/passwd", "clips/%00"):
        assert with_clip.get(f"/files/{name}").status_code == 404
