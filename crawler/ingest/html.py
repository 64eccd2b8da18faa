"""HTML to a layout: offsets point into the text extracted from it, which is what the version keeps.

A link to a fragment that names a reference is a marker, whatever its words; a raised or bracketed number is one by its
label; a link out, a `cite` attribute and a `<cite>` element are references that stand in the running text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.ingest.labels import key_of, labels
from crawler.ingest.layout import Block, BlockKind, Layout, Reference, Work
from crawler.ingest.markers import Inline
from crawler.ingest.outline import plain_name
from crawler.ingest.passages import PROSE_CELL, passages_of
from crawler.ingest.reference_markup import link_work
from crawler.ingest.references import MAX_REFERENCE, Hints, cited_work
from crawler.ingest.rules import rules
from crawler.ingest.tags import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.ingest.passages import Link, Passage, Span

__all__ = ["html_layout"]

#: Characters of a passage that may be the name of a section.
NAME_CHARACTERS = 60
#: Characters of a `<cite>` in running text that are read.
MAX_CITE = 500

#: Where a link out is a citation; in headings and furniture it leads to other pages of the site.
_PROSE = frozenset({BlockKind.PARAGRAPH, BlockKind.ITEM})

_MARKER = re.compile(
    r"\[\[([^\[\]\n]{1,80})\]\]|\[([^\[\]\n]{1,80})\]|(https?://[^\s<>\"“”«»\[\]{}|\\^`]{1,2000})"
)
_LEAD = re.compile(r"[\s↑^↩︎]*(?:\[\[?(\^?[\w.-]{1,40})\]\]?[:.]?|(\d{1,3})[.)]\s)?\s*")
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
        self._tell_references()
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

    def _tell_references(self) -> None:
        """Headings by name, contents by their links, references by their list or heading."""
        in_sources = False
        for passage in self.passages:
            words = self.text[passage.start : passage.end]
            name = plain_name(words) if len(words) <= NAME_CHARACTERS else ""
            if (
                passage.kind is BlockKind.HEADING
                or name in rules().sources
                or name in rules().contents
            ):
                passage.kind = BlockKind.HEADING
                in_sources = name in rules().sources
            elif passage.is_listed_source or (in_sources and passage.kind is not BlockKind.APART):
                passage.kind = BlockKind.REFERENCE
            elif self._is_one_link(passage):
                passage.kind = BlockKind.APART
            elif (
                passage.kind is BlockKind.APART
                and len(words) > PROSE_CELL
                and words.endswith((".", "”", "]"))
            ):
                passage.kind = BlockKind.PARAGRAPH

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
        for index, passage in enumerate(self.passages):
            if passage.kind is BlockKind.REFERENCE:
                yield self._reference(passage, index)

    def _reference(self, passage: Passage, index: int) -> Reference:
        words = self._without_backlinks(passage)
        lead = _LEAD.match(words)
        label = (lead[1] or lead[2] or "") if lead else ""
        n = label.removeprefix("^") or passage.number
        key = key_of(n) if n and key_of(n) not in self.keys else f"\x01{index}"
        self.keys.setdefault(key_of(n), key)
        for name in passage.names:
            self.keys.setdefault(f"#{name}", key)
        out = [link for link in passage.links if _is_web(link.url)]
        hints = Hints(
            urls=tuple(link.url for link in out),
            linked=self._words((out[0].start, out[0].end)) if out else "",
            emphasised=self._words(passage.italic[0]).strip() if passage.italic else "",
        )
        rest = words[lead.end() :] if lead else words
        return Reference(
            key=key,
            n=n,
            start=passage.start,
            end=passage.end,
            raw=self.text[passage.start : passage.end],
            work=cited_work(rest[:MAX_REFERENCE], hints),
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
            if told and not taken.touches(span):
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
