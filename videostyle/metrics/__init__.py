"""Measuring the quality of pictures: arrays in, numbers out; no files, no networks."""
