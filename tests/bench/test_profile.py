"""The stages of a real run: each is really run, and the verdict follows from the numbers."""

import pytest

from videostyle.bench.profile import Cost, Profile, profile_run
from videostyle.bench.profile_report import profile_as_json, profile_as_markdown, profile_as_text
from videostyle.pipeline.stylize_config import StylizeConfig


def test_every_stage_is_run_and_nothing_is_left(real_clip, tmp_path):
    """On a real clip: the system counts processor time in hundredths of a second."""
    before = sorted(tmp_path.iterdir())
    config = StylizeConfig(backend="identity", size="120x214", out_size="source", duration=3)
    told = []
    profile = profile_run(real_clip, config, told.append)
    assert told == ["decoder", "network", "encoder", "whole"]
    assert (profile.frames, profile.clip_s) == (45, 3.0)
    # ffmpeg's own work is counted: it is there in the stages that are nothing else.
    assert profile.stages["decoder"].cpu_s > profile.stages["network"].cpu_s
    assert profile.stages["encoder"].cpu_s > profile.stages["network"].cpu_s
    assert profile.whole.cpu_s > profile.stages["encoder"].cpu_s
    assert sorted(tmp_path.iterdir()) == before
    assert profile_as_json(profile)["stages"]["decoder"]["wall_s"] > 0


def profile(decoder, network, encoder, whole_s):
    return Profile(
        100,
        10.0,
        2,
        {"decoder": decoder, "network": network, "encoder": encoder},
        Cost(whole_s, 20.0),
        "a backend",
        0.1,
    )


def test_work_that_fills_all_cores_is_the_bound():
    found = profile(Cost(5, 10), Cost(4, 4), Cost(3, 6), whole_s=12.5)
    assert found.bound_s == 10
    assert found.efficiency == pytest.approx(0.8)
    assert found.real_time_factor == pytest.approx(0.8)
    assert found.bottleneck == "decoder"
    assert "bottleneck: the decoder, 50% of the work" in list(profile_as_text(found))
    assert "| decoder | 5.00 | 10.00 | 50.0 |" in list(profile_as_markdown(found))


def test_a_stage_that_is_slow_alone_is_the_bound():
    found = profile(Cost(3, 5), Cost(9, 4), Cost(3, 4), whole_s=10)
    assert found.bound_s == 9
    assert found.bottleneck == "network"
