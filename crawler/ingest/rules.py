"""The words that ingest decides by, read once from `rules.toml` beside this file.

Rule: the package's own file only, read on first use, the same for every document.
"""

from __future__ import annotations

import re
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
    joined_by: re.Pattern[str]  #: what stands between two names in one heading
    source_leads: frozenset[str]  #: what a remark on where a sentence comes from begins with
    exponents_after: frozenset[str]  #: units that a raised 2 or 3 belongs to
    months: tuple[str, ...]  #: longest first, so that an alternation takes "june" before "jun"

    def names_sources(self, name: str) -> bool:
        """Whether a folded heading names a list of references, or several: "sources & further reading"."""
        return name in self.sources or (
            bool(name) and all(part in self.sources for part in self.joined_by.split(name))
        )


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
        joined_by=re.compile(rf"\s*[,/&+|]\s*|\s(?:{'|'.join(table['sections']['joined_by'])})\s"),
        source_leads=frozenset(map(folded, table["markers"]["source_leads"])),
        exponents_after=frozenset(table["markers"]["exponents_after"].split()),
        months=tuple(sorted(set(table["months"]["names"].split()), key=lambda m: (-len(m), m))),
    )


def _phrases(phrases: list[str]) -> tuple[str, ...]:
    return tuple(folded(phrase) for phrase in phrases)
