"""What a phone would do with a network: measured times, estimates, and which frames it shows."""
