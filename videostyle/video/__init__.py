"""All contact with video files: what they are, decoding, encoding. ffmpeg lives here only."""
