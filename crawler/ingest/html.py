"""HTML to a layout: offsets point into the text extracted from it, which is what the version keeps.

A link to a fragment that names a reference is a marker, whatever its words; a raised or bracketed number is one by its
label; a link out, a `cite` attribute and a `<cite>` element are references that stand in the running text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.ingest.labels import is_exponent, key_of, labels
from crawler.ingest.layout import Block, BlockKind, Layout, Reference, Work
from crawler.ingest.listed import (
    grouped,
    joined_words,
    label_at,
    lead_of,
    parted,
    parted_without_markers,
    section_name,
)
from crawler.ingest.markers import Inline
from crawler.ingest.notes import cited_works
from crawler.ingest.passages import PROSE_CELL, passages_of
from crawler.ingest.reference_lines import is_told, marker_of
from crawler.ingest.reference_markup import link_work
from crawler.ingest.references import MAX_REFERENCE, Hints, cited_work
from crawler.ingest.rules import rules
from crawler.ingest.tags import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.ingest.passage import Link, Passage, Span

__all__ = ["html_layout"]

#: Characters of a `<cite>` in running text that are read.
MAX_CITE = 500

#: Where a link out is a citation; in headings and furniture it leads to other pages of the site.
_PROSE = frozenset({BlockKind.PARAGRAPH, BlockKind.ITEM})

_MARKER = re.compile(
    r"\[\[([^\[\]\n]{1,80})\]\]|\[([^\[\]\n]{1,80})\]|(https?://[^\s<>\"“”«»\[\]{}|\\^`]{1,2000})"
)
_BACK = re.compile(
    r"[\s↑↩︎⤴^]*(?:[a-z]{1,2}|\d{1,3}(?:\.\d{1,3})?|Jump up|\[\w{1,3}\])?[\s↑↩︎⤴^]*", re.IGNORECASE
)


def html_layout(html: str) -> Layout:
    """The layout of an HTML document."""
    passages = passages_of(tokens(html))
    reading = _Reading(text=passages.text, passages=passages.done)
    return reading.layout(passages.language)


@dataclass(slots=True)
class _Reading:
    text: str
    passages: list[Passage]
    references: list[Reference] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)  #: "#id" or a label → key of its reference
    found: Inline = field(default_factory=Inline)

    def layout(self, language: str | None) -> Layout:
        self.passages = list(self._told())
        self.references = list(self._references())
        blocks = tuple(self._blocks())
        for passage in self.passages:
            if passage.kind is not BlockKind.REFERENCE:
                self._point(passage)
        pointers = sorted(self.found.pointers, key=lambda pointer: (pointer.start, pointer.end))
        return Layout(
            text=self.text,
            blocks=blocks,
            pointers=tuple(pointers),
            references=(*self.references, *self.found.references),
            language=language,
        )

    def _words(self, span: Span) -> str:
        return self.text[span[0] : span[1]]

    def _told(self) -> Iterator[Passage]:
        """The passages, told what they are, each holding one entry of a source list at most."""
        level = -1  # of the heading that names a source list; -1 outside of one
        for passage in self.passages:
            for part in parted(passage, self.text):
                level = self._tell(part, level)
                is_reference = part.kind is BlockKind.REFERENCE
                yield from parted_without_markers(part, self.text) if is_reference else (part,)

    def _tell(self, passage: Passage, sources: int) -> int:
        """Headings by name, contents by their links, references by their list or heading; the level from here on."""
        words = self.text[passage.start : passage.end]
        # Without a heading's markup a name in a table, in furniture or in a menu of links heads nothing.
        is_plain = passage.kind is BlockKind.APART or passage.cell or self._is_one_link(passage)
        name = "" if is_plain and not passage.level else section_name(words)
        if passage.kind is BlockKind.HEADING or name:
            passage.kind = BlockKind.HEADING
            if rules().names_sources(name):
                return passage.level
            # A heading below that of the sources parts them: books, articles.
            return sources if 0 < sources < passage.level else -1
        is_listed = sources >= 0 and passage.kind is not BlockKind.APART
        passage.is_row_of_sources = sources >= 0 and not is_listed and bool(passage.cell)
        if (passage.is_listed_source or is_listed) and not passage.is_column_name:
            passage.kind = BlockKind.REFERENCE
        elif self._is_one_link(passage):
            passage.kind = BlockKind.APART
        elif (
            passage.kind is BlockKind.APART
            and len(words) > PROSE_CELL
            and words.endswith((".", "”", "]"))
        ):
            passage.kind = BlockKind.PARAGRAPH
        return sources

    def _is_one_link(self, passage: Passage) -> bool:
        """A passage that is a link and nothing else: contents, a teaser of another page, site furniture."""
        return any(
            (link.start, link.end) == (passage.start, passage.end) for link in passage.links[:1]
        )

    def _blocks(self) -> Iterator[Block]:
        heading: str | None = None
        for passage in self.passages:
            if passage.kind is BlockKind.HEADING:
                heading = self.text[passage.start : passage.end]
            yield Block(kind=passage.kind, start=passage.start, end=passage.end, heading=heading)

    def _references(self) -> Iterator[Reference]:
        for index, entry in enumerate(grouped(self.passages, self.text)):
            is_listed = entry[0].kind is BlockKind.REFERENCE
            is_row = entry[-1].is_row_of_sources and not entry[-1].is_column_name
            label = marker_of(self.text[entry[0].start : entry[-1].end])[0]
            if not (is_listed or is_row or label):
                continue
            reference = self._reference(entry, index)
            if (
                is_listed
                or any(is_told(label, work) for work in reference.works)
                or (is_row and _is_source_row(reference, entry))
            ):
                self._keep(reference, entry)
                yield reference

    def _keep(self, reference: Reference, entry: list[Passage]) -> None:
        if reference.n:
            self.keys.setdefault(key_of(reference.n), reference.key)
        for passage in entry:
            passage.kind = BlockKind.REFERENCE
            for _, name in passage.names:
                self.keys.setdefault(f"#{name}", reference.key)

    def _reference(self, entry: list[Passage], index: int) -> Reference:
        parts = [self._without_backlinks(passage) for passage in entry]
        words = joined_words(parts, is_row=bool(entry[0].cell))
        label, length = lead_of(words)
        n = (label or label_at(self.text, entry[0])).removeprefix("^") or entry[0].number
        if not label and n and words.startswith(n):
            length = len(n)
        links = [link for passage in entry for link in passage.links]
        out = [link for link in links if _is_web(link.url)]
        italic = [span for passage in entry for span in passage.italic]
        hints = Hints(
            urls=tuple(link.url for link in out),
            linked=self._words((out[0].start, out[0].end)) if out else "",
            emphasised=self._words(italic[0]).strip() if italic else "",
        )
        start, end = entry[0].start, entry[-1].end
        return Reference(
            key=key_of(n) if n and key_of(n) not in self.keys else f"\x01{index}",
            n=n,
            start=start,
            end=end,
            raw=self.text[start:end],
            works=cited_works(words[length : length + MAX_REFERENCE], hints),
        )

    def _without_backlinks(self, passage: Passage) -> str:
        parts, position = [], passage.start
        for link in passage.links:
            words = self._words((link.start, link.end))
            if link.url.startswith("#") and _BACK.fullmatch(words) and link.start >= position:
                parts.append(self.text[position : link.start])
                position = link.end
        return "".join([*parts, self.text[position : passage.end]])

    def _point(self, passage: Passage) -> None:
        """The pointers of one passage: fragments, raised numbers, links, then what brackets and addresses are left."""
        taken = _Taken()
        cited, raised = _Taken(passage.cited), _Taken(passage.raised)
        for link in passage.links:
            if link.url.startswith("#"):
                self._point_to_fragment(link, taken, is_raised=raised.covers(link.start))
            elif _is_web(link.url) and passage.kind in _PROSE:
                self._cite_link(link, taken, in_cite=cited.covers(link.start))
        for span in passage.raised:
            words = self._words(span)
            told = labels(words.strip("[]() "))
            is_marker = told and ("[" in words or not is_exponent(self.text, span[0]))
            if told and is_marker and not taken.touches(span):
                self._point_to_labels(span, told[0], is_certain="[" in words)
                taken.add(span)
        for span in passage.cited:
            if not taken.touches(span):
                words = self._words(span).strip()
                work = cited_work(words[:MAX_CITE]) or Work(title=words[:MAX_CITE] or None)
                self.found.cite(span, words, work, hidden=(span[1], span[1]))
        self._point_in_text(passage, taken)

    def _point_to_fragment(self, link: Link, taken: _Taken, *, is_raised: bool) -> None:
        key = self.keys.get(link.url)
        if key is None:
            return
        start, end = link.start, link.end
        if self.text[start - 1 : start] == "[" and self.text[end : end + 1] == "]":
            start, end = start - 1, end + 1
        words = self._words((start, end))
        told = labels(words.strip("[]() "))
        is_marker = is_raised or words.startswith("[") or bool(told and told[1])
        # Other words belong to the sentence: "as the report says" linked to its reference.
        shown = start if is_marker or not any(map(str.isalnum, words)) else end
        self.found.point(shown, end, (key,))
        taken.add((start, end))

    def _cite_link(self, link: Link, taken: _Taken, *, in_cite: bool) -> None:
        words = self._words((link.start, link.end))
        told = labels(words.strip("[]() "))
        n = words.strip("[]() ") if told and told[1] else ""
        if n and all(key in self.keys for key in (told or ((), True))[0]):
            return
        work = Work(url=link.url) if n else link_work(link.url, words, words if in_cite else None)
        hidden = (link.start if n else link.end, link.end)
        self.found.cite((link.start, link.end), words or link.url, work, n=n, hidden=hidden)
        taken.add((link.start, link.end))

    def _point_to_labels(self, span: Span, keys: tuple[str, ...], *, is_certain: bool) -> None:
        known = tuple(self.keys.get(key, key) for key in keys)
        self.found.point(
            *span, known, is_certain=is_certain or any(key in self.keys for key in keys)
        )

    def _point_in_text(self, passage: Passage, taken: _Taken) -> None:
        for match in _MARKER.finditer(self.text, passage.start, passage.end):
            if taken.touches(match.span()):
                continue
            if match[3] and passage.kind not in _PROSE:
                continue
            if match[3]:
                url = match[3].rstrip(".,;:!?)'’")
                span = (match.start(), match.start() + len(url))
                self.found.cite(span, url, Work(url=url), hidden=span)
                continue
            told = labels(match[1] or match[2])
            if told:
                self._point_to_labels(match.span(), told[0], is_certain=told[1])


def _is_source_row(reference: Reference, entry: list[Passage]) -> bool:
    """Whether a row under the name of a source list is one of its entries, not of a table that came to stand there."""
    has_label = len(entry) > 1 and bool(reference.n)
    return has_label or any(
        work.title and (work.url or work.doi or work.date) for work in reference.works
    )


class _Taken:
    """Spans of one passage that already mean something; answers in logarithmic time."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._spans = sorted(spans)

    def add(self, span: Span) -> None:
        insort(self._spans, span)

    def touches(self, span: Span) -> bool:
        """Whether a span begins in this one or reaches into it from before."""
        index = bisect_left(self._spans, (span[1], 0))
        return index > 0 and max(self._spans[index - 1]) > span[0]

    def covers(self, offset: int) -> bool:
        """Whether the last span that begins at or before `offset` holds it."""
        index = bisect_left(self._spans, (offset + 1, 0))
        return index > 0 and self._spans[index - 1][1] > offset


def _is_web(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))
