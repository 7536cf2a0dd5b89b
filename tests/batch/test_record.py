"""What counts as finished."""

import json
import os

import pytest

from tests.pipeline.test_pipeline import identity
from videostyle import Job, run_batch
from videostyle.batch.record import Record
from videostyle.errors import ConfigError, TargetError


@pytest.fixture
def paint(clips, tmp_path):
    """Paint one clip to `out/clip00.mp4`; its outcome."""
    [clip] = clips(1)
    (tmp_path / "out").mkdir()

    def run(force=False, **settings):
        job = Job(clip, tmp_path / "out" / "clip00.mp4", identity(size="48x64", **settings))
        [outcome] = run_batch([job], record=tmp_path / "out" / "batch.json", force=force)
        return outcome

    return run


def test_what_is_finished_is_kept_also_with_force(paint, tmp_path):
    assert paint(fps=15).status == "done"
    before = (tmp_path / "out" / "clip00.mp4").stat()
    assert paint(fps=15).status == "kept"
    assert paint(fps=15, force=True).status == "kept"
    assert (tmp_path / "out" / "clip00.mp4").stat() == before
    assert sorted(os.listdir(tmp_path / "out")) == ["batch.json", "clip00.mp4"]


def test_what_doesnt_show_makes_no_difference(paint):
    assert paint(fps=15).status == "done"
    assert paint(fps=15, batch_size=4, threads=1).status == "kept"


def test_other_settings_are_named_and_need_force(paint):
    assert paint(fps=15).status == "done"
    outcome = paint(fps=10, strength=0.5)
    assert outcome.status == "failed"
    assert "clip00.mp4: exists already, made with another fps (15, now 10), strength" in (
        outcome.reason
    )
    assert outcome.error == "TargetExistsError"
    assert paint(fps=10, strength=0.5, force=True).status == "done"
    assert paint(fps=10, strength=0.5).status == "kept"


def test_another_source_is_seen(paint, clips, tmp_path):
    assert paint(fps=15).status == "done"
    clip = tmp_path / "clips" / "clip00.mp4"
    os.utime(clip, ns=(0, clip.stat().st_mtime_ns + 1))
    assert "made with another source" in paint(fps=15).reason


def test_a_source_that_is_gone_has_nothing_more_to_give(paint, tmp_path):
    assert paint(fps=15).status == "done"
    (tmp_path / "clips" / "clip00.mp4").unlink()
    assert paint(fps=15).status == "kept"


def test_a_target_that_somebody_else_wrote_is_not_touched(paint, tmp_path):
    target = tmp_path / "out" / "clip00.mp4"
    target.write_text("mine")
    assert "was not made by a finished run of this batch" in paint(fps=15).reason
    assert target.read_text() == "mine"
    assert paint(fps=15, force=True).status == "done"
    target.write_text("mine")
    assert "was changed after it was made" in paint(fps=15).reason


def test_a_broken_source_is_not_read_again_until_it_is_another(
    paint, tmp_path, monkeypatch, counting_clip
):
    clip = tmp_path / "clips" / "clip00.mp4"
    clip.write_text("no video")
    reason = paint(fps=15).reason
    assert "can't be read as video" in reason
    looked = []
    monkeypatch.setattr(
        "videostyle.batch.worker.Worker.survey", lambda self, job: looked.append(job)
    )
    assert paint(fps=15).reason == reason
    assert not looked
    monkeypatch.undo()
    os.replace(counting_clip(6, "good.mp4"), clip)
    assert paint(fps=15).status == "done"
    assert "refused" not in json.dumps(
        json.loads((tmp_path / "out" / "batch.json").read_text())["clips"]
    )


def test_what_earlier_runs_made_stays_known_and_the_folder_can_be_moved(clips, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    one, two = (Job(clip, out / clip.name, identity()) for clip in clips(2))
    for job in (one, two):
        assert [each.status for each in run_batch([job], record=out / "batch.json")] == ["done"]
    out.rename(tmp_path / "moved")
    jobs = [
        Job(job.source, tmp_path / "moved" / os.path.basename(job.target), identity())
        for job in (one, two)
    ]
    outcomes = run_batch(jobs, record=tmp_path / "moved" / "batch.json")
    assert [each.status for each in outcomes] == ["kept", "kept"]


def test_two_batches_do_not_write_one_record(tmp_path):
    with Record(tmp_path / "batch.json"), pytest.raises(TargetError, match="another run"):
        Record(tmp_path / "batch.json")
    with Record(tmp_path / "batch.json"):
        pass


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 99, "made": {}}'])
def test_a_damaged_record_is_said(tmp_path, text):
    (tmp_path / "batch.json").write_text(text)
    with pytest.raises(ConfigError, match="is damaged, or of another version"):
        Record(tmp_path / "batch.json")
    assert os.listdir(tmp_path) == ["batch.json"]
