"""Edges that are kept, moved and lost."""

import cv2
import numpy as np
import pytest

from tests.metrics.test_flicker import texture
from videostyle.metrics.detail import detail_kept, edge_agreement
from videostyle.samples import sample_frame


def test_the_same_edges_agree_whatever_the_colours():
    assert edge_agreement(texture(), texture()) == pytest.approx(1)
    assert edge_agreement(texture(), 255 - texture()) > 0.99


def test_blur_loses_edges_the_more_the_stronger_it_is():
    blurred = [
        edge_agreement(texture(), cv2.GaussianBlur(texture(), (0, 0), sigma)) for sigma in (1, 3, 9)
    ]
    assert blurred == sorted(blurred, reverse=True)
    assert blurred[0] > 0.9


def test_other_pictures_and_flat_ones_do_not_agree():
    assert abs(edge_agreement(texture(), texture(seed=11))) < 0.2
    assert edge_agreement(texture(), np.zeros_like(texture())) == 0


def test_detail_kept_asks_where_edges_are_and_not_how_strong():
    """Fainter on one side is as good; a plain correlation of edges is not blind to that."""
    frame = sample_frame()[:300, :400]
    share = np.linspace(0.25, 1, 400)[None, :, None]
    faded = (128 + (frame - 128.0) * share).round().astype("uint8")
    assert detail_kept(frame, frame) == pytest.approx(1)
    assert detail_kept(frame, faded) > edge_agreement(frame, faded) + 0.03
    assert abs(detail_kept(frame, frame[::-1])) < 0.1


def test_detail_kept_falls_with_thin_things():
    frame = sample_frame()[:300, :400]
    kept = [detail_kept(frame, cv2.GaussianBlur(frame, None, blur)) for blur in (1, 2, 4)]
    assert kept == sorted(kept, reverse=True)
    assert detail_kept(frame, np.full_like(frame, 90)) == 0
