"""The lines of a wikitext document, and which of them are entries of a source list.

Rule: a line is a block. Under a heading that names sources each line is a reference, items or not; elsewhere a line
is one only where it begins with a marker and names a work. A line without a marker right under one with a marker is
more of the same reference. `source` has references and templates blanked, `text` has them; both have one length.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.ingest.labels import key_of
from crawler.ingest.layout import Block, BlockKind, Reference
from crawler.ingest.outline import plain_name
from crawler.ingest.reference_lines import is_told, numbered_marker_of
from crawler.ingest.references import MAX_REFERENCE
from crawler.ingest.rules import rules
from crawler.ingest.templates import author_key, plain_wikitext, works_in_wikitext

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

__all__ = ["WikiEntry", "listed", "wikitext_entries"]

_LINE = re.compile(r"[^\n]+")
_BREAK = re.compile(r"<br\s{0,5}/?>", re.IGNORECASE)
_HEADING = re.compile(r"(={1,6})\s*(.{1,300}?)\s*\1\s*$")
_ITEM = re.compile(r"[*#:;]{1,20}")
_APART_LINE = re.compile(
    r"\s*(?:\{\||\|\}|[|!]|\[\[(?:File|Image|Category|Datei|Fichier|Archivo|Файл|Категор\w*)\s?:"
    r"|\[\[[a-z-]{2,12}:[^\[\]\n]{1,300}\]\]\s*$)",
    re.IGNORECASE,
)
#: What a reader does not see of a line that holds nothing else.
_UNSEEN = re.compile(r"</?[A-Za-z][^<>]{0,500}>|__[A-Z]{3,20}__|'{2,5}")


@dataclass(slots=True)
class WikiEntry:
    """A line, or a reference of several."""

    kind: BlockKind
    start: int
    end: int
    heading: str | None
    n: str = ""  #: of a reference, as a reader sees it
    length: int = 0  #: characters of its marker
    is_item: bool = False

    def block(self) -> Block:
        """The same as a block of the layout."""
        return Block(kind=self.kind, start=self.start, end=self.end, heading=self.heading)


def wikitext_entries(source: str, text: str, cites: list[tuple[int, int]]) -> list[WikiEntry]:
    """The lines that hold anything, in order; `cites` are the spans of cite templates."""
    reading = _Reading(source=source, text=text, cites=[start for start, _ in cites])
    for match in _LINE.finditer(source):
        reading.read(match)
    return reading.entries


def listed(text: str, entry: WikiEntry, *, short: Container[str]) -> Reference:
    """The reference of an entry; `short` are the keys by which short footnotes name works by authors and year."""
    raw = text[entry.start : entry.end].strip()
    authors = author_key(raw)
    key = authors if authors in short or (authors and not entry.n) else key_of(entry.n)
    return Reference(
        key=key or f"\x04{entry.start}",
        n=entry.n,
        start=entry.start,
        end=entry.end,
        raw=raw,
        works=works_in_wikitext(raw[entry.length :]),
    )


@dataclass(slots=True)
class _Reading:
    source: str
    text: str
    cites: list[int]  #: where cite templates begin
    entries: list[WikiEntry] = field(default_factory=list)
    heading: str | None = None
    sources: int = 0  #: rank of the heading that names the source list; 0 outside of one
    numbered: int = 0  #: items of the numbered list so far
    in_table: bool = False

    def read(self, match: re.Match[str]) -> None:
        line = match.group()
        title = _HEADING.match(line)
        if title:
            self._head(title, match)
            return
        self.in_table = (
            self.in_table or line.lstrip().startswith("{|")
        ) and not line.lstrip().startswith("|}")
        item = _ITEM.match(line)
        start = match.start() + (item.end() if item else 0)
        if self.in_table or _APART_LINE.match(line):
            self._add(BlockKind.APART, start, match.end())
        elif self.sources:
            self._list(start, match.end(), item.group().strip() if item else "")
        elif line.strip():
            self._read_prose(start, match.end(), is_item=item is not None)

    def _head(self, title: re.Match[str], match: re.Match[str]) -> None:
        self.heading, rank = plain_wikitext(title[2]), len(title[1])
        if rules().names_sources(plain_name(self.heading)):
            self.sources = rank
        elif not 0 < self.sources < rank:
            self.sources = 0
        self.numbered = 0
        self._add(BlockKind.HEADING, match.start(), match.end())

    def _add(self, kind: BlockKind, start: int, end: int) -> None:
        self.entries.append(WikiEntry(kind=kind, start=start, end=end, heading=self.heading))

    def _read_prose(self, start: int, end: int, *, is_item: bool) -> None:
        raw = self.text[start : min(end, start + MAX_REFERENCE)]
        label, length = _marker(raw)
        works = works_in_wikitext(raw[length:]) if label else ()
        if any(is_told(label, work) for work in works):
            self._reference(start, end, bullet="*" if is_item else "")
        else:
            self._add(BlockKind.ITEM if is_item else BlockKind.PARAGRAPH, start, end)

    def _list(self, start: int, end: int, bullet: str) -> None:
        for part, (first, last) in enumerate(self._lines(start, end)):
            if not self._holds_words(first, last):
                continue
            before = self.entries[-1] if self.entries else None
            if before and self._goes_on(before, first, last, is_item=bool(bullet and not part)):
                before.end = last
            else:
                self._reference(first, last, bullet="" if part else bullet)

    def _lines(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The line, parted where a `<br>` ends one."""
        for match in _BREAK.finditer(self.source, start, end):
            yield start, match.start()
            start = match.end()
        yield start, end

    def _holds_words(self, start: int, end: int) -> bool:
        index = bisect_left(self.cites, start)
        has_cite = index < len(self.cites) and self.cites[index] < end
        return has_cite or bool(_UNSEEN.sub("", self.source[start:end]).strip())

    def _goes_on(self, before: WikiEntry, start: int, end: int, *, is_item: bool) -> bool:
        """Whether a line is more of the reference above it."""
        is_next = self.source.count("\n", before.end, start) <= 1
        if is_item or before.is_item or not before.n or not is_next:
            return False
        return before.kind is BlockKind.REFERENCE and not _marker(self.text[start:end].lstrip())[0]

    def _reference(self, start: int, end: int, *, bullet: str) -> None:
        start += len(self.text[start:end]) - len(self.text[start:end].lstrip())
        label, length = _marker(self.text[start:end])
        if bullet == "#":
            self.numbered += 1
        self.entries.append(
            WikiEntry(
                kind=BlockKind.REFERENCE,
                start=start,
                end=end,
                heading=self.heading,
                n=label or (str(self.numbered) if bullet == "#" else ""),
                length=length,
                is_item=bool(bullet),
            )
        )


def _marker(text: str) -> tuple[str, int]:
    """The marker of a line; a word in brackets is none here, where brackets make links."""
    label, length = numbered_marker_of(text[:200])
    return (label, length) if any(map(str.isdigit, label)) else ("", 0)
