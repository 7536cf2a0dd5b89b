"""Single pictures: words in them, writing them, one frame in every style."""
