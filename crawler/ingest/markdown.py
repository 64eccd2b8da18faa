"""Markdown and plain text to a layout: blocks, markers and the reference list.

Footnotes, reference links and inline links follow CommonMark 0.31 and its common extensions (footnotes as in Pandoc);
everything else a pasted article may hold is told by `outline`. Offsets are those of the text as written.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby, islice
from typing import TYPE_CHECKING

from crawler.ingest.labels import key_of, labels
from crawler.ingest.layout import Block, BlockKind, Edit, Layout, Reference
from crawler.ingest.lines import LineKind, lines_of
from crawler.ingest.markers import Inline, inline
from crawler.ingest.notes import cited_works
from crawler.ingest.outline import CONTINUATION_INDENT, Entry, entries_of, outlined, plain_name
from crawler.ingest.reference_lines import (
    begins_reference,
    is_told,
    label_of,
    marker_of,
    parted,
    row_text,
)
from crawler.ingest.reference_markup import reference_text
from crawler.ingest.references import MAX_REFERENCE, cited_work
from crawler.ingest.rules import rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.ingest.lines import Line

__all__ = ["markdown_layout"]

#: Lines of one group without a blank line that are looked at together.
MAX_GROUP = 5_000
#: Lines of YAML front matter.
MAX_FRONT_MATTER = 100

#: Groups of lines that are no fenced block; fenced blocks are numbered from 0.
_BLANK, _TEXT = -1, -2

_NOT_LINE_END = re.compile(r"[^\r\n]")
_FRONT_MATTER = re.compile(
    rf"---[ \t]*\r?\n(?:[^\r\n]*\r?\n){{1,{MAX_FRONT_MATTER}}}?---[ \t]*(?:\r?\n|\Z)"
)
#: Between the cells of a row; a bar after a backslash is a character.
_CELL_BORDER = re.compile(r"(?<!\\)\|")
#: A list item that is one address or one link is an entry of a source list without a name, not a sentence.
_ONE_LINK = re.compile(
    r"<?https?://[^\s<>]{1,2000}>?|\[[^\[\]]{1,1000}\]\(https?://[^\s()<>]{1,2000}(?:\([^\s()<>]{0,300}\)[^\s()<>]{0,500})?\)"
)


def markdown_layout(text: str) -> Layout:
    """The layout of a Markdown or plain text document."""
    source, hidden = _without_comments(text)
    entries = outlined(list(_entries(source, hidden)))
    reading = _Reading(source=source)
    entries = reading.find_references(entries)
    keys = {reference.key for reference in reading.references}
    found = Inline(edits=hidden)
    blocks = tuple(reading.blocks(entries))
    for block in blocks:
        if block.kind is not BlockKind.REFERENCE and block.start not in reading.code:
            inline(source, block.start, block.end, found=found, keys=keys)
    return Layout(
        text=text,
        blocks=blocks,
        edits=tuple(sorted(found.edits, key=lambda edit: (edit.start, edit.end))),
        pointers=tuple(sorted(found.pointers, key=lambda pointer: (pointer.start, pointer.end))),
        references=(*reading.references, *found.references),
    )


def _without_comments(text: str) -> tuple[str, list[Edit]]:
    """The text with front matter and HTML comments blanked, same length, and edits that hide them."""
    parts: list[str] = []
    hidden: list[Edit] = []
    front = _FRONT_MATTER.match(text)
    position = front.end() if front else 0
    parts.append(_NOT_LINE_END.sub(" ", text[:position]))
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts += [text[position:start], _NOT_LINE_END.sub(" ", text[start : end + 3])]
        hidden.append(Edit(start=start, end=end + 3))
        position = end + 3
    return "".join([*parts, text[position:]]), hidden


def _entries(source: str, hidden: list[Edit]) -> Iterator[Entry]:
    code = _code_spans(source)
    for is_code, group in _groups(source, code):
        if is_code:
            yield Entry(
                kind=BlockKind.APART,
                start=group[0].start,
                body=group[0].start,
                end=group[-1].end,
                text="",
                is_marked=True,
                is_code=True,
            )
            continue
        hidden += [
            Edit(start=line.start, end=line.body)
            for line in group
            if ">" in source[line.start : line.body]
        ]
        yield from entries_of(group)


def _code_spans(source: str) -> list[tuple[int, int]]:
    """Where fenced code stands; a fence that is never closed encloses nothing."""
    if "```" not in source and "~~~" not in source:
        return []
    fences = [line for line in lines_of(source) if line.kind is LineKind.FENCE]
    return [(first.start, last.end) for first, last in zip(fences[::2], fences[1::2], strict=False)]


def _groups(source: str, code: list[tuple[int, int]]) -> Iterator[tuple[bool, list[Line]]]:
    """(whether it is code, lines) for each run of lines without a blank one between them, and each fenced block."""
    starts = [start for start, _ in code]
    for kind, lines in groupby(lines_of(source), partial(_group_of, code, starts)):
        while group := list(islice(lines, MAX_GROUP)):
            if kind != _BLANK:
                yield kind >= 0, group


def _group_of(code: list[tuple[int, int]], starts: list[int], line: Line) -> int:
    """Number of the fenced block that holds the line, else whether it is blank."""
    index = bisect_right(starts, line.start) - 1
    if index >= 0 and line.start < code[index][1]:
        return index
    return _BLANK if line.kind is LineKind.BLANK else _TEXT


@dataclass(slots=True)
class _Reading:
    """One pass over the entries in order: which are references, and under which heading each stands."""

    source: str
    references: list[Reference] = field(default_factory=list)
    code: set[int] = field(default_factory=set)  #: where blocks of code begin

    def find_references(self, entries: list[Entry]) -> list[Entry]:
        """The entries with those that are references turned into REFERENCE and read, one entry for each."""
        told: list[Entry] = []
        sources: Entry | None = None  # the heading of the list that this stands in
        last: Entry | None = None
        for entry in entries:
            if _ends_or_begins_list(entry, sources):
                sources, last = _list_under(entry, sources), None
                told.append(entry)
                continue
            if entry.kind is BlockKind.HEADING:
                entry.kind = BlockKind.PARAGRAPH
            for part in parted(entry, self.source) if sources else (entry,):
                last = self._tell(part, last, in_sources=sources is not None)
                told.append(part)
        self.references = [
            self._reference(entry) for entry in told if entry.kind is BlockKind.REFERENCE
        ]
        return told

    def _tell(self, entry: Entry, last: Entry | None, *, in_sources: bool) -> Entry | None:
        """Whether this is a reference, or more of the `last` one; the last reference from here on."""
        if entry.kind is BlockKind.APART and not entry.is_row:
            return last
        if in_sources and last and _continues(last, entry):
            last.end = entry.end
            entry.kind = BlockKind.APART
            entry.start = entry.end
            return last
        if in_sources or self._is_reference(entry):
            entry.kind = BlockKind.REFERENCE
            return entry
        if entry.is_definition:
            entry.kind = BlockKind.PARAGRAPH
        return last

    def blocks(self, entries: list[Entry]) -> Iterator[Block]:
        """The entries as blocks, each under its heading."""
        heading: str | None = None
        for entry in entries:
            if entry.start >= entry.end:
                continue
            if entry.kind is BlockKind.HEADING:
                heading = reference_text(entry.text)[0].strip("#: \t") or heading
            if entry.is_code:
                self.code.add(entry.body)
            yield Block(kind=entry.kind, start=entry.body, end=entry.end, heading=heading)

    def _is_reference(self, entry: Entry) -> bool:
        """Outside of a source list only a definition, or a labelled line that reads as a reference."""
        body = self._line(entry)
        if entry.is_definition:
            told = labels(entry.label)
            return bool(told and told[1]) or body.lstrip(" <").startswith(("http://", "https://"))
        if entry.kind is BlockKind.ITEM and _ONE_LINK.fullmatch(body.strip()):
            return True
        label, length = marker_of(body)
        if not label or len(body) > MAX_REFERENCE:
            return False
        # The rows of any table may be numbered; only a marker in brackets makes one a reference.
        if entry.is_row and "[" not in self.source[entry.body : entry.end].partition(label)[0]:
            return False
        plain, hints = reference_text(body[length:])
        return is_told(label, cited_work(plain, hints))

    def _reference(self, entry: Entry) -> Reference:
        body = self._line(entry)
        label, length = ("", 0) if entry.is_definition else marker_of(body)
        label = (label or entry.label).removeprefix("@")
        plain, hints = reference_text(body[length : length + MAX_REFERENCE])
        start = entry.start if entry.is_definition else entry.body
        return Reference(
            key=key_of(label),
            n=label.removeprefix("^").strip(),
            start=start,
            end=entry.end,
            raw=self.source[start : entry.end].strip(),
            works=cited_works(plain, hints),
        )

    def _line(self, entry: Entry) -> str:
        """The words of an entry, of a row of a table with its cells told apart."""
        body = self.source[entry.body : entry.end]
        return row_text(_CELL_BORDER.split(body)) if entry.is_row else body


def _ends_or_begins_list(entry: Entry, sources: Entry | None) -> bool:
    """Whether a heading is one; inside of a list, a line that only looks like a heading is a reference."""
    if entry.kind is not BlockKind.HEADING:
        return False
    is_named = rules().names_sources(plain_name(entry.text))
    return sources is None or is_named or (entry.is_marked and not marker_of(entry.text)[0])


def _list_under(heading: Entry, sources: Entry | None) -> Entry | None:
    """The heading whose list goes on below this one: itself, or one above it in rank."""
    if rules().names_sources(plain_name(heading.text)):
        return heading
    return sources if sources and 0 < sources.level < heading.level else None


def _continues(last: Entry, entry: Entry) -> bool:
    """A line without a marker right under a reference with one, or set in below it, is still that reference."""
    is_set_in = entry.body - entry.start >= CONTINUATION_INDENT
    if (entry.has_gap and not is_set_in) or entry.kind is not BlockKind.PARAGRAPH or entry.label:
        return False
    above = label_of(last)
    return bool(above) and not begins_reference(entry.text, above=above)
