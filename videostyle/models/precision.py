"""The numbers that networks compute with, by the names that every `--precision` takes."""

AUTO = "auto"  # the fastest that gives pictures as good
FP32 = "fp32"
FP16 = "fp16"
BF16 = "bf16"
