"""Which lines belong together, and which of them are headings, contents or references.

CommonMark's blocks are not enough here: pasted articles carry plain lines as headings and no blank line between
paragraphs, which CommonMark would read as one lazy paragraph. So lines are joined and parted by what they look like,
the same way for every document: a line that could have held the next line's first word was ended on purpose.
This file knows lines and entries only; markers and references are found by `markdown`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.ingest.layout import BlockKind
from crawler.ingest.lines import LineKind
from crawler.ingest.rules import rules
from db.ids import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.ingest.lines import Line

__all__ = ["CONTINUATION_INDENT", "Entry", "entries_of", "is_joined", "outlined", "plain_name"]

#: Columns that editors and mail programs wrap at; a longer line was not wrapped, it is a paragraph.
WIDEST_WRAP = 120
#: A heading without markup: characters and words at most.
HEADING_CHARACTERS = 120
HEADING_WORDS = 16
#: Share of a list that must stand again as lines of their own for the list to be a table of contents.
CONTENTS_SHARE = 2 / 3
LEAST_CONTENTS = 3
#: Columns by which a line is set in that continues a list item (CommonMark 5.2).
CONTINUATION_INDENT = 2
#: Characters at the end of a line that tell whether its sentence is over.
TAIL = 160

_ENDED = re.compile(
    r"[.!?…:;。！？][”’\"'»“)\]*_]*(?:\s?\[\[?[^\[\]]{1,40}\]\]?|【[^【】]{1,40}】|[⁰¹²³⁴-⁹])*[*_\s]*[.]?\s*$"
)
_HEADING_END = re.compile(r"[.,;:!…。，；：！]$")
_DELIMITER_ROW = re.compile(r"[ \t]{0,3}\|[ \t:|-]*-[ \t:|-]*$")
_POINTS = re.compile(r"【[^【】]{1,40}】|\[\[?\^?[\w, –-]{1,40}\]\]?|https?://")
_ANCHOR_ONLY = re.compile(r"\[[^\[\]]{1,300}\]\(#[^()\s]{0,300}\)$")
_BOLD_ONLY = re.compile(r"(\*\*|__)(?=\S)[^*_]{1,200}(?<=\S)\1:?$")
#: What stands round a name: markup, an emoji, a remark in brackets as a wiki's `[edit]`, a final colon.
_DECORATION = re.compile(r"^[\W_]+|(?<![\W_])[\W_]*(?:[\[(][^\[\]()]{1,40}[\])][\W_]*)?$")
_LABELLED = re.compile(
    r"(?:\*\*|__)?\\?\[\[?\^?(?:[\w.-]{1,40}\\?\]\]?(?:\*\*|__)?[:.]?\s+\S|\d{1,3}\]\]?[^\W\d])"
    r"|【\w{1,4}】|[⁰¹²³⁴-⁹]+\s*\S|\^\d{1,4}[.:]?\s+\S|<sup>\[?\d{1,4}\]?</sup>"
)
_MARKERS = re.compile(r"\[\[?\^?[\d, –-]{1,40}\]\]?")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_NUMBERING = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5})[.)]?\s+(?=\S)")


@dataclass(slots=True)
class Entry:
    """One or more lines that belong together; grows while lines are joined to it."""

    kind: BlockKind
    start: int
    body: int  #: where its words begin
    end: int
    text: str  #: of its first line, from `body`
    label: str = ""  #: of a definition or a numbered item
    lines: int = 1
    is_marked: bool = False  #: its kind was told by markup, not by its look
    is_definition: bool = False
    is_code: bool = False
    is_row: bool = False  #: a row of a table that may hold a reference
    has_gap: bool = False  #: a blank line or a rule stands before it
    level: int = 0  #: of a heading by markup, 1 to 6; 0 for others


_KINDS = {
    LineKind.HEADING: BlockKind.HEADING,
    LineKind.ITEM: BlockKind.ITEM,
    LineKind.TABLE: BlockKind.APART,
    LineKind.DEFINITION: BlockKind.REFERENCE,
    LineKind.TEXT: BlockKind.PARAGRAPH,
}


def entries_of(group: Sequence[Line]) -> Iterator[Entry]:
    """The entries of consecutive lines without a blank one between them."""
    width = max(line.end - line.start for line in group)
    entry: Entry | None = None
    before: Line | None = None
    for line in group:
        if entry and before and _lengthens(entry, before, line, width):
            entry.end = line.end
            entry.lines += 1
        elif line.kind in {LineKind.RULE, LineKind.FENCE}:
            _underline(entry, line)
        elif entry and entry.is_row and _DELIMITER_ROW.match(line.text):
            # What stands above the delimiter are the names of columns (GitHub Flavored Markdown, tables).
            entry.is_row = False
        else:
            if entry:
                yield entry
            entry = _entry(line, has_gap=before is None or before.kind is LineKind.RULE)
        before = line
    if entry:
        yield entry


def _entry(line: Line, *, has_gap: bool) -> Entry:
    kind = _KINDS[line.kind]
    return Entry(
        kind=kind,
        start=line.start,
        body=line.body,
        end=line.end,
        text=line.text.strip(),
        label=line.label,
        is_marked=line.kind is LineKind.HEADING,
        is_definition=line.kind is LineKind.DEFINITION,
        is_row=line.kind is LineKind.TABLE,
        has_gap=has_gap,
        level=line.level,
    )


def _underline(entry: Entry | None, line: Line) -> None:
    """`===` or `---` right under one line makes it a heading (CommonMark 4.3)."""
    one_line = entry is not None and entry.kind is BlockKind.PARAGRAPH and entry.lines == 1
    # A reference above a rule is the last of its list, not a heading.
    one_line = one_line and entry is not None and not _LABELLED.match(entry.text)
    if entry and one_line and line.text.strip()[:1] in {"=", "-"} and " " not in line.text.strip():
        entry.kind, entry.is_marked = BlockKind.HEADING, True
        entry.level = 1 if line.text.strip()[:1] == "=" else 2


def _lengthens(entry: Entry, before: Line, line: Line, width: int) -> bool:
    if line.kind is not LineKind.TEXT or entry.is_marked or entry.kind is BlockKind.APART:
        return False
    if before.kind is LineKind.RULE or (_LABELLED.match(entry.text) and _LABELLED.match(line.text)):
        return False
    if line.indent >= CONTINUATION_INDENT and entry.kind in {BlockKind.ITEM, BlockKind.REFERENCE}:
        return True
    return is_joined(before.text, line.text, length=before.end - before.start, width=width)


def is_joined(before: str, after: str, *, length: int, width: int) -> bool:
    """Whether two lines are one wrapped paragraph; `length` is the first line's, `width` the longest one's."""
    after = after.lstrip(" \t*_“\"'([„«")
    is_over = bool(_ENDED.search(before[-TAIL:]))
    if after[:1].islower() and not is_over:
        return True
    if width > WIDEST_WRAP:
        return before.rstrip()[-1:] in {",", "–", "—"}
    return length + 1 + len(after.split(maxsplit=1)[0] if after.split() else after) > width


def outlined(entries: list[Entry]) -> list[Entry]:
    """The same entries with contents set apart and headings without markup recognised."""
    listed = _set_contents_apart(entries)
    for index, entry in enumerate(entries):
        if entry.kind is BlockKind.PARAGRAPH and entry.lines == 1:
            after = entries[index + 1] if index + 1 < len(entries) else None
            if _is_heading(entry, after, listed, is_first=index == 0):
                entry.kind = BlockKind.HEADING
                entry.is_marked = plain_name(entry.text) in listed or bool(
                    _BOLD_ONLY.match(entry.text)
                )
    return entries


def plain_name(text: str) -> str:
    """A heading as names of sections are compared: folded, without markup, numbering or a final colon."""
    return folded(_NUMBERING.sub("", _DECORATION.sub("", _MARKERS.sub("", text[:500]))))


def _is_heading(
    entry: Entry, after: Entry | None, listed: frozenset[str], *, is_first: bool
) -> bool:
    name = plain_name(entry.text)
    if name in listed or name in rules().contents or rules().names_sources(name):
        return True
    if _BOLD_ONLY.match(entry.text) and not _HEADING_END.search(entry.text.strip("*_")):
        return True
    if after is None or not _looks_like_heading(entry.text):
        return False
    return is_first or after.kind is BlockKind.ITEM or not _looks_like_heading(after.text)


def _looks_like_heading(text: str) -> bool:
    text = text.rstrip(_RAISED + " ")
    short = len(text) <= HEADING_CHARACTERS and len(text.split()) <= HEADING_WORDS
    if not short or _HEADING_END.search(text) or _POINTS.search(text):
        return False
    return not text.lstrip("“\"'„«‘(")[:1].islower()


def _set_contents_apart(entries: list[Entry]) -> frozenset[str]:
    """Names listed in tables of contents; their entries become APART."""
    alone = Counter(
        plain_name(entry.text)
        for entry in entries
        if entry.lines == 1
        and entry.kind in {BlockKind.PARAGRAPH, BlockKind.HEADING}
        and len(entry.text) <= HEADING_CHARACTERS * 2
    )
    listed: set[str] = set()
    for run, is_named in _candidate_lists(entries, alone):
        names = [_linked_name(entry.text) for entry in run]
        # What begins with a marker is a reference, even one that is listed twice.
        again = sum(
            alone[name] > 0 and not _LABELLED.match(entry.text)
            for name, entry in zip(names, run, strict=True)
        )
        anchors = sum(bool(_ANCHOR_ONLY.match(entry.text)) for entry in run)
        if is_named or (
            len(run) >= LEAST_CONTENTS and max(again, anchors) >= CONTENTS_SHARE * len(run)
        ):
            listed.update(names)
            for entry in run:
                entry.kind = BlockKind.APART
    return frozenset(listed - {""})


def _candidate_lists(
    entries: list[Entry], alone: Counter[str]
) -> Iterator[tuple[list[Entry], bool]]:
    """(entries, whether they follow a heading that says "contents") for each list in the document."""
    index = 0
    while index < len(entries):
        is_named = entries[index].lines == 1 and plain_name(entries[index].text) in rules().contents
        first = last = index + 1 if is_named else index
        while last < len(entries) and entries[last].kind is BlockKind.ITEM:
            last += 1
        # Without bullets: lines under the name that stand again further down.
        while is_named and last < len(entries) and _stands_again(entries[last], alone):
            last += 1
        if last > first:
            yield entries[first:last], is_named
        index = max(last, index + 1)


def _stands_again(entry: Entry, alone: Counter[str]) -> bool:
    return entry.lines == 1 and alone[plain_name(entry.text)] > 1


def _linked_name(text: str) -> str:
    match = re.match(r"\[([^\[\]]{1,300})\]\(#", text)
    return plain_name(match[1] if match else text)
