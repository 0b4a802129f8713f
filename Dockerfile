# syntax=docker/dockerfile:1
# The bundled service. Built from a clean export of a commit:
#   docker build --build-arg COMMIT=$(git rev-parse HEAD) --build-arg VERSION=0.1.0 \
#     --build-arg CREATED=$(git log -1 --format=%cI) --build-arg SOURCE=https://... -t hotelctl .
# A tag, for builds that try something. What is released is built on its digest, looked up where the registry can be reached:
#   docker buildx imagetools inspect python:3.13-slim-bookworm --format '{{.Manifest.Digest}}'
#   docker build --build-arg BASE=python:3.13-slim-bookworm@sha256:... ...
ARG BASE=python:3.13-slim-bookworm

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
COPY requirements/service.txt requirements/cli.txt requirements/
# The tools that build stay in this stage, pip among them; what runs gets an environment of its own, pinned by hash.
RUN python -m venv /build/tools \
    && /build/tools/bin/pip install --require-hashes --requirement requirements/cli.txt \
    && python -m venv --without-pip /opt/service \
    && PIP_PYTHON=/opt/service/bin/python /build/tools/bin/pip install --require-hashes --requirement requirements/service.txt
COPY pyproject.toml README.md ./
COPY requirements/tools.txt requirements/kingfisher.txt requirements/
COPY hotelctl hotelctl
COPY reports/templates reports/templates
ARG COMMIT=unknown
# The artifact has the times of the commit, so that it is the same wherever it is made.
ARG SOURCE_DATE_EPOCH
# The artifact itself says which commit it is, as it does when git archive made the export.
RUN if [ "${COMMIT}" != unknown ]; then printf '%s\n' "${COMMIT}" > hotelctl/app/_commit.txt; fi \
    && /build/tools/bin/python -m build --wheel --no-isolation --outdir /build/dist . \
    && PIP_PYTHON=/opt/service/bin/python /build/tools/bin/pip install --no-deps --no-index /build/dist/*.whl \
    && /opt/service/bin/python -m compileall -q /opt/service/lib

FROM ${BASE} AS run
ARG VERSION=0.1.0
ARG COMMIT=unknown
ARG CREATED=
ARG SOURCE=
LABEL org.opencontainers.image.title="AI Hotel Assistant" \
      org.opencontainers.image.description="The bundled service of hotelctl" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${COMMIT}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}"
ENV PATH=/opt/service/bin:${PATH} PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=build /opt/service /opt/service
WORKDIR /srv
# What a volume is laid over, owned by whom it is for.
RUN install -d -o 10001 -g 10001 -m 700 /srv/state
# Numeric, so that an orchestrator can see that it is not root.
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/health', timeout=2).read()"]
CMD ["python", "-m", "hotelctl.app", "--host", "0.0.0.0", "--port", "8080"]
