"""Making a style from a painting in a moment: one network writes the weights of another."""
