"""Writing files whole or not at all, with one writer at a time, and comparing their content."""
