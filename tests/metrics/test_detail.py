"""Edges that are kept, moved and lost."""

import cv2
import numpy as np
import pytest

from tests.metrics.test_flicker import texture
from videostyle.metrics.detail import edge_agreement


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
