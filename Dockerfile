# Two images: `run` (the default) has the clip-search command, `airflow` runs the DAG.
# docs/docker.md says how to build and use them. `develop` is for .devcontainer.
#
# No stage is published: build them from a checkout. What goes into the build is listed
# in .dockerignore.

FROM python:3.12-slim-bookworm AS base
ENV DO_NOT_TRACK=1 \
    PYTHONUNBUFFERED=1

# What development needs apart from `make setup`: as in .ci/run.
FROM base AS develop
# hadolint ignore=DL3008
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends \
        chromium git liblucene8-java make openjdk-17-jdk-headless openssh-client procps \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 --shell /bin/bash clip
USER 1000:1000

# Installs exactly what is in uv.lock, and only from wheels: nothing is compiled.
FROM base AS packages
COPY .ci/uv-requirements.txt /tmp/
RUN pip install --no-cache-dir --require-hashes --requirement /tmp/uv-requirements.txt
ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_PROJECT_ENVIRONMENT=/opt/clip-search \
    UV_PYTHON_DOWNLOADS=never
WORKDIR /src
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-build --no-install-project --extra report --extra duckdb

FROM packages AS packages-airflow
RUN uv sync --frozen --no-build --no-install-project --extra airflow --extra duckdb

# The project is installed as a wheel, so that the image does not contain the lab.
FROM packages AS installed
COPY . .
RUN uv sync --frozen --no-editable --extra report --extra duckdb

FROM packages-airflow AS installed-airflow
COPY . .
RUN uv sync --frozen --no-editable --extra airflow --extra duckdb

# The user may write to /data and to its home folder, and nowhere else.
FROM base AS runtime
RUN useradd --create-home --uid 1000 clip \
    && install --directory --owner=clip --group=clip /data
ENV DBT_LOG_PATH=/data/logs \
    DBT_TARGET_PATH=/data/target \
    PATH=/opt/clip-search/bin:$PATH
USER 1000:1000
WORKDIR /data
VOLUME /data

FROM runtime AS airflow
COPY --from=installed-airflow /opt/clip-search /opt/clip-search
COPY dags /opt/dags
# The UI listens on all addresses of the container, which only `docker run --publish`
# makes reachable. docs/docker.md publishes it on this machine only.
ENV AIRFLOW_HOME=/data/airflow \
    AIRFLOW__API__HOST=0.0.0.0 \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/dags
EXPOSE 8080
ENTRYPOINT ["python", "-m", "clip_search.orchestration"]
CMD ["serve"]

FROM runtime AS run
COPY --from=installed /opt/clip-search /opt/clip-search
ENTRYPOINT ["clip-search"]
CMD ["run"]
