"""Wikitext to a layout: `<ref>` and cite templates, offsets in the wikitext as written.

Rule: references and templates are found by one scan each; mwparserfromhell, which reads templates rightly but takes
seconds for 20 kB of hostile braces, sees only what stands inside one reference, and only where that is simple enough.
Sources: MediaWiki's Cite extension (groups, named and list-defined references), Citation Style 1 for parameters.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.ingest.layout import Block, BlockKind, Layout, Reference, Work
from crawler.ingest.markers import Inline
from crawler.ingest.outline import plain_name
from crawler.ingest.reference_markup import link_work
from crawler.ingest.rules import rules
from crawler.ingest.templates import (
    author_key,
    cited_in_wikitext,
    plain_wikitext,
    rendered_template,
    template_name,
    template_spans,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["wikitext_layout"]

#: References that are read; a longer list is no article.
MAX_REFERENCES = 20_000
#: Characters of one template that are looked at.
MAX_TEMPLATE = 4_000

_REF = re.compile(r"<ref(?P<attributes>(?:[\s/][^<>]{0,500})?)>", re.IGNORECASE)
_REF_END = re.compile(r"</ref\s{0,5}>", re.IGNORECASE)
_NAME = re.compile(
    r"\bname\s{0,5}=\s{0,5}(?:\"([^\"]{1,200})\"|'([^']{1,200})'|([^\s\"'/>]{1,200}))",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\bgroup\s{0,5}=\s{0,5}[\"']?([^\s\"'/>]{1,80})", re.IGNORECASE)
_LINE = re.compile(r"[^\n]+")
_HEADING = re.compile(r"(={1,6})\s*(.{1,300}?)\s*\1\s*$")
_ITEM = re.compile(r"[*#:;]{1,20} ?")
_APART_LINE = re.compile(
    r"\s*(?:\{\||\|\}|[|!]|\[\[(?:File|Image|Category|Datei|Fichier|Archivo|Файл|Категор\w*)\s?:)",
    re.IGNORECASE,
)
_REFERENCES = re.compile(r"<references(?:\s[^<>/]{0,200})?>", re.IGNORECASE)
_REFLIST = re.compile(
    r"\{\{\s*(?:reflist|references|notelist|refs|примітки|примечания|listaref|références|przypisy)\b",
    re.IGNORECASE,
)
_SHORT = frozenset({"sfn", "sfnp", "harvnb", "harv", "harvtxt"})
_TOKEN = re.compile(
    r"""
    \[\[(?:[^\[\]|\n]{1,300}\|)?(?P<inner>[^\[\]|\n]{1,300})\]\]
  | \[(?P<url>https?://[^\s\[\]<>"]{1,2000})(?:\s(?P<words>[^\[\]\n]{1,500}))?\]
  | (?P<bare>https?://[^\s\[\]<>"{}|]{1,2000})
  | (?P<hidden>'{2,5}|</?[A-Za-z][^<>]{0,500}>|__[A-Z]{3,20}__)
  | (?P<entity>&(?:[A-Za-z]{2,8}|\#\d{1,6});)
    """,
    re.VERBOSE,
)


@dataclass(slots=True)
class _Notes:
    """The references of a document by key, numbered as readers see them."""

    references: dict[str, Reference] = field(default_factory=dict)
    repeated: list[Reference] = field(default_factory=list)
    numbers: dict[str, dict[str, str]] = field(default_factory=dict)

    def number(self, key: str, group: str) -> str:
        """The number that MediaWiki shows, by the order of first use within a group."""
        numbers = self.numbers.setdefault(group, {})
        n = numbers.setdefault(key, str(len(numbers) + 1))
        return f"{group} {n}" if group else n

    def define(self, reference: Reference) -> None:
        """Keep a reference; the same name with another content is kept too, and makes the name ambiguous."""
        known = self.references.setdefault(reference.key, reference)
        if known is not reference and known.work != reference.work:
            self.repeated.append(reference)


def wikitext_layout(text: str) -> Layout:
    """The layout of a wikitext document."""
    found = Inline()
    notes = _Notes()
    source = _without_comments(text.replace("\r", " "), found)
    source = _without_refs(source, found, notes)
    source, cites = _without_templates(source, found)
    blocks = tuple(_blocks(source, text, notes))
    for block in blocks:
        if block.kind is not BlockKind.REFERENCE:
            _inline(source, block, found)
    _cite_in_prose(text, blocks, cites, found)
    return Layout(
        text=text,
        blocks=blocks,
        edits=tuple(sorted(found.edits, key=lambda edit: (edit.start, edit.end))),
        pointers=tuple(sorted(found.pointers, key=lambda pointer: (pointer.start, pointer.end))),
        references=(*notes.references.values(), *notes.repeated, *found.references),
    )


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with these spans, in order, as spaces."""
    parts: list[str] = []
    position = 0
    for start, end in spans:
        parts += [text[position:start], " " * (end - start)]
        position = end
    return "".join([*parts, text[position:]])


def _without_comments(text: str, found: Inline) -> str:
    spans: list[tuple[int, int]] = []
    position = 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        position = end + 3
        spans.append((start, position))
        found.hide(start, position)
    return _blanked(text, spans)


def _without_refs(text: str, found: Inline, notes: _Notes) -> str:
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
    return _blanked(text, spans)


def _note(match: re.Match[str], content: str, end: int, notes: _Notes) -> str:
    """The key of a `<ref>`; keeps its reference where it has content."""
    name = _NAME.search(match["attributes"])
    group = _GROUP.search(match["attributes"])
    label = (name[1] or name[2] or name[3]).strip() if name else f"\x02{match.start()}"
    key = f"{group[1] if group else ''}\x03{label}"
    n = notes.number(key, group[1] if group else "")
    if content.strip():
        raw = match.string[match.start() : end]
        notes.define(
            Reference(
                key=key, n=n, start=match.start(), end=end, raw=raw, work=cited_in_wikitext(content)
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


def _without_templates(text: str, found: Inline) -> tuple[str, list[tuple[int, int]]]:
    """The text with templates blanked, and where cite templates stood; short footnotes are pointers."""
    spans = template_spans(text)
    cites: list[tuple[int, int]] = []
    for start, end in spans:
        template = text[start : min(end, start + MAX_TEMPLATE)]
        name = template_name(template)
        if name in _SHORT:
            found.point(start, end, (_short_key(template),))
            continue
        if name.startswith(("cite ", "citation", "cita ", "internetquelle", "lien web")):
            cites.append((start, end))
        found.hide(start, end, rendered_template(template))
    return _blanked(text, spans), cites


def _short_key(template: str) -> str:
    parts = [part.strip() for part in template.strip("{}").split("|")[1:]]
    return " ".join(part for part in parts if part and "=" not in part).casefold()


def _blocks(source: str, text: str, notes: _Notes) -> Iterator[Block]:
    """Lines are blocks in wikitext; `source` has references and templates blanked, `text` has them."""
    heading: str | None = None
    in_sources = in_table = False
    for match in _LINE.finditer(source):
        line, start, end = match.group(), match.start(), match.end()
        title = _HEADING.match(line)
        if title:
            heading = plain_wikitext(title[2])
            in_sources = plain_name(heading) in rules().sources
            yield Block(kind=BlockKind.HEADING, start=start, end=end, heading=heading)
            continue
        in_table = (in_table or line.lstrip().startswith("{|")) and not line.lstrip().startswith(
            "|}"
        )
        item = _ITEM.match(line)
        body = start + (item.end() if item else 0)
        if in_sources and item and text[body:end].strip():
            notes.define(_listed(text, body, end))
            yield Block(kind=BlockKind.REFERENCE, start=body, end=end, heading=heading)
        elif line.strip():
            kind = BlockKind.ITEM if item else BlockKind.PARAGRAPH
            kind = BlockKind.APART if in_table or _APART_LINE.match(line) else kind
            yield Block(kind=kind, start=body, end=end, heading=heading)


def _listed(text: str, start: int, end: int) -> Reference:
    """An entry of a bibliography; short footnotes name it by its authors and year."""
    raw = text[start:end].strip()
    key = author_key(raw) or f"\x04{start}"
    return Reference(key=key, n="", start=start, end=end, raw=raw, work=cited_in_wikitext(raw))


def _inline(source: str, block: Block, found: Inline) -> None:
    for match in _TOKEN.finditer(source, block.start, block.end):
        if match["inner"]:
            found.hide(match.start(), match.start("inner"))
            found.hide(match.end("inner"), match.end())
        elif match["url"] or match["bare"]:
            _cite_link(match, found)
        elif match["entity"]:
            found.hide(*match.span(), html.unescape(match.group()).replace("\x00", ""))
        else:
            found.hide(*match.span())


def _cite_link(match: re.Match[str], found: Inline) -> None:
    words, end = match["words"], match.end()
    if not words:
        url = match["url"] or match["bare"].rstrip(".,;:!?)'")
        end = end if match["url"] else match.start() + len(url)
        found.cite((match.start(), end), match.group(), Work(url=url), hidden=(match.start(), end))
        return
    found.hide(match.start(), match.start("words"))
    found.hide(match.end("words"), end)
    work = link_work(match["url"], plain_wikitext(words), None)
    found.cite(match.span(), match.group(), work, hidden=(end, end))


def _cite_in_prose(
    text: str, blocks: tuple[Block, ...], cites: list[tuple[int, int]], found: Inline
) -> None:
    """A cite template that stands in the text itself is a reference of the words before it."""
    listed = [block for block in blocks if block.kind is BlockKind.REFERENCE]
    starts = [block.start for block in listed]
    for start, end in cites:
        index = bisect_right(starts, start) - 1
        if index < 0 or start >= listed[index].end:
            raw = text[start:end]
            found.cite((start, end), raw, cited_in_wikitext(raw), hidden=(end, end))
