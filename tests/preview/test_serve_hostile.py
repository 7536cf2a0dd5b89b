"""Requests that no browser sends."""

import pytest

from videostyle.preview.serve import is_own_name


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("192.168.1.7:8000", True),
        ("127.0.0.1:8000", True),
        ("localhost:8000", True),
        ("[::1]:8000", True),
        ("", True),
        ("evil.example:8000", False),
        ("127.0.0.1.evil.example", False),
    ],
)
def test_only_names_of_this_machine_are_answered(host, own):
    assert is_own_name(host) is own
