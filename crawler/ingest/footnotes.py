"""The footnotes of a wikitext document: `<ref>` with content, by name, in groups, and defined in a list.

Rule: one scan over the text; a footnote that is never closed ends the scan, and what stands behind it is text.
Source: MediaWiki's Cite extension.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

from crawler.ingest.layout import Pointer, Reference
from crawler.ingest.templates import short_keys, template_spans, works_in_wikitext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.ingest.markers import Inline

__all__ = ["Footnotes", "blanked", "without_refs"]

#: References that are read; a longer list is no article.
MAX_REFERENCES = 20_000

_REF = re.compile(r"<ref(?P<attributes>(?:[\s/][^<>]{0,500})?)>", re.IGNORECASE)
_REF_END = re.compile(r"</ref\s{0,5}>", re.IGNORECASE)
_WORDS_BESIDE = re.compile(r"\w{4}")
_NAME = re.compile(
    r"\bname\s{0,5}=\s{0,5}(?:\"([^\"]{1,200})\"|'([^']{1,200})'|([^\s\"'/>]{1,200}))",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\bgroup\s{0,5}=\s{0,5}[\"']?([^\s\"'/>]{1,80})", re.IGNORECASE)
_REFERENCES = re.compile(r"<references(?:\s[^<>/]{0,200})?>", re.IGNORECASE)
_REFLIST = re.compile(
    r"\{\{\s*(?:reflist|references|notelist|refs|примітки|примечания|listaref|références|przypisy)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Footnotes:
    """The references of a document by key, numbered as readers see them."""

    references: dict[str, Reference] = field(default_factory=dict)
    repeated: list[Reference] = field(default_factory=list)
    short: dict[str, tuple[str, ...]] = field(default_factory=dict)  #: key → keys of works
    numbers: dict[str, dict[str, str]] = field(default_factory=dict)

    def shortened(self, pointer: Pointer) -> Pointer:
        """The pointer, to the works themselves where its footnotes only name them by authors and year."""
        if not any(key in self.short for key in pointer.keys):
            return pointer
        keys = (self.short.get(key, (key,)) for key in pointer.keys)
        return replace(pointer, keys=tuple(chain.from_iterable(keys)))

    def number(self, key: str, group: str) -> str:
        """The number that MediaWiki shows, by the order of first use within a group."""
        numbers = self.numbers.setdefault(group, {})
        n = numbers.setdefault(key, str(len(numbers) + 1))
        return f"{group} {n}" if group else n

    def define(self, reference: Reference) -> None:
        """Keep a reference; the same name with another content is kept too, and makes the name ambiguous."""
        known = self.references.setdefault(reference.key, reference)
        if known is not reference and known.works != reference.works:
            self.repeated.append(reference)


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with these spans, in order, as spaces."""
    parts: list[str] = []
    position = 0
    for start, end in spans:
        parts += [text[position:start], " " * (end - start)]
        position = end
    return "".join([*parts, text[position:]])


def without_refs(text: str, found: Inline, notes: Footnotes) -> str:
    """The text with `<ref>` blanked; each is a pointer, and a reference where it has content."""
    defining = _definition_spans(text)
    starts = [start for start, _ in defining]
    spans: list[tuple[int, int]] = []
    position = 0
    while len(spans) < MAX_REFERENCES and (match := _REF.search(text, position)):
        inside, position = match.end(), match.end()
        content = ""
        if not match["attributes"].rstrip().endswith("/"):
            close = _REF_END.search(text, inside)
            if close is None:
                break
            content, position = text[inside : close.start()], close.end()
        spans.append((match.start(), position))
        index = bisect_right(starts, match.start()) - 1
        is_definition = index >= 0 and match.start() < defining[index][1]
        key = _note(match, content, position, notes)
        if is_definition:
            found.hide(*spans[-1])
        else:
            found.point(*spans[-1], (key,))
    return blanked(text, spans)


def _note(match: re.Match[str], content: str, end: int, notes: Footnotes) -> str:
    """The key of a `<ref>`; keeps its reference where it has content."""
    name = _NAME.search(match["attributes"])
    group = _GROUP.search(match["attributes"])
    label = (name[1] or name[2] or name[3]).strip() if name else f"\x02{match.start()}"
    key = f"{group[1] if group else ''}\x03{label}"
    n = notes.number(key, group[1] if group else "")
    short = short_keys(content)
    if short and not _WORDS_BESIDE.search(content[: content.find("{{")]):
        notes.short.setdefault(key, short)
    elif content.strip():
        raw = match.string[match.start() : end]
        notes.define(
            Reference(
                key=key,
                n=n,
                start=match.start(),
                end=end,
                raw=raw,
                works=works_in_wikitext(content),
            )
        )
    return key


def _definition_spans(text: str) -> list[tuple[int, int]]:
    """Where references are only defined: `<references>…</references>` and `{{reflist|refs=…}}`."""
    spans: list[tuple[int, int]] = []
    for match in _REFERENCES.finditer(text):
        end = text.find("</references", match.end())
        if end >= 0 and (not spans or match.start() >= spans[-1][1]):
            spans.append((match.start(), end))
        if end < 0:
            break
    if _REFLIST.search(text):
        spans += [span for span in template_spans(text) if _REFLIST.match(text, span[0])]
    return sorted(spans)
