"""Which clips are painted, with which settings, and the names of their targets."""

import pytest

from videostyle import EncodeConfig, Job, StylizeConfig, run_batch
from videostyle.batch.finding import find_clips
from videostyle.batch.listing import read_list, with_settings
from videostyle.batch.naming import check_template, name_target
from videostyle.errors import ConfigError, ProbeError, SameFileError, UnknownStyleError


@pytest.fixture
def folder(tmp_path):
    for name in ("b.mp4", "a.MOV", "notes.txt", ".hidden.mp4", "deep/c.mkv", "odd[1].mp4"):
        path = tmp_path / "clips" / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.touch()
    return tmp_path / "clips"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["."], ["a.MOV", "b.mp4", "odd[1].mp4"]),
        (["*.mp4"], ["b.mp4", "odd[1].mp4"]),
        (["**/*.mkv"], ["deep/c.mkv"]),
        (["notes.txt", "b.mp4", "*"], ["notes.txt", "b.mp4", "a.MOV", "odd[1].mp4"]),
        (["odd[1].mp4"], ["odd[1].mp4"]),
        (["missing.mp4"], ["missing.mp4"]),
    ],
)
def test_files_folders_and_globs(folder, monkeypatch, words, found):
    monkeypatch.chdir(folder)
    assert find_clips(words) == found


@pytest.mark.parametrize(
    ("word", "reason"), [("*.avi", "no file matches"), ("empty", "folder has no clips in it")]
)
def test_nothing_is_an_error(folder, monkeypatch, word, reason):
    monkeypatch.chdir(folder)
    (folder / "empty").mkdir()
    with pytest.raises(ConfigError, match=reason):
        find_clips([word])


def write(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    return path


SHARED = StylizeConfig(fps=24, encode=EncodeConfig(crf=20))


def test_a_csv_list_has_settings_by_the_names_of_their_options(tmp_path):
    path = write(
        tmp_path,
        "list.csv",
        "\ufeffsource,fps,out-size,keep-color,no-audio,crf,target\n"
        "a.mp4,30000/1001,1080p,yes,no,,\n"
        "/b.mp4,,,,true,30,films/b.mkv\n",
    )
    one, two = read_list(path, SHARED)
    assert (one.source, one.target, two.source, two.target) == (
        str(tmp_path / "a.mp4"),
        None,
        "/b.mp4",
        "films/b.mkv",
    )
    assert one.config == StylizeConfig(
        fps="30000/1001", out_size="1080p", keep_color=True, encode=EncodeConfig(crf=20)
    )
    assert two.config == StylizeConfig(fps=24, encode=EncodeConfig(crf=30, audio=False))


def test_json_lines_have_values_as_they_are(tmp_path):
    path = write(
        tmp_path,
        "list.jsonl",
        '{"source": "a.mp4", "strength": 0.5, "keep_color": true, '
        '"fps": 12}\n\n{"source": "b.mp4", "audio": false}\n',
    )
    one, two = read_list(path, SHARED)
    assert (one.config.strength, one.config.keep_color, one.config.rate) == (0.5, True, 12)
    assert two.config == StylizeConfig(fps=24, encode=EncodeConfig(crf=20, audio=False))


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.csv", "source,fsp\na.mp4,3\n", "line 2: there is no setting 'fsp'; did you mean 'fps'"),
        ("a.csv", "source,strength\na.mp4,0.5\nb.mp4,2\n", "line 3: strength 2.0 is out of range"),
        ("a.csv", "source,crf\na.mp4,low\n", "line 2: crf 'low' is not a number"),
        (
            "a.csv",
            "source,keep-color\na.mp4,maybe\n",
            "line 2: keep-color 'maybe' is neither yes nor",
        ),
        ("a.csv", "source,overwrite\na.mp4,yes\n", "no setting 'overwrite'"),
        ("a.csv", "source,fps\n,15\n", "line 2: has no source"),
        ("a.csv", "source\na.mp4,15\n", "line 2: has more values than columns"),
        ("a.csv", "clip,fps\na.mp4,15\n", "has no column 'source'"),
        ("a.csv", "source\n", "has no clips in it"),
        ("a.csv", "", "has no column 'source'"),
        ("a.jsonl", "{\n", "line 1: is not JSON"),
        ("a.jsonl", '["a.mp4"]\n', "line 1: is not a JSON object"),
        ("a.jsonl", '{"source": "a.mp4", "fps": [1]}\n', "line 1: frame rate"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, name, text, reason):
    with pytest.raises(ConfigError, match=reason):
        read_list(write(tmp_path, name, text), SHARED)


def test_a_list_that_is_not_there_is_reported(tmp_path):
    with pytest.raises(ProbeError, match="list of clips: No such file"):
        read_list(tmp_path / "none.csv", SHARED)
    path = tmp_path / "binary.csv"
    path.write_bytes(b"source\n\xff\xfe")
    with pytest.raises(ProbeError, match="can't be read as a list"):
        read_list(path, SHARED)


def test_every_setting_of_the_main_command_can_stand_in_a_list():
    values = {
        "fps": "12",
        "size": "64p",
        "fit": "pad",
        "out-size": "work",
        "style": "wave",
        "backend": "identity",
        "precision": "fp32",
        "compute": "cpu",
        "start": "1",
        "duration": "2",
        "strength": "0.5",
        "keep-color": "no",
        "batch-size": "2",
        "levels": "-1..1",
        "function": "main",
        "style-number": "2",
        "threads": "1",
        "keep-going": "yes",
        "full-decode": "yes",
        "sequence-rate": "24",
        "codec": "hevc",
        "crf": "20",
        "preset": "fast",
        "audio": "no",
        "audio-track": "2",
        "keep-location": "yes",
        "verify": "yes",
    }
    from dataclasses import fields

    known = {
        each.name.replace("_", "-")
        for settings in (StylizeConfig, EncodeConfig)
        for each in fields(settings)
        if each.init
    }
    assert set(values) == known - {"overwrite", "encode", "hwaccel"}
    config = with_settings(StylizeConfig(), values)
    assert (config.batch_size, config.encode.audio_track, config.keep_going) == (2, 2, True)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{stem}_{style}_{rate}.mp4", "shot_wave-reference_29.97.mp4"),
        ("{folder}/{number:03d}-{size}.mkv", "day1/007-480x853.mkv"),
        ("{{{stem}}}.mov", "{shot}.mov"),
    ],
)
def test_names_of_targets(template, expected):
    config = StylizeConfig(fps="30000/1001", style="wave/reference")
    assert name_target(template, "films/day1/shot.mp4", config, 7) == expected


def test_names_of_model_files_and_numbered_pictures():
    config = StylizeConfig(fps="source", style="looks/sea.keras")
    assert name_target("{stem}_{style}_{rate}.mp4", "shot/frame-%04d.png", config, 1) == (
        "frame_sea_source.mp4"
    )
    assert name_target("{stem}.mp4", "shot/%04d.png", config, 1) == "shot.mp4"


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{steam}.mp4", r"there is no field \{steam\}; choose from \{stem\}, "),
        ("{stem}", "no suffix"),
        ("{stem.mp4", "expected '}'"),
        ("{stem:d}.mp4", "Unknown format code"),
        ("{}.mp4", "no field"),
    ],
)
def test_a_wrong_template_is_reported(template, reason):
    with pytest.raises(ConfigError, match=reason):
        check_template(template)


@pytest.mark.parametrize(
    ("targets", "error", "reason"),
    [
        (("x.mp4", "x.mp4"), ConfigError, "would be the target of both a.mp4 and b.mp4"),
        (("b.mp4", "y.mp4"), SameFileError, "is also a source"),
    ],
)
def test_jobs_in_each_others_way_are_refused_before_anything_begins(targets, error, reason):
    jobs = [Job(source, target) for source, target in zip(("a.mp4", "b.mp4"), targets, strict=True)]
    with pytest.raises(error, match=reason):
        next(run_batch(jobs))


def test_an_unknown_style_is_refused_before_anything_begins():
    with pytest.raises(UnknownStyleError, match="no style 'wve'; did you mean 'wave'"):
        next(run_batch([Job("a.mp4", "b.mp4", StylizeConfig(style="wve"))]))
