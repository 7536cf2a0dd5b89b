"""Lists that a stranger wrote: one clear line each."""

import json

import pytest

from videostyle.batch.listing import read_list
from videostyle.batch.naming import check_template
from videostyle.errors import ConfigError
from videostyle.pipeline.stylize_config import StylizeConfig


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("[" * 100_000, "line 1: is nested too deep"),
        (json.dumps({"source": "a.mp4", "target": "\0x.mp4"}), "'target' is no text"),
        (json.dumps({"source": ["a.mp4"]}), "'source' is no text"),
        (json.dumps({"source": "a.mp4", "target": "../../x.mp4"}), "leads out of its folder"),
    ],
)
def test_rows_that_can_not_be_are_refused(tmp_path, row, words):
    path = tmp_path / "jobs.jsonl"
    path.write_text(row + "\n")
    with pytest.raises(ConfigError, match=words):
        read_list(path, StylizeConfig())


def test_a_template_of_a_billion_spaces_is_refused():
    with pytest.raises(ConfigError, match="too wide"):
        check_template("{stem:>999999999}.mp4")
    check_template("{stem}_{number:03d}.mp4")
