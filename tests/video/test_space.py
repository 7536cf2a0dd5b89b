"""A disk that will be too small is said before the first frame is painted."""

import shutil
from collections import namedtuple

import pytest

from tests.pipeline.test_pipeline import identity
from videostyle import EncodeConfig
from videostyle.pipeline.plan import prepare
from videostyle.video.codecs import CODECS
from videostyle.video.space import BITS_PER_PIXEL

Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(("free", "is_said"), [(100, True), (10**9, False)])
def test_a_target_that_may_not_fit_is_said(counting_clip, tmp_path, monkeypatch, free, is_said):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10**10, 0, free))
    config = identity(encode=EncodeConfig(codec="ffv1"))
    notices = prepare(counting_clip(8), tmp_path / "out.mkv", config).notices
    assert any("may not fit" in notice for notice in notices) == is_said


def test_every_encoder_has_a_measure():
    assert {codec.encoder for codec in CODECS.values()} == set(BITS_PER_PIXEL)
