"""The entries of source lists in HTML: where a passage holds several, and where one is spread over several passages.

Rule: a line that begins with a marker begins a reference, as does a line that names a section. Lines without
markers are a reference each where half of them name a work by themselves; else they are one, wrapped by hand. The
cells of a row, a term with its description and the paragraphs of a list item are one reference.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from crawler.ingest.outline import plain_name
from crawler.ingest.reference_lines import begins_reference, row_text
from crawler.ingest.references import MAX_REFERENCE, cited_work
from crawler.ingest.rules import rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crawler.ingest.layout import Work
    from crawler.ingest.passage import Passage, Span

__all__ = [
    "grouped",
    "joined_words",
    "label_at",
    "lead_of",
    "parted",
    "parted_without_markers",
    "section_name",
]

#: Characters of a line that tell how it begins.
OPENING = 120
#: Characters of a line that may be the name of a section.
NAME_CHARACTERS = 60

_LEAD = re.compile(r"[\s↑^↩︎]*(?:\[\[?(\^?[\w.-]{1,40})\]\]?[:.]?|\(?(\d{1,3})[.)]\s)?\s*")


def lead_of(words: str) -> tuple[str, int]:
    """(the label that the words of a reference begin with, characters up to what follows it); "" for no label."""
    lead = _LEAD.match(words)
    return (lead[1] or lead[2] or "", lead.end()) if lead else ("", 0)


def label_at(text: str, passage: Passage) -> str:
    """The label that a passage begins with, in brackets, with a full stop or raised; "" for none."""
    return _label(text, (passage.start, passage.end), dict(passage.raised))


def section_name(words: str) -> str:
    """The words as a name of a section of sources or contents; "" where they are none."""
    name = plain_name(words) if len(words) <= NAME_CHARACTERS else ""
    return name if rules().names_sources(name) or name in rules().contents else ""


def parted(passage: Passage, text: str) -> list[Passage]:
    """The passage, parted where a line of it begins with a marker or names a section."""
    lines, raised = passage.lines(text), dict(passage.raised)
    starts = [passage.start]
    above, was_name = _label(text, lines[0], raised), _is_name(text, lines[0])
    for line in lines[1:]:
        label, is_name = _label(text, line, raised), _is_name(text, line)
        if was_name or is_name or _begins(label, _opening(text, line), above=above):
            starts.append(line[0])
            above = label
        was_name = is_name
    return passage.cut(starts)


def parted_without_markers(passage: Passage, text: str) -> list[Passage]:
    """A passage of a source list, parted at each line where its lines are references without markers."""
    lines = passage.lines(text)
    is_item = bool(passage.entry) and not passage.cell
    if len(lines) == 1 or is_item or label_at(text, passage):
        return [passage]
    works = list(_works_of(passage, lines, text))
    told = sum(map(_is_told, works)) * (1 if passage.cell else 2)
    if told < len(lines) and not all(map(_has_address, works)):
        return [passage]
    starts = [passage.start]
    for (before, _), (work, line) in pairwise(zip(works, lines, strict=True)):
        # An address on a line of its own belongs to the work above it.
        if not work or work.title or work.outlet or _has_address(before):
            starts.append(line[0])
    return passage.cut(starts)


def grouped(passages: Iterable[Passage], text: str) -> Iterator[list[Passage]]:
    """The passages that are one entry together, in order; most stand alone."""
    group: list[Passage] = []
    for passage in passages:
        if group and not _goes_on(group, passage, text):
            yield group
            group = []
        group.append(passage)
    if group:
        yield group


def joined_words(parts: Sequence[str], *, is_row: bool) -> str:
    """The words of an entry in one line, cells told apart."""
    return row_text(parts) if is_row else " ".join(parts)


def _goes_on(group: list[Passage], passage: Passage, text: str) -> bool:
    before = group[-1]
    if not passage.entry or passage.entry != before.entry or passage.kind is not before.kind:
        return False
    if passage.cell:
        return passage.cell != before.cell
    above = lead_of(_opening(text, (group[0].start, group[0].end)))[0]
    words = _opening(text, (passage.start, passage.end))
    return not _begins(lead_of(words)[0], words, above=above)


def _begins(label: str, words: str, *, above: str) -> bool:
    if label.isdecimal() and not words.startswith("["):
        return not above or (above.isdecimal() and int(label) == int(above) + 1)
    return begins_reference(words, above=above)


def _label(text: str, line: Span, raised: Mapping[int, int]) -> str:
    """The label that a line begins with; `raised` has the ends of what is set above the line by their starts."""
    label = text[line[0] : raised[line[0]]].strip("[]() ") if line[0] in raised else ""
    return label if label.isdecimal() else lead_of(_opening(text, line))[0]


def _opening(text: str, line: Span) -> str:
    return text[line[0] : min(line[1], line[0] + OPENING)]


def _is_name(text: str, line: Span) -> bool:
    return line[1] - line[0] <= NAME_CHARACTERS and bool(section_name(text[slice(*line)]))


def _works_of(passage: Passage, lines: list[Span], text: str) -> Iterator[Work | None]:
    """What each line by itself cites."""
    starts = [line[0] for line in lines]
    urls = {
        bisect_right(starts, link.start): link.url
        for link in reversed(passage.links)
        if link.url.lower().startswith(("http://", "https://"))
    }
    for number, line in enumerate(lines, 1):
        yield cited_work(f"{text[slice(*line)][: MAX_REFERENCE // 2]} {urls.get(number, '')}")


def _is_told(work: Work | None) -> bool:
    return bool(work and work.title and (work.outlet or work.date or _has_address(work)))


def _has_address(work: Work | None) -> bool:
    return bool(work and (work.url or work.doi))
