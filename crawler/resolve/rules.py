"""Reads the rule files that stand beside this module.

Rule: the package's own data, each file once; nothing else of the machine is read.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["rules"]


@cache
def rules(name: str) -> Mapping[str, Any]:
    """The tables of a rule file of this package."""
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))
