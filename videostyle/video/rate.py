"""Frame rates and times, exact."""

from fractions import Fraction
from math import ceil

from videostyle.errors import ConfigError

FASTEST = 1000  # frames per second; above it no container's clock tells frames apart


def parse_rate(value: str | int | float | Fraction) -> Fraction:
    """Read `15`, `29.97` or `30000/1001` as an exact rate.

    Raises:
        ConfigError: not a number, not above 0, or above `FASTEST`.
    """
    try:
        rate = Fraction(str(value).strip())
    except (ValueError, ZeroDivisionError) as error:
        raise ConfigError(
            f"frame rate '{value}' is not understood; write 15, 29.97, 30000/1001 or source"
        ) from error
    if not 0 < rate <= FASTEST:
        raise ConfigError(
            f"frame rate {value} is out of range; it must be above 0, {FASTEST} at most"
        )
    return rate


def parse_seconds(value: str | int | float | Fraction, name: str) -> Fraction:
    """Read `2.5`, `90` or `1:30` as seconds.

    Raises:
        ConfigError: not a time, or below 0.
    """
    try:
        parts = [Fraction(part) for part in str(value).strip().split(":")]
    except (ValueError, ZeroDivisionError) as error:
        raise ConfigError(f"{name} '{value}' is not a time; write seconds or 1:30") from error
    if len(parts) > 3 or any(part < 0 for part in parts):
        raise ConfigError(f"{name} '{value}' is not a time; write seconds or 1:30")
    seconds = Fraction(0)
    for part in parts:
        seconds = seconds * 60 + part
    return seconds


def frames_until(end_s: Fraction, rate: Fraction) -> int:
    """How many output frames start before `end_s`: frame k starts at k / rate."""
    return max(0, ceil(end_s * rate))


def format_rate(rate: Fraction) -> str:
    """`15`, or `29.97` for 30000/1001."""
    return f"{float(rate):.5g}"
