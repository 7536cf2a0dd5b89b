"""The version: read by setup.cfg and by the package, which find it nowhere else."""

__version__ = "0.2.0"
