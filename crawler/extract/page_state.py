"""Judges what a capture is, from status and page together, by the rules of `page_state.toml`.

Rule: signs in, the first rule that fits out; a test proves that one always does and that each has a case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crawler.extract.rules import rules
from crawler.extract.signs import Seen, signs_of
from db.words import Access, PageState

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["RULES", "Judgement", "Rule", "judged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row: the state when all of `all`, none of `none` and `at_least` of `some` are seen; `+` joins signs."""

    name: str
    state: PageState
    why: str
    all: tuple[str, ...] = ()
    some: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    at_least: int = 1

    def fits(self, signs: frozenset[str]) -> bool:
        """Whether this rule speaks of a capture with these signs."""
        for each in self.all:
            if not _is_seen(each, signs):
                return False
        if self.some and sum(_is_seen(each, signs) for each in self.some) < self.at_least:
            return False
        return not any(_is_seen(each, signs) for each in self.none)


def _is_seen(sign: str, signs: frozenset[str]) -> bool:
    return sign in signs or ("+" in sign and all(each in signs for each in sign.split("+")))


def _rule(row: Mapping[str, object]) -> Rule:
    lists = {key: tuple(map(str, value)) for key, value in row.items() if isinstance(value, list)}
    return Rule(
        name=str(row["name"]),
        state=PageState(str(row["state"])),
        why=str(row["why"]),
        at_least=int(str(row.get("at_least", 1))),
        **lists,
    )


#: In the order in which they are asked.
RULES: Final = tuple(_rule(row) for row in rules("page_state.toml")["rule"])


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a capture is, by which rule, and how much of the article everyone may read."""

    state: PageState
    rule: str
    why: str  #: the rule's name and sentence, and the signs that it saw

    @property
    def access(self) -> Access:
        """Open unless the state is a teaser or a wall."""
        return _ACCESS.get(self.state, Access.OPEN)


_ACCESS: Final = {PageState.TEASER: Access.TEASER, PageState.WALLED: Access.WALL}


def judged(seen: Seen) -> Judgement:
    """The first rule that fits; the last one fits everything."""
    signs = signs_of(seen)
    rule = next(rule for rule in RULES if rule.fits(signs))
    spoke = [each for each in (*rule.all, *rule.some) if _is_seen(each, signs)]
    seen_signs = f" ({', '.join(spoke)})" if spoke else ""
    return Judgement(rule.state, rule.name, f"{rule.name}: {rule.why}{seen_signs}")
