"""Nothing in the packages knows the demo: its answers come from the ordinary way."""

from __future__ import annotations

import importlib
import tomllib
from pathlib import Path

import pytest

_READ = {".py", ".toml", ".sql", ".html", ".js", ".css", ".json", ".md"}


@pytest.fixture(scope="module")
def names(demo):
    outlets = tomllib.loads((demo / "outlets.toml").read_text(encoding="utf-8"))["outlet"]
    hosts = tomllib.loads((demo / "site" / "scenario.toml").read_text(encoding="utf-8"))
    told = {name for one in outlets for name in (one["name"], *one["hosts"])}
    return told | {host for host in hosts if host.endswith(".example")}


@pytest.mark.parametrize("package", ["crawler", "verifiers", "db"])
def test_no_package_names_a_demo_outlet_or_host(package, names):
    folder = Path(importlib.import_module(package).__file__).parent
    files = [path for path in folder.rglob("*") if path.suffix in _READ]
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    assert [(file, name) for file, text in texts.items() for name in names if name in text] == []


def test_every_demo_host_is_reserved_for_examples(demo):
    outlets = tomllib.loads((demo / "outlets.toml").read_text(encoding="utf-8"))["outlet"]
    assert [
        one["name"] for one in outlets if not all(h.endswith(".example") for h in one["hosts"])
    ] == []
