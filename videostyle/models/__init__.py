"""What a style network is: specs, layers, the network family, model files, the built-in styles."""
