"""What a phone would do with a network: measured times, estimates, and what is shown when."""
