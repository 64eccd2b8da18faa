"""What the README, ARCHITECTURE and their like say is there, and what is there is said."""

from __future__ import annotations

import re

import pytest

from crawler.cli import COMMANDS
from crawler.config import SETTINGS
from crawler.plugins import GROUPS
from db.words import REASONS, IdentityKind, Reason, ResolveStatus

_DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")


@pytest.fixture(scope="module")
def readme(checkout):
    return (checkout / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def verdict_rows(readme):
    section = readme.partition("## Verdicts")[2].partition("\n## ")[0]
    rows = [line.split("|") for line in section.splitlines() if line.startswith("| `")]
    return {_code(verdict)[0]: set(_code(reasons)) for _, verdict, reasons, _ in rows}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(readme, command):
    section = readme.partition("## Commands")[2].partition("\n## ")[0]
    assert re.search(rf"`{command}\b", section)


def test_every_verdict_and_reason_is_in_the_table_and_no_other(verdict_rows):
    assert verdict_rows == {
        kind.value: {reason.value for reason in told} for kind, told in REASONS.items()
    }


def test_every_reason_belongs_to_one_verdict():
    assert sorted(reason for told in REASONS.values() for reason in told) == sorted(Reason)


@pytest.mark.parametrize("word", [*ResolveStatus, *IdentityKind])
def test_every_status_and_identity_is_in_the_readme(readme, word):
    assert f"`{word}`" in readme


def test_the_settings_table_is_the_settings(readme):
    section = readme.partition("## Settings")[2].partition("\n## ")[0]
    rows = [
        [cell.strip().strip("`") for cell in line.split("|")[1:-1]] for line in section.splitlines()
    ]
    told = {row[0]: row[1:] for row in rows if len(row) == 4 and row[1].startswith("CITEHOUND_")}
    assert told == {one.name: [one.variable, one.default, one.help] for one in SETTINGS}


@pytest.mark.parametrize("group", GROUPS)
def test_every_plugin_group_is_in_the_readme(readme, group):
    assert group in readme


def test_the_readme_example_of_a_verifier_works(readme):
    from db.model import Claim, Page
    from db.words import Access, PageState, VerdictKind
    from verifiers.protocol import Task

    names = {}
    exec(
        compile(readme.partition("```python\n")[2].partition("```")[0], "README.md", "exec"), names
    )
    claim = Claim(id="c", document_id="d", text="The gate holds.", occurrence=0)
    page = Page(
        id="p",
        capture_id="x",
        url="https://news.example/",
        body_sha256="0" * 64,
        extractor="html",
        extractor_version="1",
        state=PageState.LIVE,
        state_why="",
        access=Access.OPEN,
        text="THE GATE HOLDS. It rains.",
    )
    assert names["Shouting"]().verify(Task(claim=claim, page=page)).verdict is VerdictKind.SUPPORTED


def test_the_architecture_fits_in_150_lines(checkout):
    assert len((checkout / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()) <= 150


def test_every_make_target_that_a_document_names_exists(checkout):
    targets = set(
        re.findall(
            r"^([a-z-]+):", (checkout / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    texts = [(checkout / name).read_text(encoding="utf-8") for name in _DOCUMENTS]
    named = {
        name for text in texts for name in re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)
    }
    assert named - targets == set()


def test_every_file_that_a_document_points_to_exists(checkout):
    texts = [(checkout / name).read_text(encoding="utf-8") for name in _DOCUMENTS]
    pointed = {name for text in texts for name in re.findall(r"\]\(([^):#]+)\)", text)}
    assert [name for name in pointed if not (checkout / name).exists()] == []


def _code(cell):
    return re.findall(r"`([a-z_]+)`", cell)
