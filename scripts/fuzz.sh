#!/usr/bin/env bash
# Serves the API on a free port and lets schemathesis send it requests made from openapi.yaml: no answer may be a 5xx or
# break the schema. A request may fit the schema and still make no sense (a residue that is not there), so refusals are not
# counted; NDJSON has tests of its own. Slow; not part of CI. More arguments go to schemathesis: make fuzz ARGS="--max-examples 500".
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/venv.sh requirements.txt
if ! cmp -s .venv-fuzz/.installed requirements-fuzz.txt; then
    rm -rf .venv-fuzz
    .venv/bin/python -m venv .venv-fuzz
    .venv-fuzz/bin/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-fuzz.txt
    cp requirements-fuzz.txt .venv-fuzz/.installed
fi
port=$(.venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
TKI_ACCESS_LOG=false .venv/bin/python -m app serve --port "$port" &
server=$!
trap 'kill $server' EXIT
.venv/bin/python - "$port" <<'PY'
import sys, time, urllib.request
for _ in range(200):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/readyz")
        break
    except OSError:
        time.sleep(0.05)
PY
.venv-fuzz/bin/schemathesis run openapi.yaml --url "http://127.0.0.1:$port" --max-examples 50 --workers 2 \
    --exclude-path /v1/recommendations/batch --exclude-checks positive_data_acceptance "$@"
