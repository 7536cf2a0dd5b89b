"""The settings of a measurement on a device."""

from dataclasses import dataclass

from videostyle.errors import ConfigError


@dataclass(frozen=True)
class MeasureConfig:
    """How a package is timed.

    Attributes:
        samples: frames to time, without the first, which loads and compiles.
        compute_units: one of `COMPUTE_UNITS`.
        device: name of an attached phone, or None for this Mac.
        team, profile, bundle: for signing the measuring app, for a phone.
    """

    samples: int = 100
    compute_units: str = "all"
    device: str | None = None
    team: str | None = None
    profile: str | None = None
    bundle: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.samples <= 1_000_000:
            raise ConfigError(f"{self.samples} samples are out of range; take 1 to 1000000")
        if self.device and not (self.team or (self.profile and self.bundle)):
            raise ConfigError(
                "timing a phone needs a team, or a profile and a bundle, to sign the probing app"
            )
