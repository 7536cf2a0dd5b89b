"""A style as a Core ML model: an image in, an image out, and its card in the metadata."""

import json
from pathlib import Path
from typing import Any

from videostyle.coreml.convert_config import ConvertConfig
from videostyle.coreml.coremltools import import_coremltools, quiet
from videostyle.coreml.graph import build_graph, explicit_resizes
from videostyle.errors import BackendError
from videostyle.models.model_file import StyleModel
from videostyle.models.spec import spec_to_json

INPUT, OUTPUT = "image", "stylized"

# coremltools' name for the result of a TensorFlow function, whatever name it was given.
_UNNAMED_OUTPUT = "Identity"

# Keys of what is written into the package's metadata.
STYLE_KEY, KIND_KEY, SPEC_KEY, CARD_KEY, DIGEST_KEY = (
    f"videostyle.{word}" for word in ("style", "kind", "network", "card", "model_sha256")
)


def write_package(
    style: StyleModel, path: Path, config: ConvertConfig, labels: dict[str, str]
) -> None:
    """Convert a style and save it, without any check.

    Args:
        style: the network, its spec and its card.
        path: the folder to write; must not exist.
        config: how.
        labels: more metadata.

    Raises:
        BackendError: coremltools failed.
        MissingDependencyError: it isn't installed.
    """
    ct = import_coremltools()
    try:
        with quiet():
            model = _rename_output(ct, _convert(ct, style, config))
            model = _compress(model, config.compress)
            _describe(model, style, config, labels)
            model.save(str(path))
    except OSError as error:
        raise BackendError(f"{path}: can't be written: {error.strerror or error}") from error
    except Exception as error:  # coremltools raises whatever it meets
        first_line = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise BackendError(f"coremltools could not convert the style: {first_line}") from error


def _convert(ct: Any, style: StyleModel, config: ConvertConfig) -> Any:
    sizes = config.inputs
    function = build_graph(
        style.network, style.spec, sizes[0] if len(sizes) == 1 else None, config.output
    )
    shapes = [(1, size.height, size.width, 3) for size in sizes]
    shape = shapes[0] if len(shapes) == 1 else ct.EnumeratedShapes(shapes, default=shapes[0])
    precision = {"fp16": ct.precision.FLOAT16, "fp32": ct.precision.FLOAT32}[config.precision]
    with explicit_resizes():
        return ct.convert(
            [function],
            source="tensorflow",
            convert_to="mlprogram",
            minimum_deployment_target=ct.target[config.target],
            compute_precision=precision,
            inputs=[ct.ImageType(name=INPUT, shape=shape, color_layout=ct.colorlayout.RGB)],
            outputs=[ct.ImageType(name=_UNNAMED_OUTPUT, color_layout=ct.colorlayout.RGB)],
            skip_model_load=True,
        )


def _rename_output(ct: Any, model: Any) -> Any:
    spec = model.get_spec()
    ct.utils.rename_feature(spec, _UNNAMED_OUTPUT, OUTPUT)
    return ct.models.MLModel(spec, weights_dir=model.weights_dir, skip_model_load=True)


def _compress(model: Any, kind: str | None) -> Any:
    if kind is None:
        return model
    import coremltools.optimize.coreml as optimize

    if kind == "int8":
        how = optimize.OpLinearQuantizerConfig(mode="linear_symmetric")
        return optimize.linear_quantize_weights(model, optimize.OptimizationConfig(how))
    palette = optimize.OpPalettizerConfig(mode="kmeans", nbits=int(kind.removeprefix("palette")))
    return optimize.palettize_weights(model, optimize.OptimizationConfig(palette))


def _describe(model: Any, style: StyleModel, config: ConvertConfig, labels: dict[str, str]) -> None:
    card = style.card
    title = card.get("title") or labels[STYLE_KEY]
    painter = f" by {card['painter']}" if card.get("painter") else ""
    model.author = str(card.get("author", "videostyle"))
    model.license = str(card.get("license", "not stated"))
    model.short_description = f"Paints a picture in the style of {title}{painter}."
    model.input_description[INPUT] = f"The picture to paint, {_words(config.inputs)}, RGB"
    model.output_description[OUTPUT] = f"The painting, {config.output or 'of its size'}, RGB"
    entries = {
        KIND_KEY: config.kind,
        SPEC_KEY: json.dumps(spec_to_json(style.spec)),
        CARD_KEY: json.dumps(card),
        **labels,
    }
    for key, value in entries.items():
        model.user_defined_metadata[key] = value


def _words(sizes: tuple[Any, ...]) -> str:
    return " or ".join(map(str, sizes))
