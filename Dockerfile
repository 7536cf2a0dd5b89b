# docker build -t videostyle .                         # painting and previews
# docker build -t videostyle:full --target full .      # also TensorFlow, training, Core ML, Ray
# docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/clips" videostyle in.mp4 out.mp4
FROM python:3.12-slim AS build
WORKDIR /src
COPY setup.cfg pyproject.toml README.md LICENSE ./
COPY videostyle ./videostyle
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.12-slim AS base
RUN useradd --create-home --uid 1000 videostyle
# Any user may run it (see above), also one without a home folder for Keras' settings.
ENV HOME=/tmp
WORKDIR /clips
ENTRYPOINT ["videostyle"]
CMD ["--help"]

FROM base AS full
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir "$(echo /wheels/*.whl)[all]" && rm -rf /wheels
USER videostyle

# The last one is built by default.
FROM base AS light
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir /wheels/*.whl && rm -rf /wheels
USER videostyle
