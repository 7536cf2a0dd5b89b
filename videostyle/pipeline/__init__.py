"""The spine: what is settled before the first frame, and a frame's way from source to target."""
