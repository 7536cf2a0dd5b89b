"""Printing the report on a Core ML package."""

import json
import sys
from typing import TYPE_CHECKING

from videostyle.cli.progress import columns_of, show
from videostyle.cli.table import table_lines

if TYPE_CHECKING:
    from videostyle.coreml.parity import Comparison
    from videostyle.coreml.report import PackageReport


def show_report(report: "PackageReport", as_json: bool) -> None:
    """Print a report for a person, or as one JSON object."""
    if as_json:
        print(json.dumps(report.as_json()))
        return
    show(
        f"{report.package}: {report.kind}, {' or '.join(report.inputs)} in, {report.output} out, "
        + (f"specification {report.specification}, " if report.specification else "")
        + f"{report.size_bytes / 1e6:.2f} MB"
    )
    if report.levels_guessed:
        show(f"levels: {report.levels}, guessed by trying; --levels sets them")
    counts = ", ".join(f"{kind} {count}" for kind, count in report.operations.items())
    show(
        f"operations: {sum(report.operations.values())} ({counts}); "
        f"transposes: {report.operations.get('transpose', 0)}"
    )
    show(f"largest activation: {report.largest_activation:.1f} of half precision's 65504")
    for warning in report.warnings:
        show(f"warning: {warning}")
    if report.against:
        show(f"compared with {report.against} on {report.frames} frames:")
    else:
        show(
            f"runs here: painted {report.frames} frames; {report.alone} (--against MODEL compares)"
        )
    if report.comparisons:
        rows = [(f"  {each.run}", each.status.value, _numbers(each)) for each in report.comparisons]
        print("\n".join(table_lines(rows, columns_of(sys.stdout))))


def _numbers(comparison: "Comparison") -> str:
    if comparison.psnr_db is None:
        return comparison.reason
    text = (
        f"PSNR {comparison.psnr_db:.1f} dB, at most {comparison.largest:.3f} levels, "
        f"{comparison.largest_8bit} after rounding to 8 bits"
    )
    return f"{text}: {comparison.reason}" if comparison.reason else text
