"""The lines of a Markdown or plain text, each with its kind, its markup and what it holds.

Rule: one line at a time, by a table of patterns, first match wins (CommonMark 0.31, sections 4 and 5, without nesting).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Line", "LineKind", "lines_of"]


class LineKind(StrEnum):
    """What a line is by itself."""

    BLANK = "blank"
    FENCE = "fence"
    HEADING = "heading"
    RULE = "rule"
    DEFINITION = "definition"
    ITEM = "item"
    TABLE = "table"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line; offsets are characters into the text."""

    kind: LineKind
    start: int
    body: int  #: where its words begin, after quote marks, bullet, number or hashes
    end: int  #: without the line end
    label: str  #: of a definition or numbered item, "" else
    indent: int
    text: str  #: from `body` to `end`
    level: int = 0  #: of a heading, 1 to 6; 0 for others


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
#: What stands before a line's own markup: marks of quotation, or an anchor that is led to from elsewhere.
_QUOTES = re.compile(r"[ \t]{0,3}(?:(?:>[ \t]?)+|(?:<a\s[^<>]{1,200}>(?:</a>)?[ \t]?){1,3})")
_PATTERNS = (
    (LineKind.BLANK, re.compile(r"[ \t\f\v]*$")),
    (LineKind.FENCE, re.compile(r"[ \t]{0,3}(?:```|~~~)")),
    (LineKind.HEADING, re.compile(r"[ \t]{0,3}#{1,6}(?:[ \t]+|$)")),
    (
        LineKind.RULE,
        re.compile(r"[ \t]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|={3,}[ \t]*)$"),
    ),
    (LineKind.DEFINITION, re.compile(r"[ \t]{0,3}\[(?P<label>\^?[^\[\]\n]{1,80})\]:[ \t]*")),
    (
        LineKind.ITEM,
        re.compile(
            r"[ \t]{0,40}(?:[-*+•‣◦▪·–—]|\(?(?P<label>\d{1,4})[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)"
        ),
    ),
    (LineKind.TABLE, re.compile(r"[ \t]{0,3}\|.*\|[ \t]*$")),
    (LineKind.TEXT, re.compile(r"[ \t]*")),
)


def lines_of(text: str) -> Iterator[Line]:
    """The lines in order; only LF, CR LF and CR end one."""
    for match in _LINE.finditer(text):
        if match.group() or match.start() < len(text):
            content = match.group().rstrip("\r\n")
            yield _line(content, match.start())


def _line(content: str, start: int) -> Line:
    if content[:1].isalpha():
        return Line(
            kind=LineKind.TEXT,
            start=start,
            body=start,
            end=start + len(content),
            label="",
            indent=0,
            text=content,
        )
    quotes = _QUOTES.match(content)
    prefix = quotes.end() if quotes else 0
    rest = content[prefix:]
    kind, markup, label = _told(rest)
    body = prefix + markup
    return Line(
        kind=kind,
        start=start,
        body=start + body,
        end=start + len(content),
        label=label,
        indent=len(rest) - len(rest.lstrip(" \t")),
        text=content[body:],
        level=rest[:markup].count("#") if kind is LineKind.HEADING else 0,
    )


def _told(rest: str) -> tuple[LineKind, int, str]:
    """The kind of a line, the length of its markup, and its label."""
    for kind, pattern in _PATTERNS:
        match = pattern.match(rest)
        if match:
            markup = 0 if kind in {LineKind.RULE, LineKind.TABLE} else match.end()
            return kind, markup, match.groupdict().get("label") or ""
    return LineKind.TEXT, 0, ""
