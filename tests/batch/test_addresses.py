"""Clips that fsspec opens; `file://` and `memory://` stand for S3 and the like."""

import pytest

from tests.conftest import numbers_of
from tests.pipeline.test_pipeline import identity, read
from videostyle import EncodeConfig, Job, run_batch
from videostyle.batch.address import is_url, stamp
from videostyle.batch.finding import find_clips
from videostyle.batch.listing import read_list
from videostyle.errors import ConfigError, MissingDependencyError, ProbeError
from videostyle.pipeline.stylize_config import StylizeConfig

fsspec = pytest.importorskip("fsspec")

LOSSLESS = EncodeConfig(codec="ffv1")


@pytest.fixture
def store(clips):
    """A memory that holds `bucket/in/clip.mp4`, and nothing else."""
    system = fsspec.filesystem("memory")
    system.put_file(str(clips(1)[0]), "/bucket/in/clip.mp4")
    yield system
    system.rm("/bucket", recursive=True)


def paint(source, target, tmp_path, **settings):
    config = identity(**{"fps": 30, "size": "48x64", "encode": LOSSLESS} | settings)
    [outcome] = run_batch([Job(source, target, config)], record=tmp_path / "batch.json")
    return outcome


def test_source_and_target_at_an_address(store, tmp_path):
    words = ("memory://bucket/in/clip.mp4", "memory://bucket/out/clip.mkv")
    assert (outcome := paint(*words, tmp_path)).status == "done"
    assert outcome.as_json()["target"] == words[1]
    store.get_file("/bucket/out/clip.mkv", str(tmp_path / "back.mkv"))
    assert numbers_of(read(tmp_path / "back.mkv")) == list(range(12))
    assert store.ls("/bucket/out", detail=False) == ["/bucket/out/clip.mkv"]
    assert paint(*words, tmp_path).status == "kept"
    assert "another fps (30, now 10)" in paint(*words, tmp_path, fps=10).reason


def test_only_one_of_them_at_an_address(store, tmp_path):
    assert paint("memory://bucket/in/clip.mp4", tmp_path / "a" / "here.mkv", tmp_path).status == (
        "done"
    )
    assert numbers_of(read(tmp_path / "a" / "here.mkv")) == list(range(12))
    assert (
        paint(tmp_path / "clips" / "clip00.mp4", f"file://{tmp_path}/b/there.mkv", tmp_path).status
        == "done"
    )
    assert numbers_of(read(tmp_path / "b" / "there.mkv")) == list(range(12))


def test_a_failed_upload_leaves_no_target(store, tmp_path, monkeypatch):
    def refuse(self, *arguments, **settings):
        raise OSError("quota exceeded")

    monkeypatch.setattr(type(store), "mv", refuse)
    outcome = paint("memory://bucket/in/clip.mp4", "memory://bucket/out/clip.mkv", tmp_path)
    assert outcome.reason == "memory://bucket/out/clip.mkv: can't be written: quota exceeded"
    assert not store.exists("/bucket/out/clip.mkv")


@pytest.mark.parametrize(
    ("address", "error", "reason"),
    [
        ("memory://bucket/in/none.mp4", ProbeError, "none.mp4: no such file"),
        ("nonsense://x/y.mp4", ConfigError, "nonsense"),
        ("s3://bucket/clip.mp4", MissingDependencyError, "[Ii]nstall s3fs"),
    ],
)
def test_what_cannot_be_opened_is_reported(store, address, error, reason):
    with pytest.raises(error, match=reason):
        stamp(address)


def test_an_address_without_a_file_fails_its_clip(store, tmp_path):
    outcome = paint("memory://bucket/in/none.mp4", tmp_path / "out.mkv", tmp_path)
    assert outcome.reason == "memory://bucket/in/none.mp4: no such file"
    assert outcome.source_at_fault


def test_patterns_and_lists_hold_addresses(store, tmp_path):
    assert find_clips(["memory://bucket/in/*.mp4"]) == ["memory:///bucket/in/clip.mp4"]
    (tmp_path / "list.csv").write_text("source\ns3://bucket/a.mp4\n")
    [row] = read_list(tmp_path / "list.csv", StylizeConfig())
    assert row.source == "s3://bucket/a.mp4"


@pytest.mark.parametrize(
    ("place", "expected"),
    [("s3://a/b.mp4", True), ("C:/b.mp4", False), ("a/b.mp4", False), ("gs+x://a", True)],
)
def test_addresses_and_paths(place, expected):
    assert is_url(place) is expected
