"""Training a style network from one painting, in Keras on whatever library computes for it."""
