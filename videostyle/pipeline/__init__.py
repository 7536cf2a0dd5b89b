"""The spine: the plan made before the first frame, and a frame's way from source to target."""
