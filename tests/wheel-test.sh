#!/usr/bin/env bash
# Builds the wheel, installs it in a fresh environment outside the tree and runs the suite against what was installed.
# Called by `make wheel-test` with BIN, the folder of the environment that builds.
set -euo pipefail
checkout=$PWD
python="$checkout/$BIN/python"
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

"$python" -m build --wheel --no-isolation --outdir "$place/dist" >"$place/build.log" || { cat "$place/build.log"; exit 1; }
"$python" -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check -c constraints.txt \
  "$place"/dist/*.whl cryptography hypothesis pytest pytest-xdist pyyaml

# The tests leave the tree, so that nothing but the installation can be imported; -P keeps the folder itself out.
mkdir "$place/suite"
cp -R tests pyproject.toml "$place/suite/"
cd "$place/suite"
CITEHOUND_CHECKOUT="$checkout" "$place/venv/bin/python" -P -m pytest -q -n auto --dist worksteal "$@"
