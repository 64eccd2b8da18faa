"""A note that names several works, as footnotes do (`See A, “B”, 2020; C, “D”, 2021`).

Rule: semicolons part works only where each part names one in full; else the whole is one reference.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.ingest.quotations import quotation_spans
from crawler.ingest.references import MAX_REFERENCE, Hints, cited_work

if TYPE_CHECKING:
    from crawler.ingest.layout import Work

__all__ = ["cited_works"]

#: Works that one note may name; a longer one is a list without line ends.
MAX_WORKS = 20

#: Words of a reference beside its title.
MAX_WORDS_BESIDE = 18

_BETWEEN = re.compile(r";\s")


def cited_works(line: str, hints: Hints | None = None) -> tuple[Work, ...]:
    """The works that a note names, several only where each part between semicolons names one in full; () for none."""
    hints = hints or Hints()
    line = line[:MAX_REFERENCE]
    parts = _parts_of_note(line)
    if 1 < len(parts) <= MAX_WORKS:
        works = [
            cited_work(part, _hints_of(part, n, len(parts), hints)) for n, part in enumerate(parts)
        ]
        full = [work for work in works if work and work.title and (work.outlet or work.url)]
        if len(full) == len(parts):
            return tuple(full)
    work = cited_work(line, hints)
    return (work,) if work else ()


def _parts_of_note(line: str) -> list[str]:
    """What stands between semicolons outside of quotations; one part unless each has a quotation or an address."""
    quoted = quotation_spans(line)
    inside = {at for start, end in quoted for at in range(start, end)}
    parts, position = [], 0
    for match in _BETWEEN.finditer(line):
        if match.start() not in inside:
            parts.append(line[position : match.start()])
            position = match.end()
    parts.append(line[position:])
    is_each_told = all(map(_is_reference, parts))
    return parts if is_each_told else [line]


def _is_reference(part: str) -> bool:
    """Whether a part has a quotation or an address, and few enough words beside it to be no sentence."""
    quoted = quotation_spans(part)
    outside = len(part.split()) - sum(len(part[start:end].split()) for start, end in quoted)
    return bool(quoted or "http" in part) and outside <= MAX_WORDS_BESIDE


def _hints_of(part: str, n: int, parts: int, hints: Hints) -> Hints:
    """What of the hints belongs to one of several parts; links only where there is one for each."""
    return Hints(
        urls=hints.urls[n : n + 1] if len(hints.urls) == parts else (),
        linked=hints.linked if hints.linked in part else "",
        emphasised=hints.emphasised if hints.emphasised in part else "",
    )
