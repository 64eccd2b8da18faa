"""The markers that lines of a reference list begin with, and where in a list the next reference begins.

Rule: a line that begins with a marker begins a reference, any other belongs to the reference above it. A number or a
footnote's name is a marker; a word in brackets (`[Online]`, `[2024]`) may as well be part of a wrapped reference, so it
is one only where it looks like a key (`[smith2020]`), counts on, or the reference above is named by a word too.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from crawler.ingest.labels import RAISED, labels
from crawler.ingest.layout import BlockKind
from crawler.ingest.lines import lines_of
from crawler.ingest.reference_markup import reference_text
from crawler.ingest.references import MAX_REFERENCE, cited_work

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.ingest.layout import Work
    from crawler.ingest.outline import Entry

__all__ = [
    "begins_reference",
    "is_full",
    "is_told",
    "label_of",
    "marker_of",
    "numbered_marker_of",
    "parted",
    "row_text",
]

_AFTER = r"(?:\(#[^()\s]{0,300}\))?(?:\*\*|__)?[:.]?(?:\*\*|__)?\s*"
_LEAD = re.compile(
    rf"(?:\*\*|__)?(?:\[\[(?P<double>[^\[\]\n]{{1,80}})\]\]|\\?\[(?P<single>[^\[\]\\\n]{{1,80}})\\?\]){_AFTER}"
    r"|【(?P<lenticular>[^\[\]【】\n]{1,80})】\s*|<sup>\[?(?P<sup>\d{1,4})\]?</sup>\s*"
    r"|(?P<raised>[⁰¹²³⁴-⁹]{1,4})\s*|\^(?P<caret>\d{1,4})[.:]?\s+"
)
#: A link with words; only a number in its place is a marker.
_LINK = re.compile(r"(?:\*\*)?\[[^\[\]]{1,80}\]\((?!#)")
_NUMBER = re.compile(r"\(?(\d{1,3})[.)]\s+(?=\S)")
_BREAK = re.compile(r"<br\s{0,5}/?>[ \t]{0,5}", re.IGNORECASE)
#: Characters at the end of a line that tell whether it is over, and how such a line ends.
TAIL = 100
_OVER = re.compile(r"(?:[.!?)\]”\"»\d]|https?://\S+)\s*$")
_BARE_LABEL = re.compile(r"\\?\[{1,2}(\^?[\w.-]{1,40})\\?\]{1,2}[.:]?|\(?(\d{1,3})[.):]?")


def marker_of(text: str) -> tuple[str, int]:
    """(the one label that a reference line begins with, characters of its marker); ("", 0) where there is none."""
    lead = _LEAD.match(text)
    if lead is None:
        return "", 0
    label = next(filter(None, lead.groups())).translate(RAISED)
    if _LINK.match(text) and not label.isdecimal():
        return "", 0
    told = labels(label)
    return (label, lead.end()) if told and len(told[0]) == 1 else ("", 0)


def numbered_marker_of(text: str) -> tuple[str, int]:
    """The same, with `1.` and `1)` for markers too."""
    label, length = marker_of(text)
    number = None if label else _NUMBER.match(text)
    return (number[1], number.end()) if number else (label, length)


def is_told(label: str, work: Work | None) -> bool:
    """Whether a line with this marker is a reference outside of any source list too.

    Its work must be told, and words or years (`[Update]`, `[2024]`) open sentences and menus as well.
    """
    told = labels(label)
    return bool(told and told[1] and work) and is_full(work)


def is_full(work: Work | None) -> bool:
    """Whether a work has an address, or a title and something beside it."""
    return bool(work and (work.url or work.doi or (work.title and (work.outlet or work.date))))


def row_text(cells: Sequence[str]) -> str:
    """A row of a table as one reference line: a first cell that holds nothing but a label is its marker."""
    words = [cell for cell in map(str.strip, cells) if cell]
    bare = _BARE_LABEL.fullmatch(words[0]) if len(words) > 1 else None
    if bare is None:
        return " — ".join(words)
    return f"[{bare[1] or bare[2]}] " + " — ".join(words[1:])


def label_of(entry: Entry) -> str:
    """The label of a reference, "" where it has none."""
    return (not entry.is_definition and marker_of(entry.text)[0]) or entry.label


def begins_reference(text: str, *, above: str) -> bool:
    """Whether a line of a list begins a reference; `above` is the label of the one before it."""
    label = marker_of(text)[0]
    told = labels(label)
    if told is None or told[1]:
        return bool(label)
    if label.isdecimal():
        return above.isdecimal() and int(label) == int(above) + 1
    return any(map(str.isdigit, label)) or not _is_certain(above)


def parted(entry: Entry, source: str) -> Iterator[Entry]:
    """The entry of a source list, parted before each of its lines that begins a reference."""
    part = entry
    for (_, last, end), (start, body, stop) in pairwise(_pieces(entry, source)):
        words = source[body:stop].strip()
        above = label_of(part)
        number = _next_number(words, above)
        if number or _begins(words, source[last:end], above=above):
            yield replace(part, end=end)
            part = replace(
                part,
                kind=BlockKind.PARAGRAPH,
                start=start,
                body=body + number,
                text=words[number:],
                label=str(int(above) + 1) if number else "",
                is_definition=False,
                has_gap=False,
            )
    yield part


def _pieces(entry: Entry, source: str) -> Iterator[tuple[int, int, int]]:
    """(start, where the words begin, end) of each line, and of each part of a line that a `<br>` ends."""
    if entry.kind is BlockKind.APART:
        return
    text, offset = source[entry.start : entry.end], entry.start
    for line in lines_of(text):
        start, body = line.start, line.body
        for match in _BREAK.finditer(text, line.body, line.end):
            yield offset + start, offset + body, offset + match.start()
            start = body = match.end()
        if text[body : line.end].strip():
            yield offset + start, offset + body, offset + line.end


def _next_number(words: str, above: str) -> int:
    """Characters of `2. ` where it counts on from the reference above; 0 else."""
    number = _NUMBER.match(words)
    counts_on = number and above.isdecimal() and int(number[1]) == int(above) + 1
    return number.end() if number and counts_on else 0


def _begins(words: str, before: str, *, above: str) -> bool:
    """Whether a line begins a reference; without markers, one that names a work where the line before is over."""
    if above or marker_of(words)[0]:
        return begins_reference(words, above=above)
    if words[:1].islower() or not _OVER.search(before[-TAIL:]):
        return False
    plain, hints = reference_text(words[:MAX_REFERENCE])
    work = cited_work(plain, hints)
    return bool(work and work.title and (work.date or work.url or work.doi))


def _is_certain(label: str) -> bool:
    told = labels(label)
    return not label or bool(told and told[1])
