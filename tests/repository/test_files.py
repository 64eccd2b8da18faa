"""The repository's own files: floors, pins, and nothing of the machine that they were written on."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

_TEXTS = {".py", ".md", ".toml", ".yml", ".txt", ".sh", ".html", ".xml", ".jsonl", ".sql", ""}


@pytest.fixture(scope="module")
def project(checkout):
    return tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def contracts(project):
    return {one["type"]: one for one in project["tool"]["importlinter"]["contracts"]}


def test_floors_are_held_by_layers_with_app_above_run_above_fetch(contracts):
    floors = contracts["layers"]["layers"]
    rooms = [
        "crawler.app",
        "crawler.run",
        "crawler.fetch",
        "crawler.resolve",
        "verifiers",
        "db.model",
    ]
    places = [
        next(n for n, floor in enumerate(floors) if room in re.split(r" [:|] ", floor))
        for room in rooms
    ]
    assert places == sorted(set(places))


def test_pure_rooms_are_independent_of_each_other(contracts):
    assert set(contracts["independence"]["modules"]) == {
        "crawler.ingest",
        "crawler.resolve",
        "crawler.extract",
        "crawler.identify",
    }


def test_pure_rooms_and_verifiers_may_not_open_anything(project, contracts):
    assert project["tool"]["importlinter"]["include_external_packages"]
    assert set(contracts["forbidden"]["source_modules"]) == {
        *contracts["independence"]["modules"],
        "verifiers",
    }
    assert set(contracts["forbidden"]["forbidden_modules"]) >= {
        "asyncio",
        "crawler.fetch",
        "db.store",
        "httpcore",
        "httpx",
        "socket",
        "sqlite3",
        "sqlite_utils",
        "ssl",
        "subprocess",
    }


def test_every_dependency_is_bounded_and_pinned(checkout, project):
    lines = (checkout / "constraints.txt").read_text(encoding="utf-8").split()
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in lines}
    asked = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["dev"]
    names = {re.match(r"[A-Za-z0-9_-]+", one)[0].lower() for one in asked}
    assert [one for one in asked if not re.search(r">=[^,]+,<", one)] == []
    assert names - pinned == set()


def test_constraints_are_names_and_versions_only(checkout):
    lines = (checkout / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [
        line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line)
    ] == []


def test_the_licence_is_apache_2(checkout):
    text = (checkout / "LICENSE").read_text(encoding="utf-8")
    assert ("Apache License" in text, "END OF TERMS AND CONDITIONS" in text) == (True, True)


def test_no_file_names_a_path_of_this_machine(checkout):
    homes = {str(Path.home()), str(checkout)} - {"/"}
    pattern = re.compile("|".join(rf"{re.escape(one)}/" for one in sorted(homes)))
    texts = {path: _text(checkout / path) for path in _tracked(checkout)}
    assert [str(path) for path, text in texts.items() if pattern.search(text)] == []


def _tracked(checkout):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("the checkout is no git work tree")
    return [Path(name) for name in listed.stdout.splitlines() if Path(name).suffix in _TEXTS]


def _text(path):
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
