"""What follows from what: pieces, tries, and where a clip ends."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from tests.conftest import numbers_of
from tests.pipeline.test_pipeline import identity, read
from videostyle import EncodeConfig, Job, run_batch
from videostyle.batch.calls import Describe, Join, Paint, PaintPiece, Survey
from videostyle.batch.clip import TRIES
from videostyle.batch.executor import Finished
from videostyle.batch.worker import Worker
from videostyle.errors import ConfigError, DamageError, TargetError, WorkerError

LOSSLESS = EncodeConfig(codec="ffv1")
NO_SPACE = TargetError("00001.nut", "encoding failed: No space left on device")


def call_name(call):
    return (PaintPiece, call.index * call.length) if isinstance(call, PaintPiece) else type(call)


class Scripted:
    """An executor of one worker, whose calls fail as it is told, or come back changed.

    Attributes:
        calls: what was asked of it: its kinds and, for pieces, the frame that they begin with.
    """

    description = "scripted"

    def __init__(self, failures=(), segment_s=0.5, change=lambda kind, value: value):
        """`failures`: pairs of a call, as in `calls`, and an error; each is raised once."""
        self.segment_s = segment_s
        self.calls = []
        self._failures, self._change = list(failures), change
        self._worker, self._ended = Worker(), []

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._ended.clear()

    def free(self):
        return 1 - len(self._ended)

    def submit(self, call):
        name = call_name(call)
        self.calls.append(name)
        for number, (failing, error) in enumerate(self._failures):
            if failing == name:
                del self._failures[number]
                self._ended.append(Finished(call, error=error))
                return
        try:
            value = call.carry_out(self._worker)
            self._ended.append(Finished(call, self._change(type(call), value)))
        except Exception as error:
            self._ended.append(Finished(call, error=error))

    def wait(self, timeout_s):
        ended, self._ended = self._ended, []
        return ended

    def underway(self):
        return 0


@pytest.fixture
def paint(counting_clip, tmp_path):
    """Paint a clip of 60 frames, 15 in a piece, to `out.mkv`."""
    clip = counting_clip(60)

    def run(executor, source=clip, target="out.mkv", **settings):
        force = settings.pop("force", False)
        config = identity(**{"fps": 30, "size": "48x64", "encode": LOSSLESS} | settings)
        [outcome] = run_batch(
            [Job(source, tmp_path / target, config)], executor=executor, force=force
        )
        return outcome

    return run


def pieces(executor):
    return [call[1] for call in executor.calls if isinstance(call, tuple)]


def test_a_piece_that_fails_twice_is_tried_again(paint, tmp_path):
    executor = Scripted([((PaintPiece, 15), NO_SPACE)] * 2)
    outcome = paint(executor)
    assert (outcome.status, outcome.retries) == ("done", 2)
    assert pieces(executor).count(15) == 3
    assert numbers_of(read(tmp_path / "out.mkv")) == list(range(60))


def test_a_piece_that_fails_three_times_fails_its_clip_with_the_reason(paint, tmp_path):
    executor = Scripted([((PaintPiece, 15), NO_SPACE)] * TRIES)
    outcome = paint(executor)
    assert outcome.status == "failed"
    assert outcome.reason.endswith("No space left on device, tried 3 times")
    assert str(tmp_path / "clip.mp4") in outcome.reason
    assert not (tmp_path / "out.mkv").exists()
    again = Scripted()
    assert paint(again).status == "done"
    assert pieces(again) == [15, 60]  # the empty one at the end leaves no file
    assert numbers_of(read(tmp_path / "out.mkv")) == list(range(60))


@pytest.mark.parametrize("error", [DamageError("damaged"), ConfigError("paints in another way")])
def test_what_another_try_cannot_change_is_not_tried_again(paint, error):
    executor = Scripted([((PaintPiece, 15), error)])
    assert paint(executor).reason.endswith(str(error))
    assert pieces(executor).count(15) == 1


@pytest.mark.parametrize(
    ("kind", "segment_s"), [(Survey, None), (Paint, None), (Describe, 0.5), (Join, 0.5)]
)
def test_any_call_of_a_lost_worker_is_made_again(paint, tmp_path, kind, segment_s):
    executor = Scripted([(kind, WorkerError("its worker was lost"))] * 2, segment_s)
    assert (outcome := paint(executor)).status == "done"
    assert outcome.retries == 2
    assert numbers_of(read(tmp_path / "out.mkv")) == list(range(60))
    executor = Scripted([(kind, WorkerError("its worker was lost"))] * 3, segment_s)
    assert "its worker was lost, tried 3 times" in paint(executor, target="other.mkv").reason


def test_a_whole_clip_that_fails_is_not_painted_again(paint):
    executor = Scripted([(Paint, NO_SPACE)], segment_s=None)
    assert paint(executor).reason.endswith("No space left on device")
    assert executor.calls == [Survey, Paint]


@pytest.mark.parametrize(
    ("promised_s", "counted"),
    [
        (Fraction(1), 60),  # the header knows of 30: the pieces go on until one isn't full
        (Fraction(61, 30), 60),
        (Fraction(62, 30), 60),  # it knows of one and two more than are there
        (None, 60),
    ],
)
def test_the_clip_ends_where_its_frames_do_whatever_its_header_says(
    paint, tmp_path, promised_s, counted
):
    def change(kind, value):
        if kind is not Survey:
            return value
        info = replace(value.decode.info, end_s=promised_s)
        return replace(value, decode=replace(value.decode, info=info))

    executor = Scripted(change=change)
    outcome = paint(executor)
    assert (outcome.status, outcome.result.frames) == ("done", counted)
    assert numbers_of(read(tmp_path / "out.mkv")) == list(range(counted))
    assert bool(pieces(executor)) == (promised_s is not None)  # of unknown length: not cut


def test_a_hole_between_pieces_is_damage(paint, tmp_path):
    """The second piece lacks a frame, and the third is there."""

    def change(kind, value):
        if kind is PaintPiece and not change.seen:
            change.seen = True
            return replace(value, frames=14)
        return value

    change.seen = False
    outcome = paint(Scripted(change=change))
    assert "is damaged; its frames stop at 14 and continue later" in outcome.reason
    assert outcome.source_at_fault
    assert not (tmp_path / "out.mkv").exists()


@pytest.fixture
def cut_short(run_ffmpeg, tmp_path):
    """60 frames by its header, and the bytes of about 40."""
    clip = tmp_path / "short.mp4"
    run_ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "testsrc2=size=320x240:rate=30:duration=2",
        "-c:v",
        "libx264",
        "-g",
        10,
        "-movflags",
        "+faststart",
        clip,
    )
    clip.write_bytes(clip.read_bytes()[: clip.stat().st_size * 2 // 3])
    return clip


def test_a_clip_cut_short_fails_at_once_or_is_taken_as_far_as_it_goes(paint, cut_short, tmp_path):
    executor = Scripted()
    outcome = paint(executor, source=cut_short)
    assert outcome.status == "failed"
    assert outcome.error == "DamageError"
    assert outcome.source_at_fault
    assert outcome.retries == 0
    outcome = paint(Scripted(), source=cut_short, keep_going=True, force=True)
    assert outcome.status == "done", outcome.reason
    [whole] = run_batch(
        [
            Job(
                cut_short,
                tmp_path / "whole.mkv",
                identity(fps=30, size="48x64", encode=LOSSLESS, keep_going=True),
            )
        ]
    )
    assert outcome.result.frames == whole.result.frames
    assert np.array_equal(read(tmp_path / "out.mkv"), read(tmp_path / "whole.mkv"))
    assert any("cut short or damaged" in notice for notice in outcome.result.notices)


def test_a_cut_of_the_clip_is_cut_into_pieces(paint, tmp_path):
    executor = Scripted()
    outcome = paint(executor, start="0.3", duration="1.2")
    assert outcome.result.frames == 36
    assert numbers_of(read(tmp_path / "out.mkv")) == list(range(9, 45))
    assert pieces(executor) == [0, 15, 30]


def test_what_cannot_be_cut_is_painted_whole(paint, counting_clip, tmp_path):
    """AVI has no index to seek by, and a GIF is one picture after another."""
    avi = counting_clip(60, "clip.avi", rate=25, options=("-c:v", "ffv1", "-pix_fmt", "yuv444p"))
    for settings in ({"source": avi}, {"target": "out.gif", "encode": EncodeConfig()}):
        executor = Scripted()
        assert paint(executor, **settings).status == "done"
        assert executor.calls == [Survey, Paint]


def test_pieces_of_other_settings_are_refused_or_thrown_away(paint, tmp_path):
    assert paint(Scripted([((PaintPiece, 15), NO_SPACE)] * 3)).status == "failed"
    assert "another strength" in paint(Scripted(), strength=0.5).reason
    assert paint(executor := Scripted(), strength=0.5, force=True).status == "done"
    assert pieces(executor) == [0, 15, 30, 45, 60]


def test_a_worker_that_paints_in_another_way_is_refused(paint, monkeypatch):
    def change(kind, value):
        if kind is Describe:
            monkeypatch.setattr(
                "videostyle.backends.identity.IdentityBackend.description",
                "identity, of another make",
            )
            executor._worker = Worker()
        return value

    executor = Scripted(change=change)
    reason = paint(executor).reason
    assert "started this clip with another backend" in reason
    assert "all workers must paint alike" in reason


def test_one_network_is_opened_for_all_clips_that_share_it(counting_clip, tmp_path, monkeypatch):
    from videostyle.pipeline import plan

    opened, original = [], plan.open_backend

    def count(name, model, **settings):
        opened.append(settings["precision"])
        return original(name, model, **settings)

    monkeypatch.setattr(plan, "open_backend", count)
    clip = counting_clip(4)
    jobs = [
        Job(clip, tmp_path / f"{number}.mkv", identity(encode=LOSSLESS, precision=precision))
        for number, precision in enumerate(["auto", "auto", "fp32", "fp32"])
    ]
    assert [outcome.status for outcome in run_batch(jobs)] == ["done"] * 4
    assert opened == ["auto", "fp32"]
    assert np.array_equal(read(tmp_path / "0.mkv"), read(tmp_path / "3.mkv"))
