"""Which sentences without a citation assert something that a source could bear out.

Rule: a table of plain tests, first match says why not; a sentence that passes all is listed as uncited. It errs
towards listing: a sentence listed in vain costs a glance, one passed over is never seen.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.ingest.rules import rules
from db.ids import folded

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["why_not_checkable"]

_WORD = re.compile(r"[^\W_]+(?:[’'.-][^\W_]+)*")
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ENDS_ASKING = re.compile(r"[?？][”’\"'»)\]]*$")
_ENDS_EXCLAIMING = re.compile(r"[!！][”’\"'»)\]]*$")
#: Characters of a sentence that the phrases are looked for in.
LOOKED_AT = 2_000


def why_not_checkable(sentence: str) -> str | None:
    """Name of the first rule that finds nothing to check in the sentence; None where it is checkable."""
    plain = folded(sentence[:LOOKED_AT])
    return next((name for name, holds in _RULES if holds(plain)), None)


def _is_short(plain: str) -> bool:
    if len(_IDEOGRAPH.findall(plain)) >= rules().least_ideographs:
        return False
    return len(_WORD.findall(plain)) < rules().least_words


def _starts(plain: str, phrases: tuple[str, ...]) -> bool:
    plain = plain.lstrip("\"'([*- ")
    return any(
        plain.startswith(phrase) and not plain[len(phrase) : len(phrase) + 1].isalpha()
        for phrase in phrases
    )


def _is_boilerplate(plain: str) -> bool:
    return _starts(plain, rules().boilerplate_starts) or any(
        phrase in plain for phrase in rules().boilerplate_holds
    )


_RULES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("short", _is_short),
    ("question", lambda plain: bool(_ENDS_ASKING.search(plain))),
    ("exclamation", lambda plain: bool(_ENDS_EXCLAIMING.search(plain))),
    ("opinion", lambda plain: _starts(plain, rules().opinion_starts)),
    ("boilerplate", _is_boilerplate),
)
