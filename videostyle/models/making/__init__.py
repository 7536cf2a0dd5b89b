"""Making a style from a painting in a second: one network writes the weights of another."""
