#!/usr/bin/env bash
# Sets up .venv from a lock file: scripts/venv.sh requirements.txt | requirements-dev.txt
# Does nothing when .venv already holds what the lock file names; rebuilds a .venv that no longer runs.
set -euo pipefail
cd "$(dirname "$0")/.."
lock=$1
venv=.venv

find_python() {
    local candidate
    # A python named by the caller is taken or refused, never replaced.
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Python 3.11 or newer is needed; ${PYTHON:-python3} is not. Install it, or name it: PYTHON=python3.12 make …" >&2
    exit 1
}

same() { [ -f "$1" ] && cmp -s "$1" "$2"; }

here=$(pwd -P)
if [ -e "$venv" ] && { ! "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    [ "$(cat "$venv/.made-in" 2>/dev/null)" != "$here" ]; }; then
    echo "$venv does not run here (moved, half made, or an old Python): making it anew"
    rm -rf "$venv"
fi
if [ ! -e "$venv" ]; then
    python=$(find_python)
    echo "making $venv with $("$python" --version)"
    "$python" -m venv "$venv" || {
        rm -rf "$venv"
        echo "'$python -m venv' failed; on Debian and Ubuntu install the package python3-venv and try again" >&2
        exit 1
    }
    echo "$here" >"$venv/.made-in"
fi
# The development lock is a superset of the run-time lock, with the same versions.
if same "$venv/.installed-$lock" "$lock" || { [ "$lock" = requirements.txt ] && same "$venv/.installed-requirements-dev.txt" requirements-dev.txt; }; then
    same "$venv/.pyproject" pyproject.toml && exit 0
else
    echo "installing what $lock names, checked by hash"
    "$venv/bin/python" -m pip install --disable-pip-version-check --quiet --require-hashes -r "$lock"
    cp "$lock" "$venv/.installed-$lock"
fi
"$venv/bin/python" -m pip install --disable-pip-version-check --quiet --no-deps --no-index --no-build-isolation --editable .
cp pyproject.toml "$venv/.pyproject"
