"""The few words of a headline that a site's own search is asked for. Pure.

Such searches demand every word, know no synonyms and compare letter by letter, so that a headline that was edited
or cited a little otherwise is found by few words only: its names first, then its long words. Quotes, entities and
apostrophes never go out; a number does only where there is little else, for sites group digits in many ways.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crawler.headline_reading import SHORT_LETTERS, plain_text, read, spelled_words
from crawler.headlines import bare_headline

if TYPE_CHECKING:
    from crawler.protocols import Query

__all__ = ["FEWEST_WORDS", "search_words"]

#: Words that are sent at most, and below which an empty answer says little of this headline.
MOST_WORDS: Final = 4
FEWEST_WORDS: Final = 3
#: Letters from which a word that is no name is long.
LONG_LETTERS: Final = 5
#: Characters sent of one word: scripts without spaces have whole clauses for words.
WORD_CHARS: Final = 24
UNSPACED_CHARS: Final = 8


def search_words(query: Query, *, prefer_ascii: bool = False) -> tuple[str, ...]:
    """At most `MOST_WORDS` words of the cited headline as it spells them, in its order; empty where none tells it.

    `prefer_ascii`: words of other letters only where too few are left without them.
    """
    names = (query.outlet.name, *query.outlet.aliases) if query.outlet else ()
    title = bare_headline(query.title, names)
    words = _telling(title)
    plain = {word: worth for word, worth in words.items() if word.isascii()}
    usable = plain if prefer_ascii and len(plain) >= FEWEST_WORDS else words
    chosen = _longer(usable) or usable
    best = sorted(chosen, key=lambda word: (*chosen[word], word), reverse=True)[:MOST_WORDS]
    return tuple(word for word in words if word in best)


def _longer(words: dict[str, tuple[bool, bool, int]]) -> dict[str, tuple[bool, bool, int]]:
    """Those that are names or long, where there are two at least: small words are what headlines are cited without."""
    longer = {word: worth for word, worth in words.items() if worth[1] or worth[2] >= LONG_LETTERS}
    return longer if len(longer) > 1 else {}


def _telling(title: str) -> dict[str, tuple[bool, bool, int]]:
    """Spelled word → (is no number, is a name, length), for those that tell this headline from others."""
    content = {word.key: word for word in read(title).content}
    telling: dict[str, tuple[bool, bool, int]] = {}
    for word in spelled_words(title):
        key = plain_text(word)
        if not word.isascii() and key[:2] in content and key not in content:
            piece = word[:UNSPACED_CHARS]
            telling.setdefault(piece, (True, False, len(piece)))
        elif key in content and len(key) >= SHORT_LETTERS:
            seen = content[key]
            telling.setdefault(word[:WORD_CHARS], (not seen.is_number, seen.is_name, len(key)))
    return telling
