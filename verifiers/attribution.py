"""Who a sentence says said it: the speakers named beside a verb of saying, and the clause that names them. Pure.

Rule: a speaker is a name; "he said" and "officials said" name nobody. Several names in one clause ("X of Y said")
are all kept, so that two attributions agree when they share one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from verifiers.reading.lexicon import lexicon
from verifiers.text import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifiers.reading.names import NameMention
    from verifiers.reading.quotations import QuotationMention

__all__ = ["Attribution", "attribution_of", "without_attribution"]

#: Characters between a speaker and the verb of saying: "X, the head of the Y of Z, said".
_REACH: Final = 90
#: Characters behind the verb within which "said X" names its speaker.
_BEHIND: Final = 30
#: Words that an attribution in front of its statement may have: "X of Y told reporters on Monday that".
_CLAUSE_WORDS: Final = 14

#: Verbs behind which the statement may begin without "that".
_WITHOUT_THAT: Final = frozenset({"said", "says", "say"})

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_CLAUSE_END = re.compile(r"[.!?;:]\s|[“”„«»\"]")
_THAT = re.compile(r"\s*(?:,?\s*(?:that|dass|daß|que|che|dat|że|що|что)\b|:)", re.IGNORECASE)
_LINKED = re.compile(
    r"(?:\s[^\W\d_]+){0,4}?\s(?:that|dass|daß|que|che|dat|że|що|что)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """One "X said" of a sentence."""

    clause: Span  #: what to take out so that the statement is left
    names: tuple[NameMention, ...]  #: who is said to have said it; empty for "he", "officials"
    is_direct: bool = False  #: one name right beside the verb: "X said", "said X"


def attribution_of(
    text: str, *, names: Sequence[NameMention], quotations: Sequence[QuotationMention] = ()
) -> Attribution | None:
    """The first attribution in a sentence, None where there is none."""
    according = _according().search(text)
    if according is not None:
        return _by_according(text, according, names)
    for match in _WORD.finditer(text):
        if match[0].casefold() in lexicon().speech and not _is_quoted(match, quotations):
            speakers = _speakers(text, match, names)
            return Attribution(
                clause=_clause(text, match),
                names=speakers,
                is_direct=len(speakers) == 1 and _is_beside(text, match, speakers[0]),
            )
    return None


def without_attribution(text: str, attribution: Attribution | None) -> Span:
    """Where the statement stands once the attribution at its beginning or end is taken away."""
    start, end = 0, len(text)
    if attribution is not None and attribution.clause.end > attribution.clause.start:
        if attribution.clause.start == 0:
            start = attribution.clause.end
        elif attribution.clause.end >= len(text.rstrip(" .!?\n")):
            end = attribution.clause.start
    return _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and (text[start].isspace() or text[start] in ",:;"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",.:;!?"):
        end -= 1
    return Span(start, end)


def _is_quoted(match: re.Match[str], quotations: Sequence[QuotationMention]) -> bool:
    return any(one.start <= match.start() < one.end for one in quotations)


def _is_beside(text: str, verb: re.Match[str], name: NameMention) -> bool:
    between = (
        text[name.end : verb.start()]
        if name.end <= verb.start()
        else (text[verb.end() : name.start])
    )
    return not _WORD.search(between) and "," not in between


def _speakers(
    text: str, verb: re.Match[str], names: Sequence[NameMention]
) -> tuple[NameMention, ...]:
    """Names in the clause in front of the verb, or right behind it where nothing or no name is in front."""
    before = () if _is_inverted(text, verb) else _before(text, verb, names)
    if before or verb[0].casefold() in lexicon().listeners:
        return before
    behind = tuple(
        name
        for name in names
        if verb.end() <= name.start <= verb.end() + _BEHIND
        and not _CLAUSE_END.search(text[verb.end() : name.start])
        and _is_named_behind(text[verb.end() : name.start])
    )
    return behind or _before(text, verb, names)


def _before(
    text: str, verb: re.Match[str], names: Sequence[NameMention]
) -> tuple[NameMention, ...]:
    """Names in the verb's own clause; else those in front of its comma: "X, the head of Y, said"."""
    found = tuple(
        name
        for name in names
        if verb.start() - _REACH <= name.start
        and name.end <= verb.start()
        and not _CLAUSE_END.search(text[name.end : verb.start()])
    )
    comma = text.rfind(",", 0, verb.start())
    return tuple(name for name in found if name.start > comma) or found


def _is_inverted(text: str, verb: re.Match[str]) -> bool:
    """Whether the verb opens its clause: `…, said X`."""
    return text[: verb.start()].rstrip().endswith((",", "”", '"', "»", "“", "’", "'", "–", "—"))


def _is_named_behind(between: str) -> bool:
    """Whether only titles stand between the verb and the name: "said President X", not "said that X"."""
    return all(
        word.casefold() in lexicon().not_names | lexicon().setting
        for word in _WORD.findall(between)
    )


def _clause(text: str, verb: re.Match[str]) -> Span:
    """From the sentence's beginning to "said (that)", or from the last comma to its end; empty where neither."""
    body = len(text.rstrip(' .!?\n”"»'))
    comma = text.rfind(",", 0, verb.start())
    tail = text[comma + 1 : body]
    is_last = comma > 0 and len(_WORD.findall(tail)) <= _CLAUSE_WORDS
    if is_last and _only_says(text[verb.end() : body]):
        return Span(comma, len(text))
    if len(_WORD.findall(text[: verb.end()])) > _CLAUSE_WORDS:
        return Span(0, 0)
    that = _THAT.match(text, verb.end()) or _LINKED.match(text, verb.end())
    if that is not None:
        return Span(0, that.end())
    return Span(0, verb.end() if verb[0].casefold() in _WITHOUT_THAT else 0)


def _only_says(behind: str) -> bool:
    """Whether nothing but names and setting stands behind the verb: the statement was in front of it."""
    known = lexicon().setting | _LIGHT
    return all(word[0].isupper() or word.casefold() in known for word in _WORD.findall(behind))


_LIGHT: Final = frozenset({"a", "an", "the", "in", "on", "to", "of", "at", "and", "as", "saying"})


def _by_according(text: str, match: re.Match[str], names: Sequence[NameMention]) -> Attribution:
    """The clause from "according to" to the next comma, or from the comma before it to the end."""
    comma = text.find(",", match.end())
    if _WORD.search(text[: match.start()]) is None and comma > 0:
        clause = Span(0, comma + 1)
    else:
        clause = Span(match.start(), len(text) if comma < 0 else comma)
    inside = tuple(one for one in names if match.end() <= one.start and one.end <= clause.end)
    return Attribution(clause=clause, names=inside)


@cache
def _according() -> re.Pattern[str]:
    phrases = "|".join(re.escape(one) for one in lexicon().according)
    return re.compile(rf"(?<!\w)(?:{phrases})(?!\w)", re.IGNORECASE)
