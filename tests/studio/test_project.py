"""The studio's folder: what is written, what is kept, and what is never served."""

import asyncio
import os
import shutil
from collections import namedtuple

import pytest

from videostyle.errors import ConfigError, TargetError
from videostyle.studio.project import STATE, UPLOADS, Project, plain_name


def body(*pieces):
    async def stream():
        for piece in pieces:
            yield piece

    return stream()


def take(project, name, *pieces, most=1000):
    return asyncio.run(project.take(name, body(*pieces), most))


@pytest.fixture
def project(tmp_path):
    project = Project(tmp_path / "p")
    yield project
    project.close()


def test_an_upload_is_written_as_it_comes(project):
    path = take(project, "clip.mp4", b"ab", b"c")
    assert path.read_bytes() == b"abc"
    assert path.parent == project.folder / UPLOADS


def test_a_second_file_of_one_name_gets_another(project):
    first, second = (take(project, "clip.mp4", letter) for letter in (b"1", b"2"))
    assert (first.read_bytes(), second.read_bytes()) == (b"1", b"2")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\films\\a b.mov", "a b.mov"),
        ("<img src=x onerror=alert(1)>.png", "_img src_x onerror_alert(1)_.png"),
        ("\x1b[31mred\x00.mp4", "__31mred_.mp4"),
        (".hidden", "hidden"),
        ("...", "file"),
        ("é" * 300 + ".mp4", "é" * 80 + ".mp4"),
    ],
)
def test_names_hold_nothing_that_hurts(project, name, kept):
    assert plain_name(name) == kept
    assert take(project, name, b"x").name == kept


def test_an_upload_that_is_too_large_ends_at_the_limit_and_leaves_nothing(project):
    count = 0

    async def endless():
        nonlocal count
        while True:
            count += 1
            yield bytes(100)

    with pytest.raises(TargetError, match="is larger than"):
        asyncio.run(project.take("clip.mp4", endless(), 1000))
    assert count == 11
    assert not list((project.folder / UPLOADS).iterdir())


def test_an_upload_leaves_room_on_the_disk(project, monkeypatch):
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(500_000_050))
    with pytest.raises(TargetError, match="doesn't fit on the disk"):
        take(project, "clip.mp4", bytes(100))
    assert not list((project.folder / UPLOADS).iterdir())


def test_an_upload_that_breaks_off_leaves_nothing(project):
    async def broken():
        yield b"a"
        raise ConnectionResetError

    with pytest.raises(TargetError):
        asyncio.run(project.take("clip.mp4", broken(), 1000))
    assert not list((project.folder / UPLOADS).iterdir())


def test_only_files_of_the_folder_are_served(project, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    clips = project.folder / "clips"
    clips.mkdir()
    (clips / "good.mp4").write_text("good")
    (clips / "link.mp4").symlink_to(tmp_path / "secret.txt")
    (clips / "folder").symlink_to(tmp_path)
    os.mkfifo(clips / "pipe.mp4")
    assert project.served("clips/good.mp4") == clips / "good.mp4"
    for name in (
        "clips/link.mp4",
        "clips/folder/secret.txt",
        "clips/pipe.mp4",
        "clips",
        "clips/../clips/good.mp4",
        "../secret.txt",
        str(tmp_path / "secret.txt"),
        "clips/good.mp4\0",
        "x" * 5000,
        "",
    ):
        assert project.served(name) is None


def test_a_second_studio_is_told_so(project):
    with pytest.raises(TargetError, match="another studio has it open"):
        Project(project.folder)


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "holiday.jpg").write_text("mine")
    with pytest.raises(TargetError, match="holds something that is no preview"):
        Project(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_a_state_that_cant_be_read_is_not_written_over(tmp_path):
    project = Project(tmp_path / "p")
    project.close()
    state = tmp_path / "p" / STATE
    state.write_text('{"clip": 1')
    with pytest.raises(ConfigError, match="move it away"):
        Project(tmp_path / "p")
    assert state.read_text() == '{"clip": 1'


def test_what_was_written_down_is_there_again(tmp_path):
    project = Project(tmp_path / "p")
    project.state.clip, project.state.rates = "/clip.mp4", ["12"]
    project.save()
    project.close()
    again = Project(tmp_path / "p")
    assert (again.state.clip, again.state.rates) == ("/clip.mp4", ["12"])
    again.close()
