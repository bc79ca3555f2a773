#!/usr/bin/env bash
# Writes the lock files from pyproject.toml, with hashes and without naming where packages come from.
# Needs uv on the path. Versions already locked stay; pass --upgrade, or --upgrade-package NAME, to move them.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
    uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --custom-compile-command "make lock" --quiet "$@"
}
compile --group build "$@" --output-file requirements.txt
compile --group build --group cohort --constraints requirements.txt "$@" --output-file requirements-cohort.txt
compile --group build --group dev --constraints requirements-cohort.txt "$@" --output-file requirements-dev.txt
compile --group fuzz --constraints requirements-dev.txt "$@" --output-file requirements-fuzz.txt
compile --group build --group bench --constraints requirements-dev.txt "$@" --output-file requirements-bench.txt
if grep -nE '://|--(extra-)?index-url|--find-links' requirements*.txt; then
    echo "a lock file names a download host" >&2
    exit 1
fi
