"""The few layers that Keras lacks, or whose Keras form doesn't convert to one Core ML operation.

They run on every library that Keras computes with. If TensorFlow has a single operation for a
layer, that is used, because the converter knows it.
"""

from typing import Any

import keras
from keras import ops

register = keras.saving.register_keras_serializable(package="videostyle")


def _on_tensorflow() -> bool:
    return bool(keras.backend.backend() == "tensorflow")


@register
class ReflectPad(keras.layers.Layer):
    """Mirror the picture at its edges: zeros would give a dark border."""

    def __init__(self, margin: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.margin = margin

    def call(self, x: Any) -> Any:
        side = (self.margin, self.margin)
        return ops.pad(x, ((0, 0), side, side, (0, 0)), mode="reflect")

    def compute_output_shape(self, shape: tuple[Any, ...]) -> tuple[Any, ...]:
        return (shape[0], *(n and n + 2 * self.margin for n in shape[1:3]), shape[3])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "margin": self.margin}


@register
class InstanceNorm(keras.layers.Layer):
    """Normalise each channel of each frame over its positions.

    Source: Ulyanov et al. 2016, https://arxiv.org/abs/1607.08022
    """

    def __init__(self, epsilon: float = 1e-5, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def build(self, shape: tuple[Any, ...]) -> None:
        self.gamma = self.add_weight(shape=(shape[-1],), initializer="ones", name="gamma")
        self.beta = self.add_weight(shape=(shape[-1],), initializer="zeros", name="beta")

    def call(self, x: Any) -> Any:
        if _on_tensorflow() and keras.backend.standardize_dtype(x.dtype) != "bfloat16":
            import tensorflow as tf

            # Exactly these two calls are what coremltools fuses into one `instance_norm`.
            mean, variance = tf.nn.moments(x, [1, 2], keepdims=True)  # [N, 1, 1, C]
            return tf.nn.batch_normalization(x, mean, variance, self.beta, self.gamma, self.epsilon)
        # In bfloat16 (8 significant bits) a mean's error exceeds the difference of two frames.
        wide = ops.cast(x, "float32")
        mean, variance = ops.moments(wide, axes=[1, 2], keepdims=True)  # [N, 1, 1, C]
        scale = ops.rsqrt(variance + self.epsilon) * ops.cast(self.gamma, "float32")
        return ops.cast((wide - mean) * scale + ops.cast(self.beta, "float32"), x.dtype)

    def compute_output_shape(self, shape: tuple[Any, ...]) -> tuple[Any, ...]:
        return shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "epsilon": self.epsilon}


@register
class NearestUpsample(keras.layers.Layer):
    """Double height and width by repeating pixels, as one resize operation.

    `keras.layers.UpSampling2D` repeats instead, which converts to a dozen reshapes.
    """

    def call(self, x: Any) -> Any:
        height, width = ops.shape(x)[1:3]
        if _on_tensorflow():
            import tensorflow as tf

            # Keras' own function needs a size that is known before the graph runs.
            return tf.image.resize(x, (height * 2, width * 2), method="nearest")
        return ops.image.resize(
            x, (height * 2, width * 2), interpolation="nearest", data_format="channels_last"
        )

    def compute_output_shape(self, shape: tuple[Any, ...]) -> tuple[Any, ...]:
        return (shape[0], *(n and n * 2 for n in shape[1:3]), shape[3])


@register
class DepthToSpace(keras.layers.Layer):
    """Turn every 4 channels into 2 x 2 pixels: [N, H, W, 4C] to [N, 2H, 2W, C]."""

    def call(self, x: Any) -> Any:
        if _on_tensorflow():
            import tensorflow as tf

            return tf.nn.depth_to_space(x, 2)
        n, height, width, channels = ops.shape(x)
        x = ops.reshape(x, (n, height, width, 2, 2, channels // 4))  # [N, H, W, 2, 2, C]
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))  # [N, H, 2, W, 2, C]
        return ops.reshape(x, (n, height * 2, width * 2, channels // 4))

    def compute_output_shape(self, shape: tuple[Any, ...]) -> tuple[Any, ...]:
        return (shape[0], *(n and n * 2 for n in shape[1:3]), shape[3] // 4)


@register
class ScaleAndShift(keras.layers.Layer):
    """Multiply and add a constant, always in float32: 8 bits of bfloat16 are too few for levels."""

    def __init__(self, scale: float, shift: float, **kwargs: Any) -> None:
        super().__init__(**{"dtype": "float32", **kwargs})
        self.scale, self.shift = scale, shift

    def call(self, x: Any) -> Any:
        return x * self.scale + self.shift

    def compute_output_shape(self, shape: tuple[Any, ...]) -> tuple[Any, ...]:
        return shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "scale": self.scale, "shift": self.shift}
