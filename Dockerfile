# syntax=docker/dockerfile:1
# The image needs nothing of the machine that builds it: Node comes with the locked Python packages.
# Build: docker build -t trygghetsvandring .
# Run:   docker run -p 8300:8300 -v trygg:/var/lib/trygg -e TRYGG_PUBLIC_URL=https://… trygghetsvandring

FROM python:3.11-slim-bookworm AS build

SHELL ["/bin/bash", "-o", "pipefail", "-c"]
WORKDIR /src

# Locked packages first: a change in our own code does not fetch them again.
COPY Makefile requirements.txt pyproject.toml hatch_build.py README.md LICENSE ./
COPY .ci .ci
COPY pwa/package.json pwa/package-lock.json pwa/.npmrc pwa/
COPY trygghetsvandring/__init__.py trygghetsvandring/
RUN python3 .ci/house.py packages

COPY pwa pwa
COPY migrations migrations
COPY trygghetsvandring trygghetsvandring
RUN python3 .ci/house.py build && .venv/bin/hatchling build --target wheel --directory dist

# The server's own environment, at the path where the next stage will find it.
COPY requirements-server.txt ./
RUN python3 -m venv /opt/trygg \
    && /opt/trygg/bin/pip install --no-cache-dir --require-hashes --requirement requirements-server.txt \
    && /opt/trygg/bin/pip install --no-cache-dir --no-deps dist/*.whl


FROM python:3.11-slim-bookworm

COPY --from=build /opt/trygg /opt/trygg
# Owned by the user below; a named volume mounted here inherits that.
RUN install --directory --owner=10001 --group=10001 --mode=0750 /var/lib/trygg

ENV PATH=/opt/trygg/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    TRYGG_DATA_DIR=/var/lib/trygg

WORKDIR /var/lib/trygg
VOLUME /var/lib/trygg
EXPOSE 8300
# A number, so that an orchestrator can see that it is not root.
USER 10001:10001

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8300/healthz', timeout=4).read()"]

ENTRYPOINT ["trygg"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8300"]
