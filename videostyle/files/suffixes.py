"""What the suffix of a file says that it holds."""

PICTURE_SUFFIXES = (
    ".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".exr", ".dpx", ".ppm", ".tga",
    ".qoi", ".jxl",
)  # fmt: skip

# What is taken for a clip in a folder; a file that is named by itself may have any suffix.
CLIP_SUFFIXES = (
    ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".ts", ".mts", ".m2ts", ".mpg", ".mpeg",
    ".mxf", ".3gp", ".flv", ".wmv", ".ogv", ".gif",
)  # fmt: skip
