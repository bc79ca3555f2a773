# syntax=docker/dockerfile:1
# First stage: install what the lock file names, checked by hash. Second stage: that, the code and the knowledge.
# Nothing is downloaded at run time.
FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install --require-hashes -r requirements.txt

FROM python:3.12-slim
LABEL org.opencontainers.image.title="alk-ros1-tki" org.opencontainers.image.licenses="Apache-2.0"
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    TKI_HOST=0.0.0.0 TKI_PORT=8000
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin tki
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/tki
COPY LICENSE ./
COPY knowledge ./knowledge
COPY app ./app
USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['TKI_PORT']}/readyz\", timeout=2)"]
ENTRYPOINT ["python", "-m", "app"]
CMD ["serve"]
