"""Core ML's protobuf messages: coremltools' own, without the rest of it.

Importing coremltools takes seconds and brings TensorFlow along; its messages alone take 20 ms.
"""

import importlib
import importlib.util
import sys
import types
from pathlib import Path
from typing import Any

from videostyle.errors import MissingDependencyError

# The messages import each other relatively, so they also work under a name of ours.
_NAME = "videostyle.coreml._coremltools_proto"


def import_messages() -> Any:
    """The module of the `Model` message.

    Raises:
        MissingDependencyError: coremltools isn't installed.
    """
    if _NAME not in sys.modules:
        found = importlib.util.find_spec("coremltools")
        if found is None or not found.submodule_search_locations:
            raise MissingDependencyError("Core ML models need: pip install coremltools")
        package = types.ModuleType(_NAME)
        package.__path__ = [str(Path(found.submodule_search_locations[0]) / "proto")]
        sys.modules[_NAME] = package
    return importlib.import_module(f"{_NAME}.Model_pb2")


def data_type_name(number: int) -> str:
    """A tensor's type as programs name it: fp32, fp16, int32, uint4, bool, string and so on."""
    import_messages()
    types_ = sys.modules[f"{_NAME}.MIL_pb2"].DataType
    name = str(types_.Name(number)).lower() if number in types_.values() else f"type {number}"
    return name.replace("bfloat", "bf").replace("float", "fp")
