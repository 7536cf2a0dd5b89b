# docker build -t videostyle .
# docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/clips" videostyle in.mp4 out.mp4
FROM python:3.12-slim AS build
WORKDIR /src
COPY setup.cfg pyproject.toml README.md LICENSE ./
COPY videostyle ./videostyle
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.12-slim
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir /wheels/*.whl && rm -rf /wheels \
    && useradd --create-home --uid 1000 videostyle
# Any user may run it (see above), also one without a home folder for Keras' settings.
ENV HOME=/tmp
USER videostyle
WORKDIR /clips
ENTRYPOINT ["videostyle"]
CMD ["--help"]
