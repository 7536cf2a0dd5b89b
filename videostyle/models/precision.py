"""The numbers that networks compute with, by the names used in every `--precision`."""

AUTO = "auto"  # the fastest that gives equally good pictures
FP32 = "fp32"
FP16 = "fp16"
BF16 = "bf16"
