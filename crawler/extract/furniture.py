"""What an element's own names say of it: furniture, the likely body, a lead, a line about the article.

Rule: names in, role out; the words are data in `furniture.toml`. Class strings repeat within a page and a site,
so that answers are remembered.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from crawler.extract.rules import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DROPPED_TAGS", "FURNITURE_LINES", "FURNITURE_STARTS", "Role", "role_of"]


class Role(Enum):
    """What an element is by its names."""

    PLAIN = "plain"
    BODY = "body"
    LEAD = "lead"
    ABOUT = "about"
    CAPTION = "caption"
    WEAK = "weak"  #: furniture, unless prose stands in it
    FURNITURE = "furniture"


#: Bound once: before Python 3.12 each look at an enum's member costs more than all else that is asked of a node.
_PLAIN, _BODY, _WEAK, _FURNITURE = Role.PLAIN, Role.BODY, Role.WEAK, Role.FURNITURE

_RULES: Final = rules("furniture.toml")


def _words(key: str) -> frozenset[str]:
    return frozenset(str(_RULES[key]).split())


def _lines(key: str) -> tuple[str, ...]:
    return tuple(line for line in re.split(r"[|\n]", str(_RULES[key])) if line.strip())


DROPPED_TAGS: Final = _words("dropped_tags")
#: Whole blocks, folded, that are furniture wherever they stand.
FURNITURE_LINES: Final = frozenset(line.strip().rstrip(":") for line in _lines("furniture_lines"))
#: Starts of short blocks, folded, that are furniture.
FURNITURE_STARTS: Final = tuple(line.lstrip() for line in _lines("furniture_starts"))

_FURNITURE_TAGS: Final = _words("furniture_tags")
_WEAK_TAGS: Final = _words("weak_tags")
_ROLES_OF_TAGS: Final = {
    **dict.fromkeys(_WEAK_TAGS, _WEAK),
    **dict.fromkeys(_FURNITURE_TAGS, _FURNITURE),
}
_FURNITURE_ROLES: Final = _words("furniture_roles")


def _marks() -> dict[str, int]:
    """Word → the marks of all the lists that hold it."""
    marks: dict[str, int] = {}
    for key, mark in (
        ("layout_words", _LAYOUT_MARK),
        ("furniture_words", _FURNITURE_MARK),
        ("caption_words", _CAPTION_MARK),
        ("lead_words", _LEAD_MARK),
        ("about_words", _ABOUT_MARK),
        ("body_words", _BODY_MARK),
        ("body_subjects", _SUBJECT_MARK),
        ("body_nouns", _NOUN_MARK),
    ):
        for word in _words(key):
            marks[word] = marks.get(word, 0) | mark
    for word in _words("weak_words"):
        if marks.get(word, 0) & _FURNITURE_MARK:
            marks[word] += _WEAK_MARK - _FURNITURE_MARK
    return marks


#: What a word, or a pair of words, may say of the element named by it.
_LAYOUT_MARK, _FURNITURE_MARK, _WEAK_MARK, _CAPTION_MARK, _LEAD_MARK = (
    1 << bit for bit in range(5)
)
_ABOUT_MARK, _BODY_MARK, _SUBJECT_MARK, _NOUN_MARK = (1 << bit for bit in range(5, 9))
_MARKS: Final = _marks()
_MARKS_OF_PAIRS: Final = {
    **dict.fromkeys((tuple(pair.split()) for pair in _lines("furniture_pairs")), _FURNITURE_MARK),
    ("read", "more"): _WEAK_MARK,
    ("side", "bar"): _WEAK_MARK,
}

#: Characters of a class attribute that are read; utility classes may run to thousands.
_MAX_NAMES: Final = 300
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SPLIT: Final = re.compile(r"[^a-z0-9]+")
#: What may say more of an element than its names do.
_TELLING: Final = frozenset({"role", "itemprop", "hidden", "aria-hidden", "style"})
_HIDDEN_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


def role_of(tag: str, attributes: Mapping[str, str | None]) -> Role:
    """The role of an element by its tag and attributes."""
    role = _ROLES_OF_TAGS.get(tag)
    if role is not _FURNITURE and not _TELLING.isdisjoint(attributes):
        role = _told_role(attributes) or role
    if role is not None:
        return role
    names, name = attributes.get("class"), attributes.get("id")
    names = f"{names} {name}" if names and name else names or name
    return _role_of_names(names[:_MAX_NAMES]) if names and tag != "blockquote" else _PLAIN


def _told_role(attributes: Mapping[str, str | None]) -> Role | None:
    """The role that attributes other than names give; None where they give none."""
    if attributes.get("role") in _FURNITURE_ROLES:
        return _FURNITURE
    if attributes.get("itemprop") == "articleBody":
        return _BODY
    return _WEAK if _is_hidden(attributes) else None


def _is_hidden(attributes: Mapping[str, str | None]) -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    return style is not None and _HIDDEN_STYLE.search(style) is not None


@lru_cache(maxsize=16_384)
def _role_of_names(names: str) -> Role:
    roles = [_role_of_name(name) for name in names.split()]
    return next((role for role in _PRECEDENCE if role in roles), _PLAIN)


@lru_cache(maxsize=16_384)
def _role_of_name(name: str) -> Role:
    marks = last = 0
    before = ""
    for word in _SPLIT.split(_CAMEL.sub("-", name).lower()):
        own = _MARKS.get(word, 0)
        marks |= own | _MARKS_OF_PAIRS.get((before, word), 0)
        if last & _SUBJECT_MARK and own & _NOUN_MARK:
            marks |= _BODY_MARK
        before, last = word, own
    if marks & _LAYOUT_MARK:
        marks &= ~(_FURNITURE_MARK | _WEAK_MARK)
    return next((role for mark, role in _ROLES_OF_MARKS if marks & mark), _PLAIN)


#: In the order in which several names are read.
_PRECEDENCE: Final = (_BODY, _FURNITURE, _WEAK, Role.CAPTION, Role.LEAD, Role.ABOUT)
#: In the order in which one name is read.
_ROLES_OF_MARKS: Final = (
    (_FURNITURE_MARK, _FURNITURE),
    (_WEAK_MARK, _WEAK),
    (_CAPTION_MARK, Role.CAPTION),
    (_LEAD_MARK, Role.LEAD),
    (_ABOUT_MARK, Role.ABOUT),
    (_BODY_MARK, _BODY),
)
