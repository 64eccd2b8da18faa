"""The names that a text mentions: runs of capitalised words and acronyms, as spans. Pure.

Rule: what is read as a name is used to find and to tie, so a missed name costs less than a false one. A word that
is capitalised only because its sentence begins there is marked; titles, months and days are no names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from verifiers.reading.calendar import calendar
from verifiers.reading.lexicon import lexicon, stem, stop_words

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["NameMention", "name_mentions"]

#: Words of a run above which it is a headline in capitals and no name.
_RUN_LIMIT: Final = 7
#: Characters in front of a name among which its title stands.
_TITLE_REACH: Final = 16
#: Characters of the longest abbreviation inside a name, its full stop included: "St.", "Jr.".
_ABBREVIATION: Final = 3
#: Letters of an acronym: two capitals at least, "NATO", "GUR", "U.S.".
_ACRONYM = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]{2,}(?:-\d+)?")

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_][\w]*(?:[-'’][\w]+)*\.?")
_INITIAL = re.compile(r"(?:^|[.!?:…]\s+|\n)[\W_]*$")
_POSSESSIVE = re.compile(r"['’]s?$")
_TITLED = re.compile(r"([^\W\d_]+)\.?\s$")


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMention:
    """One name that a text mentions."""

    start: int
    end: int
    text: str  #: without title and possessive
    stems: tuple[
        str, ...
    ]  #: of its words without the small ones; the last is the family name of a person
    is_initial: bool = False  #: one word at a sentence's beginning: it may be no name
    is_acronym: bool = False


def name_mentions(
    text: str, *, language: str | None = None, taken: Sequence[tuple[int, int]] = ()
) -> tuple[NameMention, ...]:
    """Every name in the text, in order; words inside `taken` spans (dates, quotations) are left out."""
    runs: list[list[re.Match[str]]] = []
    small: list[re.Match[str]] = []
    for match in _WORD.finditer(text):
        if any(a <= match.start() < b for a, b in taken):
            small = []
            continue
        if _is_capitalised(match, text, language):
            if runs and _continues(text, runs[-1], small, match):
                runs[-1].extend([*small, match])
            else:
                runs.append([match])
            small = []
        elif match[0].casefold() in lexicon().inner and len(small) < 2:  # noqa: PLR2004 - "of the"
            small.append(match)
        else:
            small = []
            runs.append([])
    return tuple(
        name for run in runs for part in _parts(run) if (name := _name(text, part)) is not None
    )


def _parts(run: list[re.Match[str]]) -> list[list[re.Match[str]]]:
    """A run without the titles in it: "Ukrainian President Volodymyr Z." holds two names."""
    parts: list[list[re.Match[str]]] = [[]]
    for word in run if len(run) <= _RUN_LIMIT else []:
        plain = word[0].rstrip(".").casefold()
        if plain in lexicon().not_names or plain in calendar().days:
            parts.append([])
        elif parts[-1] or plain not in lexicon().inner:
            parts[-1].append(word)
    return [part for part in parts if part]


def _is_capitalised(match: re.Match[str], text: str, language: str | None) -> bool:
    word = match[0]
    plain = _POSSESSIVE.sub("", word.rstrip(".")).casefold()
    if not word[0].isupper() or plain in calendar().weekdays or plain in calendar().months:
        return False
    if plain in lexicon().setting and plain not in lexicon().not_names:
        return False
    is_first = _INITIAL.search(text[max(0, match.start() - 4) : match.start()]) is not None
    return not (
        plain in stop_words(language) and (is_first or not word.isupper() or len(word) == 1)
    )


def _continues(
    text: str, run: list[re.Match[str]], small: list[re.Match[str]], match: re.Match[str]
) -> bool:
    """Whether only spaces and small inner words lie between a run and the next capitalised word."""
    if not run or _POSSESSIVE.search(run[-1][0]):
        return False
    pieces = [run[-1], *small, match]
    return not _ends_sentence(run[-1][0]) and all(
        b.start() - a.end() == 1 and text[a.end()].isspace() for a, b in pairwise(pieces)
    )


def _ends_sentence(word: str) -> bool:
    """Whether the full stop behind a word is a sentence's: not that of "St." or "U.S."."""
    return word.endswith(".") and len(word) > _ABBREVIATION and "." not in word[:-1]


def _name(text: str, run: list[re.Match[str]]) -> NameMention | None:
    while run and run[-1][0].rstrip(".").casefold() in lexicon().inner:
        run = run[:-1]
    if not run:
        return None
    start, end = run[0].start(), run[-1].end()
    written = _POSSESSIVE.sub("", text[start:end])
    is_acronym = len(run) == 1 and written.isupper() and bool(_ACRONYM.fullmatch(written))
    if not is_acronym:
        written = written.rstrip(".")
    lead = text[max(0, start - 4) : start]
    return NameMention(
        start=start,
        end=start + len(written),
        text=written,
        stems=_stems(written, lexicon().inner),
        is_initial=len(run) == 1
        and not is_acronym
        and bool(_INITIAL.search(lead))
        and not _is_titled(text, start),
        is_acronym=is_acronym,
    )


def _is_titled(text: str, start: int) -> bool:
    match = _TITLED.search(text[max(0, start - _TITLE_REACH) : start])
    return match is not None and match[1].casefold() in lexicon().not_names


def _stems(written: str, inner: frozenset[str]) -> tuple[str, ...]:
    words = [word.casefold() for word in re.findall(r"(?:[^\W\d_]\.){2,}|[^\W_]+", written)]
    kept = [word.replace(".", "") for word in words if word not in inner] or words
    return tuple(stem(word) for word in kept)
