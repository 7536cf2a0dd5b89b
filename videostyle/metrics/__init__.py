"""What a picture is worth, in numbers. Arrays in, numbers out: no files, no networks."""
