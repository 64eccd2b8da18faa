"""The language of a headline, guessed from its small words or its script. Pure.

The guess orders what is tried for an outlet's name and decides nothing.
"""

from __future__ import annotations

import re
from typing import Final

from crawler.headline_words import STOP_WORDS_BY_LANGUAGE
from crawler.headlines import word_keys

__all__ = ["title_language"]

_UKRAINIAN: Final = re.compile("[іїєґІЇЄҐ]")
_JAPANESE: Final = re.compile("[\u3040-\u30ff]")
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
#: Letters that nearly always mean one language in headlines.
_LETTERS: Final = (
    ("de", re.compile("[äöüßÄÖÜ]")),
    ("pl", re.compile("[ąęłśżźń]")),
    ("es", re.compile("[¿¡ñ]")),
)


def title_language(title: str) -> str:
    """The BCP 47 primary subtag that most small words vote for, "" where none is ahead."""
    if _JAPANESE.search(title):
        return "ja"
    if _CYRILLIC.search(title):
        return "uk" if _UKRAINIAN.search(title) else "ru"
    words = set(word_keys(title))
    votes = {tag: len(words & small) for tag, small in STOP_WORDS_BY_LANGUAGE.items()}
    for tag, letters in _LETTERS:
        votes[tag] += bool(letters.search(title))
    most = max(votes.values())
    ahead = [tag for tag, count in votes.items() if count == most]
    return ahead[0] if most and len(ahead) == 1 else ""
