# The portal for production: one image; web, worker and beat differ by their command (docker-compose.yml).

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/portal/venv
ENV PATH=/opt/portal/venv/bin:$PATH
COPY requirements/base.txt /opt/portal/source/requirements/
RUN pip install --require-hashes --no-deps -r /opt/portal/source/requirements/base.txt
COPY . /opt/portal/source
WORKDIR /opt/portal/source
# Translations, fonts and hashed static files; no secret takes part.
RUN STATE_DIR=/opt/portal/web python -m danang_portal.local.assets \
 && python -m compileall -q . \
 && chmod -R a+rX,go-w /opt/portal

FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --user-group --no-create-home --home-dir /data portal \
 && install -d -o portal -g portal -m 0700 /data
COPY --from=build /opt/portal /opt/portal
WORKDIR /opt/portal/source
ENV PATH=/opt/portal/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATE_DIR=/data \
    STATIC_DIR=/opt/portal/web/static \
    BIND=0.0.0.0:8000
USER portal
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s CMD ["python", "-m", "danang_portal.probe", "/healthz"]
CMD ["gunicorn", "-c", "python:danang_portal.gunicorn_conf", "danang_portal.wsgi"]
