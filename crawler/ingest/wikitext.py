"""Wikitext to a layout: `<ref>` and cite templates, offsets in the wikitext as written.

A source list in plain words (`[1] Outlet: title`, `1.`, `#`, `*`) is read beside or instead of `<ref>`, and `[1]` in
the text is a marker of its entries.

Rule: references and templates are found by one scan each; mwparserfromhell, which reads templates rightly but takes
seconds for 20 kB of hostile braces, sees only what stands inside one reference, and only where that is simple enough.
Sources: MediaWiki's Cite extension (groups, named and list-defined references), Citation Style 1 for parameters.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from crawler.ingest.footnotes import Footnotes, blanked, without_refs
from crawler.ingest.labels import RAISED, is_exponent, labels
from crawler.ingest.layout import Block, BlockKind, Layout, Work
from crawler.ingest.markers import Inline
from crawler.ingest.reference_markup import link_work
from crawler.ingest.templates import (
    plain_wikitext,
    rendered_template,
    short_keys,
    template_name,
    template_spans,
    works_in_wikitext,
)
from crawler.ingest.wikitext_lines import listed, wikitext_entries

if TYPE_CHECKING:
    from collections.abc import Container

__all__ = ["wikitext_layout"]

#: Characters of one template that are looked at.
MAX_TEMPLATE = 4_000

_TOKEN = re.compile(
    r"""
    \[\[(?P<double>[^\[\]|\n]{1,80})\]\]
  | \[\[(?:[^\[\]|\n]{1,300}\|)?(?P<inner>[^\[\]|\n]{1,300})\]\]
  | \[(?P<url>https?://[^\s\[\]<>"]{1,2000})(?:\s(?P<words>[^\[\]\n]{1,500}))?\]
  | \[(?P<label>[^\[\]\n]{1,80})\]
  | <sup>\s*(?P<sup>\d[\d,\s–-]{0,39})\s*</sup>
  | (?P<raised>[⁰¹²³⁴-⁹]{1,4})
  | (?P<bare>https?://[^\s\[\]<>"{}|]{1,2000})
  | (?P<hidden>'{2,5}|</?[A-Za-z][^<>]{0,500}>|__[A-Z]{3,20}__)
  | (?P<entity>&(?:[A-Za-z]{2,8}|\#\d{1,6});)
    """,
    re.VERBOSE,
)


def wikitext_layout(text: str) -> Layout:
    """The layout of a wikitext document."""
    found = Inline()
    notes = Footnotes()
    source = _without_comments(text.replace("\r\n", " \n").replace("\r", "\n"), found)
    source = without_refs(source, found, notes)
    source, cites = _without_templates(source, found)
    found.pointers = [notes.shortened(pointer) for pointer in found.pointers]
    short = {key for pointer in found.pointers for key in pointer.keys}
    entries = wikitext_entries(source, text, cites)
    for entry in entries:
        if entry.kind is BlockKind.REFERENCE:
            notes.define(listed(text, entry, short=short))
    blocks = tuple(entry.block() for entry in entries)
    for block in blocks:
        if block.kind is not BlockKind.REFERENCE:
            _inline(source, block, found, keys=notes.references)
    _cite_in_prose(text, blocks, cites, found)
    return Layout(
        text=text,
        blocks=blocks,
        edits=tuple(sorted(found.edits, key=lambda edit: (edit.start, edit.end))),
        pointers=tuple(sorted(found.pointers, key=lambda pointer: (pointer.start, pointer.end))),
        references=(*notes.references.values(), *notes.repeated, *found.references),
    )


def _without_comments(text: str, found: Inline) -> str:
    spans: list[tuple[int, int]] = []
    position = 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        position = end + 3
        spans.append((start, position))
        found.hide(start, position)
    return blanked(text, spans)


def _without_templates(text: str, found: Inline) -> tuple[str, list[tuple[int, int]]]:
    """The text with templates blanked, and where cite templates stood; short footnotes are pointers."""
    spans = template_spans(text)
    cites: list[tuple[int, int]] = []
    for start, end in spans:
        template = text[start : min(end, start + MAX_TEMPLATE)]
        name, short = template_name(template), short_keys(template)
        if name == "r":
            short = tuple(
                f"\x03{part.strip()}"
                for part in template.strip("{}").split("|")[1:]
                if "=" not in part
            )
        if short:
            found.point(start, end, short)
            continue
        if name.startswith(("cite ", "citation", "cita ", "internetquelle", "lien web")):
            cites.append((start, end))
        found.hide(start, end, rendered_template(template))
    return blanked(text, spans), cites


def _inline(source: str, block: Block, found: Inline, *, keys: Container[str]) -> None:
    for match in _TOKEN.finditer(source, block.start, block.end):
        if match["label"] or match["double"] or match["sup"] or match["raised"]:
            _point(match, found, keys)
        elif match["inner"]:
            found.hide(match.start(), match.start("inner"))
            found.hide(match.end("inner"), match.end())
        elif match["url"] or match["bare"]:
            _cite_link(match, found)
        elif match["entity"]:
            found.hide(*match.span(), html.unescape(match.group()).replace("\x00", ""))
        else:
            found.hide(*match.span(), " " if match.group()[:3].lower() == "<br" else "")


def _point(match: re.Match[str], found: Inline, keys: Container[str]) -> None:
    """A marker in plain words; `[[1]]` links to a page unless a source list has that number."""
    content = match["label"] or match["double"] or match["sup"] or match["raised"]
    told = labels(content.translate(RAISED).strip())
    is_known = told is not None and all(key in keys for key in told[0])
    is_raised = not (match["label"] or match["double"])
    if told and is_raised and not is_exponent(match.string, match.start()):
        found.point(*match.span(), told[0], is_certain=False)
    elif told and (is_known or match["label"]) and not is_raised:
        found.point(*match.span(), told[0], is_certain=told[1])
    elif match["double"]:
        found.hide(match.start(), match.start("double"))
        found.hide(match.end("double"), match.end())
    elif match["sup"]:
        found.hide(match.start(), match.start("sup"))
        found.hide(match.end("sup"), match.end())


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
            found.cite((start, end), raw, *works_in_wikitext(raw), hidden=(end, end))
