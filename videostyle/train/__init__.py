"""Training a style network from one painting, in Keras on any of its libraries."""
