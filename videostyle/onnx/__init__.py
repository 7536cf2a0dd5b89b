"""ONNX image-to-image networks, run by OpenVINO."""
