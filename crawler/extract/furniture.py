"""What an element's own names say of it: furniture, the likely body, a lead, a line about the article.

Rule: names in, role out; the words are data in `furniture.toml`. Class strings repeat within a page and a site,
so that answers are remembered.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from crawler.extract.rules import rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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

    @property
    def bonus(self) -> float:
        """By what the score of an element with this role is multiplied."""
        if self is Role.BODY:
            return 1.6
        return 0.5 if self is Role.WEAK else 1.0


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
_FURNITURE_ROLES: Final = _words("furniture_roles")
_FURNITURE_WORDS: Final = _words("furniture_words")
_FURNITURE_PAIRS: Final = frozenset(tuple(pair.split()) for pair in _lines("furniture_pairs"))
_BODY_SUBJECTS: Final = _words("body_subjects")
_BODY_NOUNS: Final = _words("body_nouns")
_BODY_WORDS: Final = _words("body_words")
_WEAK_PAIRS: Final = frozenset({("read", "more"), ("side", "bar")})
_WEAK_WORDS: Final = _words("weak_words")
_LAYOUT_WORDS: Final = _words("layout_words")
_CAPTION_WORDS: Final = _words("caption_words")
_LEAD_WORDS: Final = _words("lead_words")
_ABOUT_WORDS: Final = _words("about_words")

#: Characters of a class attribute that are read; utility classes may run to thousands.
_MAX_NAMES: Final = 300
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SPLIT: Final = re.compile(r"[^a-z0-9]+")
_HIDDEN_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


def role_of(tag: str, attributes: Mapping[str, str | None]) -> tuple[Role, str]:
    """The role of an element and its class and id as one string."""
    if not attributes:
        return (Role.FURNITURE if tag in _FURNITURE_TAGS else Role.PLAIN), ""
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:_MAX_NAMES].strip()
    if tag in _FURNITURE_TAGS or attributes.get("role") in _FURNITURE_ROLES:
        return Role.FURNITURE, names
    if attributes.get("itemprop") == "articleBody":
        return Role.BODY, names
    if _is_hidden(attributes):
        return Role.WEAK, names
    if tag == "blockquote":
        return Role.PLAIN, names
    return (_role_of_names(names) if names else Role.PLAIN), names


def _is_hidden(attributes: Mapping[str, str | None]) -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    return style is not None and _HIDDEN_STYLE.search(style) is not None


@lru_cache(maxsize=16_384)
def _role_of_names(names: str) -> Role:
    roles = {_role_of_name(name) for name in names.split()}
    for role in (Role.BODY, Role.FURNITURE, Role.WEAK, Role.CAPTION, Role.LEAD, Role.ABOUT):
        if role in roles:
            return role
    return Role.PLAIN


@lru_cache(maxsize=16_384)
def _role_of_name(name: str) -> Role:
    words = [word for word in _SPLIT.split(_CAMEL.sub("-", name).lower()) if word]
    return next(_roles(words), Role.PLAIN)


def _roles(words: list[str]) -> Iterator[Role]:
    found = set(words)
    pairs = set(pairwise(words))
    if not found & _LAYOUT_WORDS and (found & _FURNITURE_WORDS or pairs & _FURNITURE_PAIRS):
        is_weak = not (found & _FURNITURE_WORDS) - _WEAK_WORDS and not pairs & _FURNITURE_PAIRS
        yield Role.WEAK if is_weak or pairs & _WEAK_PAIRS else Role.FURNITURE
    if found & _CAPTION_WORDS:
        yield Role.CAPTION
    if found & _LEAD_WORDS:
        yield Role.LEAD
    if found & _ABOUT_WORDS:
        yield Role.ABOUT
    if found & _BODY_WORDS or any(
        first in _BODY_SUBJECTS and second in _BODY_NOUNS for first, second in pairs
    ):
        yield Role.BODY
