"""What a benchmark says of the processor."""

import re
from pathlib import Path

import pytest

from videostyle.bench import processor
from videostyle.bench.processor import describe_processor

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (("fp32", "bf16"), "with bf16"),
        (("fp32",), "without bf16"),
        ((), "unknown whether with bf16"),
    ],
)
def test_it_is_named_with_its_cores_and_whether_it_has_bf16(monkeypatch, tmp_path, known, words):
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("processor\t: 0\nmodel name\t: Quick 9000\n\nmodel name\t: Quick 9000\n")
    monkeypatch.setattr(processor, "_CPUINFO", cpuinfo)
    monkeypatch.setattr(processor, "precisions_of", lambda name: known)
    monkeypatch.setattr(processor, "usable_cores", lambda: 3)
    assert describe_processor() == f"Quick 9000, 3 cores, {words}"


def test_where_the_system_does_not_say_the_machine_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(processor, "_CPUINFO", tmp_path / "none")
    monkeypatch.setattr(processor.platform, "processor", lambda: "")
    monkeypatch.setattr(processor.platform, "machine", lambda: "arm64")
    assert describe_processor().startswith("arm64, ")


def test_every_benchmark_that_measures_time_names_the_processor():
    for script in sorted(BENCHMARKS.glob("*.py")):
        text = script.read_text()
        if re.search(r"perf_counter|process_time|os\.times|steps_per_s", text):
            assert re.search(r"describe_processor\(\)|profile_as_markdown\(", text), script.name
