"""Where a clip moves most."""

from fractions import Fraction

import numpy as np

from videostyle.preview.excerpt import choose_busiest, choose_start
from videostyle.video.activity import PacketSize
from videostyle.video.probe import probe


def test_a_real_clip_is_cut_where_it_moves(make_clip):
    """Still for 2 s, noise for 1 s, still again."""
    frames = np.full((150, 64, 96, 3), 90, np.uint8)
    frames[60:90] = np.random.default_rng(1).integers(0, 256, (30, 64, 96, 3), np.uint8)
    info = probe(make_clip(frames, options=("-c:v", "libx264", "-g", "15")))
    start_s, reason = choose_start(info, Fraction(1))
    assert start_s == 2
    assert reason == "where the clip moves most"


def test_key_frames_do_not_count_as_motion():
    """Many and large ones in the first half; what is predicted is larger in the second."""
    keys = [n < 50 and n % 5 == 0 for n in range(100)]
    packets = [
        PacketSize(n / 10, 9000 if is_key else 10 + (n >= 50), is_key)
        for n, is_key in enumerate(keys)
    ]
    assert choose_busiest(packets, 10.0, Fraction(3))[0] >= 5


def test_a_clip_of_key_frames_is_cut_in_its_middle_and_says_so():
    packets = [PacketSize(n / 10, 100, True) for n in range(100)]
    start_s, reason = choose_busiest(packets, 10.0, Fraction(4))
    assert start_s == 3
    assert "every frame is a key frame" in reason


def test_a_short_clip_is_taken_whole(counting_clip):
    assert choose_start(probe(counting_clip(30)), Fraction(5)) == (0, "the whole clip")
