"""All contact with video files: probing, decoding, encoding. Only this room uses ffmpeg."""
