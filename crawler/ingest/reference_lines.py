"""The markers that lines of a reference list begin with, and where in a list the next reference begins.

Rule: a line that begins with a marker begins a reference, any other belongs to the reference above it. A number or a
footnote's name is a marker; a word in brackets (`[Online]`, `[2024]`) may as well be part of a wrapped reference, so it
is one only where it looks like a key (`[smith2020]`), counts on, or the reference above is named by a word too.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.ingest.labels import RAISED, labels
from crawler.ingest.layout import BlockKind
from crawler.ingest.lines import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.ingest.layout import Work
    from crawler.ingest.outline import Entry

__all__ = [
    "begins_reference",
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

    Its work must be told, and a word alone (`[Update]`) opens a sentence as well.
    """
    is_key = label.startswith("^") or any(map(str.isdigit, label))
    return is_key and bool(
        work and (work.url or work.doi or (work.title and (work.outlet or work.date)))
    )


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
    if entry.lines > 1 and entry.kind is not BlockKind.APART:
        offset, end = entry.start, entry.end
        before = 0
        for line in lines_of(source[offset:end]):
            if before and begins_reference(line.text, above=label_of(part)):
                yield replace(part, end=offset + before)
                part = replace(
                    part,
                    kind=BlockKind.PARAGRAPH,
                    start=offset + line.start,
                    body=offset + line.body,
                    text=line.text.strip(),
                    label="",
                    is_definition=False,
                    has_gap=False,
                )
            before = line.end
    yield part


def _is_certain(label: str) -> bool:
    told = labels(label)
    return not label or bool(told and told[1])
