"""Reads the lines in which a page tells its readers who wrote it and when: those that follow the headline.

Rule: a parsed tree in, short lines out, each read only when asked for; a bounded number of nodes is walked, without
recursion. What `dates` and `authors` make of the lines is theirs.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Final

from crawler.extract.charset import clean_text
from crawler.extract.head import is_foreign
from crawler.extract.letters import letters_of
from crawler.extract.tags import COMMENT_NUMBER, TEXT_NUMBER, numbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["CUT", "Shown"]

#: Nodes walked and lines kept after the headline; on real pages the date stands within the first eight lines.
MAX_NODES: Final = 160
MAX_LINES: Final = 14
MAX_LINE_CHARACTERS: Final = 120
#: Characters kept of the beginning of a longer line, and what stands for the rest.
MAX_START_CHARACTERS: Final = 60
CUT: Final = "…"
#: Characters of the body's text in which a labelled date is sought where nothing else dates the page.
MAX_BODY_CHARACTERS: Final = 400_000
#: Characters in the last pieces of a long block: a walk never holds more.
MAX_BLOCK_CHARACTERS: Final = 400
#: Elements above the headline in which a line before it is sought.
MAX_CLIMB: Final = 3
#: Elements named after dates that are looked at, and headings among which the headline is sought.
MAX_NAMED: Final = 1_500
MAX_HEADINGS: Final = 40
#: Characters of the scripts' values that may be a date, and how many values are looked at.
MAX_SCRIPT_CHARACTERS: Final = 3_000_000
MAX_STATED: Final = 20

_NAMED: Final = (
    "[class*=date i], [class*=publi i], [class*=posted i], [class*=timestamp i], [class*=time i], [id*=date i], "
    "[class*=datum i], [class*=fecha i], [class*=tarih i], [class*=meta i], [class*=byline i]"
)
_OTHER_HEADINGS: Final = "h2, h3, [class*=title i], [class*=headline i]"
_INLINE: Final = frozenset(
    numbered(
        "a abbr b bdi big cite code data em font i ins label mark nobr q s small span strike strong sub sup time tt u "
        "var wbr".split()
    ).values()
)
#: What is no line of the page's own about the article: other people's posts, pictures, controls, code.
_PASSED: Final = frozenset(
    {
        *numbered(
            "script style svg template noscript iframe nav blockquote figure form button select dialog".split()
        ).values(),
        COMMENT_NUMBER,
    }
)
_TIME, _BODY = numbered(["time", "body"]).values()
#: What the text of a page has only in its scripts and styles.
_CODE: Final = re.compile(r"[{}=<>;]|[\"']\s?:")
_MAY_DATE: Final = re.compile(r"(?:19|20)\d\d|\d[./]\d")
_STATED: Final = re.compile(
    r"""["'_](?:(?:date|first|original|article)[_-]?)?(?:publish|pub|publication|published)"""
    r"""(?:[_-]?(?:date|time|at|on|datetime|ed)){0,2}["']?\s{0,3}[:=]\s{0,3}["']?([0-9][0-9T:.+\-/ Z]{7,34})""",
    re.IGNORECASE,
)


class Shown:
    """What is shown around the headline of one page, and stated where only its scripts read it."""

    def __init__(
        self,
        tree: LexborHTMLParser,
        html: str,
        *,
        headings: Iterable[LexborNode],
        titles: Iterable[str],
    ) -> None:
        self._tree = tree
        self._html = html
        self._headings = headings
        self._titles = tuple(letters_of(title) for title in titles)
        self._read: list[str] = []

    def lines(self) -> Iterator[str]:
        """The lines after the headline, in reading order, long ones cut; none where it cannot be found.

        A line is read when it is asked for the first time.
        """
        for place in range(MAX_LINES):
            if place == len(self._read):
                line = next(self._unread, None)
                if line is None:
                    return
                self._read.append(_cut(line))
            yield self._read[place]

    @cached_property
    def _unread(self) -> Iterator[str]:
        return filter(None, _after(self._heading) if self._heading is not None else ())

    @property
    def line_before(self) -> str:
        """The line that stands right before the headline; "" where there is none."""
        node = self._heading
        for _ in range(MAX_CLIMB):
            while node is not None and node.prev is not None:
                node = node.prev
                if text := clean_text(node.text(separator=" ")[: 4 * MAX_LINE_CHARACTERS]):
                    return text if len(text) <= MAX_LINE_CHARACTERS else ""
            node = node.parent if node is not None else None
        return ""

    def named(self, *, is_before: bool) -> Iterator[str]:
        """Short texts of elements that are named after dates, before the headline or from there on.

        Where the headline is unknown, all of them come after it.
        """
        before, after = self._named
        for node in before if is_before else after:
            text = clean_text(node.text(separator=" ")[: 4 * MAX_LINE_CHARACTERS])
            if text and len(text) <= MAX_LINE_CHARACTERS and not is_foreign(node):
                yield text

    @cached_property
    def _named(self) -> tuple[list[LexborNode], list[LexborNode]]:
        """The elements named after dates before the headline, and from there on."""
        heading = self._heading
        if heading is None:
            return [], self._tree.css(_NAMED)[:MAX_NAMED]
        found = self._tree.css(f"{_NAMED}, {heading.tag}")[:MAX_NAMED]
        own = heading.mem_id
        place = next((place for place, node in enumerate(found) if node.mem_id == own), len(found))
        return found[:place], found[place:]

    def stated(self) -> Iterator[str]:
        """Values in scripts whose key says that they are the day of publication."""
        found = _STATED.finditer(self._html[:MAX_SCRIPT_CHARACTERS])
        return (each[1] for each in islice(found, MAX_STATED))

    def labelled(self, label: re.Pattern[str]) -> Iterator[str]:
        """Short lines anywhere on the page that have a word of this kind and may hold a date."""
        return (line for line in self.dated if label.search(line))

    @cached_property
    def dated(self) -> tuple[str, ...]:
        """The short lines anywhere on the page that may hold a date; lines end at every element."""
        body = self._tree.body
        text = body.text(separator="\n")[:MAX_BODY_CHARACTERS] if body is not None else ""
        return tuple(
            clean_text(line)
            for line in text.split("\n")
            if len(line) <= MAX_LINE_CHARACTERS
            and _MAY_DATE.search(line)
            and not _CODE.search(line)
        )

    @cached_property
    def _heading(self) -> LexborNode | None:
        """The element that is the headline, else one that is another variant of it."""
        heading = self._headline(self._headings)
        if heading is None and self._titles:
            heading = self._headline(self._tree.css(_OTHER_HEADINGS))
        return heading

    def _headline(self, headings: Iterable[LexborNode]) -> LexborNode | None:
        found: dict[str, LexborNode] = {}
        for node in islice(headings, MAX_HEADINGS):
            found.setdefault(letters_of(node.text(separator=" ")[:MAX_BLOCK_CHARACTERS]), node)
        return next((found[title] for title in self._titles if title in found), None)


def _cut(line: str) -> str:
    """A long line's beginning, marked, since a paragraph may open with its date."""
    return line if len(line) <= MAX_LINE_CHARACTERS else f"{line[:MAX_START_CHARACTERS]}{CUT}"


def _after(heading: LexborNode) -> Iterator[str]:
    """The lines of text that follow an element, in document order; "" where a block holds none."""
    pieces: list[str] = []
    node, enters = heading, False
    for _ in range(MAX_NODES):
        following, closes = _next(node, enters=enters)
        if following is None:
            break
        node = following
        number = node.tag_id
        is_text = number == TEXT_NUMBER
        if pieces and (closes or not (is_text or number in _INLINE)):
            yield clean_text("".join(pieces))
            pieces = []
        enters = not (is_text or number in _PASSED or (number == _TIME and _is_update(node)))
        if is_text:
            text = (node.text_content or "")[:MAX_BLOCK_CHARACTERS]
            if pieces and pieces[-1][-1:].isalnum() and text[:1].isalnum():
                pieces.append(" ")
            pieces.append(text)
    yield clean_text("".join(pieces))


def _is_update(node: LexborNode) -> bool:
    names = f"{node.attributes.get('class') or ''} {node.attributes.get('itemprop') or ''}".lower()
    return "updat" in names or "modif" in names


def _next(node: LexborNode, *, enters: bool) -> tuple[LexborNode | None, bool]:
    """The next node in document order, and whether a block closes before it."""
    if enters and (child := node.first_child) is not None:
        return child, False
    closes = False
    following = node.next
    while following is None:
        above = node.parent
        if above is None or above.tag_id == _BODY:
            return None, True
        node, closes = above, closes or above.tag_id not in _INLINE
        following = node.next
    return following, closes
