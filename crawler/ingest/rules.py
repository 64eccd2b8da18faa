"""The words that ingest decides by, read once from `rules.toml` beside this file.

Rule: the package's own file only, read on first use, the same for every document.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from db.ids import folded

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Rules", "rules"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`rules.toml`, folded and ready to compare."""

    contents: frozenset[str]  #: names of a table of contents
    sources: frozenset[str]  #: names of a list of references
    least_words: int
    least_ideographs: int
    opinion_starts: tuple[str, ...]
    boilerplate_starts: tuple[str, ...]
    boilerplate_holds: tuple[str, ...]
    stop_words: Mapping[str, frozenset[str]]  #: BCP 47 primary subtag → words
    months: tuple[str, ...]  #: longest first, so that an alternation takes "june" before "jun"


@cache
def rules() -> Rules:
    """The rules, the same object each time."""
    table = tomllib.loads(
        files(__package__ or "").joinpath("rules.toml").read_text(encoding="utf-8")
    )
    checkable = table["checkable"]
    return Rules(
        contents=frozenset(map(folded, table["sections"]["contents"])),
        sources=frozenset(map(folded, table["sections"]["sources"])),
        least_words=checkable["least_words"],
        least_ideographs=checkable["least_ideographs"],
        opinion_starts=_phrases(checkable["opinion_starts"]),
        boilerplate_starts=_phrases(checkable["boilerplate_starts"]),
        boilerplate_holds=_phrases(checkable["boilerplate_holds"]),
        stop_words={tag: frozenset(words.split()) for tag, words in table["stop_words"].items()},
        months=tuple(sorted(set(table["months"]["names"].split()), key=lambda m: (-len(m), m))),
    )


def _phrases(phrases: list[str]) -> tuple[str, ...]:
    return tuple(folded(phrase) for phrase in phrases)
