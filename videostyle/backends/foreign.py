"""Which sizes models take and give that others made."""

from pathlib import Path

from videostyle.backends.base import ModelSizes
from videostyle.graphs.reading import Reading


def foreign_sizes(model: Path, reading: Reading | None) -> ModelSizes:
    """Sizes of an ONNX or Core ML model, which is looked through for damage.

    Raises:
        ModelLoadError: it can't be used.
        ConfigError: it can't be read that way.
        MissingDependencyError: OpenVINO or coremltools isn't installed.
    """
    if model.suffix == ".onnx":
        from videostyle.onnx.model import OnnxModel

        network = OnnxModel(model, reading or Reading())
        return ModelSizes(network.sizes, network.output, network.factor)
    from videostyle.coreml.package import read_package
    from videostyle.coreml.runtime import PortableModel, load_program

    package = read_package(model, reading)
    if package.output is None and package.sizes:  # arrays: only the graph says
        size = package.sizes[0]
        return ModelSizes(package.sizes, PortableModel(model, reading=reading).output_size(size))
    load_program(package)  # damaged weights are found now, and not when the network is loaded
    return ModelSizes(package.sizes, package.output)
