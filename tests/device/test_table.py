"""Python's side of the table of cases; the browser's is in tests/preview/test_script.py."""

import pytest

from tests.device.table import CASES, run


@pytest.mark.parametrize(
    ("kind", "case"), [(kind, case) for kind, cases in CASES.items() for case in cases]
)
def test_python_does_as_the_table_says(kind, case):
    assert run(kind, case) == case["expected"]
