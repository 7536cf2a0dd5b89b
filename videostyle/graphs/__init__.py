"""OpenVINO graphs with a picture at both ends: putting the ends on, compiling, running."""
