"""How files appear: whole or not at all, one writer at a time, told apart by their content."""
