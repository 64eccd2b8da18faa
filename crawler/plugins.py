"""Verifiers, resolvers and extractors: the built-in tuples, and what entry points add.

Third parties register an object (or a class without arguments) in the groups `citehound.verifiers`,
`citehound.resolvers` and `citehound.extractors`. Built-ins come first and cannot be replaced by name.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Final, TypeVar, cast

from crawler.errors import PluginError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.protocols import Extractor, Resolver
    from verifiers.protocol import Verifier

__all__ = ["GROUPS", "plugin_lines", "resolvers", "verifier_names", "verifiers_named"]

T = TypeVar("T")

VERIFIERS: Final = "citehound.verifiers"
RESOLVERS: Final = "citehound.resolvers"
EXTRACTORS: Final = "citehound.extractors"

#: Entry-point groups, and the method that an object in each must have.
GROUPS: Final = {VERIFIERS: "verify", RESOLVERS: "resolve", EXTRACTORS: "extract"}


def resolvers(builtin: Sequence[Resolver]) -> tuple[Resolver, ...]:
    """The built-in resolvers, then those of third parties by name."""
    return (
        *builtin,
        *(cast("Resolver", one) for one in _third_party(RESOLVERS, {r.name for r in builtin})),
    )


def extractors(builtin: Sequence[Extractor]) -> tuple[Extractor, ...]:
    """Those of third parties by name, then the built-in ones: the first that reads a capture wins."""
    names = {extractor.name for extractor in builtin}
    return (*(cast("Extractor", one) for one in _third_party(EXTRACTORS, names)), *builtin)


def verifier_names() -> tuple[str, ...]:
    """The names of all loaded verifiers, in the order in which they are asked."""
    return tuple(_verifiers())


def verifiers_named(names: Sequence[str]) -> tuple[Verifier, ...]:
    """The verifiers of these names, in this order; PluginError for one that is not installed here."""
    loaded = _verifiers()
    missing = [name for name in names if name not in loaded]
    if missing:
        raise PluginError(VERIFIERS, missing[0], "is not installed in this environment")
    return tuple(loaded[name] for name in names)


def plugin_lines(resolving: Sequence[Resolver]) -> tuple[str, ...]:
    """`kind name version` for all that is loaded, as it is written to the run."""
    from crawler.extract import EXTRACTORS as BUILTIN

    return (
        *(f"resolver {one.name} {one.version}" for one in resolving),
        *(f"extractor {one.name} {one.version}" for one in extractors(BUILTIN)),
        *(f"verifier {one.name} {one.version}" for one in _verifiers().values()),
    )


@cache
def _verifiers() -> dict[str, Verifier]:
    from verifiers.builtin import VERIFIERS as BUILTIN

    others = _third_party(VERIFIERS, {one.name for one in BUILTIN})
    return {one.name: one for one in (*BUILTIN, *(cast("Verifier", other) for other in others))}


def _third_party(group: str, taken: set[str]) -> list[object]:
    """The objects that entry points of this group name, sorted by name."""
    found = []
    for point in sorted(entry_points(group=group), key=lambda point: point.name):
        plugin = _loaded(point)
        name = getattr(plugin, "name", None)
        if not isinstance(name, str) or not isinstance(getattr(plugin, "version", None), str):
            raise PluginError(group, point.name, "has no name or no version")
        if name in taken:
            raise PluginError(group, point.name, f"another plugin is called {name} already")
        if not callable(getattr(plugin, GROUPS[group], None)):
            raise PluginError(group, point.name, f"has no method {GROUPS[group]}")
        taken.add(name)
        found.append(plugin)
    return found


def _loaded(point: EntryPoint) -> object:
    try:
        plugin = point.load()
        return plugin() if isinstance(plugin, type) else plugin
    except Exception as error:
        raise PluginError(
            point.group, point.name, f"cannot be loaded ({type(error).__name__}: {error})"
        ) from error
