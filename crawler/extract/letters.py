"""Reduces a name or title to its letters and digits, so that two can be compared.

Rule: text in, text out. The same few titles are compared by several modules, so that answers are remembered.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

__all__ = ["letters_of"]

_LETTERS: Final = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1_024)
def letters_of(text: str) -> str:
    """The letters and digits of a short text, case-folded."""
    return "".join(_LETTERS.findall(text.casefold()))
