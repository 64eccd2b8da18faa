"""When two headlines are one.

Headlines are cited with curly or straight quotes, cut at 110 characters, with HTML entities, with the outlet's
name behind them, with small words dropped and words moved; they are edited after publication. None of that
makes another headline. Another number, another name or a "not" does. The measure is a Dice coefficient over
words weighted by what they tell, held down by caps where such a difference is seen.

Rule: this file knows no IO, never raises on text, and reads at most `READ_CHARS` of it. Thresholds are set by
hand on invented pairs (the tests hold them) and wait for calibration.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from rapidfuzz.distance import Indel

from crawler.headline_caps import CAPS, OTHER_NUMBER_CAP, OTHER_WORDS, alike, capped, only
from crawler.headline_reading import (
    READ_CHARS,
    SHORT_LETTERS,
    STOP_WEIGHT,
    Headline,
    plain_text,
    read,
)
from crawler.headline_words import FOLLOW_UPS, KICKERS, NEGATIONS
from db.ids import folded
from db.words import IdentityKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "DRIFTED_AT",
    "SAME_AT",
    "bare_headline",
    "distinctive_words",
    "is_cut",
    "is_exact",
    "missing_names",
    "plain_text",
    "same_headline",
    "similarity",
    "word_keys",
]

#: Similarity from which two headlines are the same one, differently set.
SAME_AT: Final = 0.92
#: Similarity from which one may be the edited form of the other; outlet and date must then agree.
DRIFTED_AT: Final = 0.70

#: Share of the order of words in the score; moved words cost little.
_ORDER_SHARE: Final = 0.08
#: What a word spelled otherwise counts for.
_ALIKE_WORTH: Final = 0.97

#: What a headline scores that goes on where the other was cut off.
_CUT_SCORE: Final = 0.96
#: Share of the longer headline that a cut without a mark must keep to be a cut and not another headline.
_CUT_SHARE: Final = 0.6
#: Letters that such a headline has at least: outlets and feeds cut at 60 to 110, follow-ups append to short ones.
_CUT_LETTERS: Final = 50
#: Content words that a cut headline needs to be recognised.
_CUT_WORDS: Final = 4
#: Those that it needs to be compared with a beginning at all, and the most that it then scores.
_CUT_LEAST: Final = 2
_CUT_DRIFTED: Final = 0.9

#: The most that a headline scores beside a follow-up to it.
_FOLLOW_UP: Final = 0.88
#: What a headline scores that equals the other but for an outlet's name or a kicker.
_FRAMED_SCORE: Final = 0.95
#: Words that an outlet's name behind a bar or dash has at most.
_FRAME_WORDS: Final = 5

_FRAME: Final = re.compile(r"\s+[|\-–—»·•:]{1,2}\s+|\s*\|\s*")


def similarity(a: str, b: str) -> float:
    """How alike two headlines are, 0..1; symmetric, 1.0 when they fold to the same text, 0.0 for nothing."""
    one, other = folded(a), folded(b)
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    first, second = sorted((a, b), key=lambda text: (folded(text), text))
    score = max(
        _compared(first, second), _without_frames(first, second), _beginnings(first, second)
    )
    return min(score, _FOLLOW_UP) if _is_follow_up(a) != _is_follow_up(b) else score


def is_exact(cited: str, found: str, *, names: Iterable[str] = ()) -> bool:
    """Whether a headline has the cited words and no others, but for an outlet's name (of `names`) or a label."""
    wanted, bare = word_keys(cited), bare_headline(found, names)
    return wanted in {word_keys(found), word_keys(bare), word_keys(_without_kicker(bare))}


def is_cut(title: str) -> bool:
    """Whether a headline says by an ellipsis that it goes on."""
    return read(title).is_cut


def same_headline(a: str, b: str) -> IdentityKind:
    """`same`, `drifted` (perhaps one edited form of the other) or `differs`; `unknown` where one says nothing."""
    if not folded(a) or not folded(b):
        return IdentityKind.UNKNOWN
    score = similarity(a, b)
    if score >= SAME_AT:
        return IdentityKind.SAME
    return IdentityKind.DRIFTED if score >= DRIFTED_AT else IdentityKind.DIFFERS


def bare_headline(title: str, names: Iterable[str]) -> str:
    """The headline without the outlet's name (any of `names`) before or behind it; as given where none is."""
    wanted = {word_keys(name) for name in names} - {()}
    pieces = list(_FRAME.finditer(title[:READ_CHARS]))
    if not pieces or not wanted:
        return title
    first, last = pieces[0], pieces[-1]
    if word_keys(title[last.end() :]) in wanted:
        return title[: last.start()].strip()
    if word_keys(title[: first.start()]) in wanted:
        return title[first.end() :].strip()
    return title


def word_keys(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: folded, without accents, in order."""
    return tuple(word.key for word in read(text).words)


def missing_names(cited: str, found: str) -> tuple[str, ...]:
    """The keys of `cited` that may be names, or are numbers, and that `found` has in no spelling; in order."""
    missing = only(read(cited), read(found))
    return tuple(
        word.key
        for word in missing
        if word.is_number or (word.may_name and word.weight > STOP_WEIGHT)
    )


def distinctive_words(title: str, *, limit: int = 7) -> tuple[str, ...]:
    """At most `limit` words of at least 3 letters that tell this headline from others, in its own order."""
    words = {
        word.key: (word.is_name, len(word.key))
        for word in read(title).content
        if len(word.key) >= SHORT_LETTERS
    }
    best = set(sorted(words, key=lambda key: (*words[key], key), reverse=True)[:limit])
    return tuple(key for key in words if key in best)


# ---------------------------------------------------------------------------------------- comparing


def _without_frames(a: str, b: str) -> float:
    """The score where only one headline carries an outlet's name or a kicker, or both carry one."""
    best = 0.0
    for one, other in ((_unframed(a), b), (a, _unframed(b)), (_unframed(a), _unframed(b))):
        if one and other and (one, other) != (a, b):
            both = one != a and other != b
            cap = OTHER_WORDS if both else _FRAMED_SCORE
            best = max(best, min(cap, capped(a, b, _compared(one, other), (OTHER_NUMBER_CAP,))))
    return best


def _beginnings(a: str, b: str) -> float:
    """The score of a headline that says it was cut beside where the other began, give or take a word.

    Never that of the same headline: few words are left, or one was changed, and only the date can confirm it.
    """
    return max(
        (
            min(_CUT_DRIFTED, _compared(" ".join(words), beginning))
            for short, long in ((a, b), (b, a))
            if is_cut(short) and not is_cut(long)
            for words in [short.rstrip(" .…").split()]
            if len(read(short).content) >= _CUT_LEAST
            for beginning in _openings(long, len(words))
        ),
        default=0.0,
    )


def _openings(text: str, count: int) -> Iterator[str]:
    words = text[:READ_CHARS].split()
    for length in range(count - 1, count + 2):
        yield " ".join(words[:length])


def _unframed(text: str) -> str:
    """The headline without a short piece behind its last bar or dash, or a kicker before its first; never empty."""
    pieces = list(_FRAME.finditer(text[:READ_CHARS]))
    if not pieces:
        return _without_kicker(text)
    rest, tail = text[: pieces[-1].start()], text[pieces[-1].end() :]
    tail_words, rest_words = read(tail).words, read(rest).content
    is_name = len(tail_words) <= _FRAME_WORDS and not any(word.is_number for word in tail_words)
    return rest if is_name and len(rest_words) > len(tail_words) else _without_kicker(text)


def _without_kicker(text: str) -> str:
    before, behind = _kicker(text)
    return behind if before and before <= KICKERS else text


def _kicker(text: str) -> tuple[frozenset[str], str]:
    """The words before a headline's first colon, else its first bar, and what follows; empty where nothing does."""
    before, mark, behind = text[:READ_CHARS].partition(":")
    if not mark:
        before, mark, behind = text[:READ_CHARS].partition("|")
    if not mark or not behind.strip():
        return frozenset(), ""
    return frozenset(word_keys(before)), behind.strip()


def _is_follow_up(text: str) -> bool:
    before, _ = _kicker(text)
    return bool(before) and before <= FOLLOW_UPS


def _compared(a: str, b: str) -> float:
    one, other = read(a), read(b)
    total = sum(word.weight for word in (*one.words, *other.words))
    if not total:
        return 0.0
    dice = min(1.0, 2 * _shared(one, other) / total)
    order = Indel.normalized_similarity(
        [word.key for word in one.words], [word.key for word in other.words]
    )
    score = (1 - _ORDER_SHARE) * dice + _ORDER_SHARE * order
    if _is_cut_of(one, other) or _is_cut_of(other, one):
        return max(score, _CUT_SCORE)
    return capped(a, b, score, CAPS)


def _shared(one: Headline, other: Headline) -> float:
    """The weight of what both have, words spelled otherwise counting a little less."""
    weights = {word.key: word.weight for word in (*one.words, *other.words)}
    mine, theirs = (Counter(word.key for word in side.words) for side in (one, other))
    both = mine & theirs
    shared = sum(weights[key] * count for key, count in both.items())
    left, right = sorted((mine - both).elements()), sorted((theirs - both).elements())
    for key in left:
        like = next((there for there in right if alike(key, there)), None)
        if like is not None:
            right.remove(like)
            shared += _ALIKE_WORTH * (weights[key] + weights[like]) / 2
    return shared


def _is_cut_of(short: Headline, long: Headline) -> bool:
    """Whether `short` is where `long` began: marked by an ellipsis, or most of it."""
    keys, whole = [word.key for word in short.words], [word.key for word in long.words]
    if len(short.content) < _CUT_WORDS or len(keys) >= len(whole) + short.is_cut:
        return False
    *body, tail = keys
    begins = whole[: len(body)] == body and whole[len(body)].startswith(tail)
    weight = sum(word.weight for word in short.words)
    enough = sum(map(len, keys)) >= _CUT_LETTERS and weight >= _CUT_SHARE * sum(
        word.weight for word in long.words
    )
    more = long.words[len(keys) :]
    return begins and (short.is_cut or (enough and not any(word.key in NEGATIONS for word in more)))
