"""Every frame rate and size of a clip side by side, and what a phone would show of each."""
