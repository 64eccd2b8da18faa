"""Wikidata's items as publishers: which have the cited name, what they are, and where they live.

Statements are read as Wikibase ranks them: deprecated ones are dropped, preferred ones come first, an address with
an end (P582) is a former one. Rule: pure; what anybody may edit is bounded and never believed beyond its shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from crawler.outlet_names import bare_host, name_key, name_keys, squeezed, unbracketed
from crawler.resolve.payload import strings_of
from crawler.resolve.rules import rules
from crawler.urls import checked_url, host_of
from db.model import Outlet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["ITEMS", "TEXT_CHARS", "Publisher", "matching_items", "publisher"]

#: Items looked at for one name.
ITEMS: Final = 7
#: Names, hosts and statements read of one item, and characters of each.
NAMES: Final = 24
HOSTS: Final = 4
STATEMENTS: Final = 40
TEXT_CHARS: Final = 200

_EXACT, _LOOSE, _OTHER = 0, 1, 2
_MEDIA, _ORGANISATION = 0, 1
_RANKS: Final = {"preferred": 0, "normal": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """An item that publishes and has the cited name."""

    order: tuple[int, int]  #: media before organisations, the name as cited before looser forms
    languages: tuple[str, ...]
    id: str
    outlet: Outlet


def matching_items(name: str, body: Mapping[str, Any]) -> tuple[str, ...]:
    """The items that have the cited name, best first as Wikidata orders them."""
    found = body.get("search")
    cited = tuple(text for text in (name, unbracketed(name)[0]) if text)
    ids = []
    for hit in (found if isinstance(found, list) else [])[:ITEMS]:
        (id_, label) = strings_of(hit, "id", "label")
        (matched,) = strings_of(hit.get("match") if isinstance(hit, dict) else None, "text")
        if _is_item(id_) and _likeness(cited, (label, matched)) < _OTHER:
            ids.append(id_)
    return tuple(dict.fromkeys(ids))


def _is_item(id_: str) -> bool:
    return id_[:1] == "Q" and id_[1:].isascii() and id_[1:].isdigit() and len(id_) < 16  # noqa: PLR2004 - ids have 9


def _likeness(cited: Sequence[str], texts: Iterable[str]) -> int:
    """How the best of the cited forms agrees with the best of these names."""
    names = [text[:TEXT_CHARS] for text in texts if text]
    if {name_key(text) for text in cited} & {name_key(text) for text in names}:
        return _EXACT
    return _LOOSE if _loose_keys(cited) & _loose_keys(names) else _OTHER


def _loose_keys(names: Sequence[str]) -> set[str]:
    return {key for text in names for key in (*name_keys(text), squeezed(text)) if key}


def _cited_forms(name: str, item: Mapping[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    """The name, and without its bracket where that only names or describes the same item: `(AP)`, `(Kenya)`."""
    before, bracket = unbracketed(name)
    key = name_key(bracket)
    said = f" {' '.join(map(name_key, (*names, *_texts(item.get('descriptions')))))} "
    return (name, before) if before and (not key or f" {key} " in said) else (name,)


def publisher(name: str, id_: str, item: Any, language: str) -> Publisher | None:
    """The item as a publisher; None where it is none, has another name, or no website of its own."""
    if not isinstance(item, dict):
        return None
    claims = item.get("claims")
    statements = claims if isinstance(claims, dict) else {}
    names = tuple(dict.fromkeys(_names(item)))[:NAMES]
    kinds = [value for value, _ in _values(statements.get("P31"))]
    grade = _grade(kinds, _texts(item.get("descriptions")))
    likeness = _likeness(_cited_forms(name, item, names), names)
    hosts, former = _addresses(statements.get("P856"), language)
    if grade is None or likeness == _OTHER or not hosts:
        return None
    languages = _languages(statements.get("P407"))
    outlet = Outlet(
        name=names[0],
        aliases=names[1:],
        hosts=hosts,
        former_hosts=former,
        kind=_kind(kinds),
        languages=languages,
        source=f"wikidata {id_}",
    )
    return Publisher(order=(grade, likeness), languages=languages, id=id_, outlet=outlet)


def _names(item: Mapping[str, Any]) -> Iterator[str]:
    yield from _texts(item.get("labels"))
    aliases = item.get("aliases")
    for listed in list(aliases.values() if isinstance(aliases, dict) else ())[:4]:
        for one in (listed if isinstance(listed, list) else [])[:NAMES]:
            yield from (text[:TEXT_CHARS] for text in strings_of(one, "value") if text)


def _texts(by_language: Any) -> tuple[str, ...]:
    values = by_language.values() if isinstance(by_language, dict) else ()
    found = (strings_of(one, "value")[0] for one in list(values)[:4])
    return tuple(text[:TEXT_CHARS] for text in found if text)


def _grade(kinds: Sequence[str], descriptions: Iterable[str]) -> int | None:
    """How surely the item publishes; None for what shares its name with outlets and is none."""
    table = rules("wikidata.toml")
    if set(kinds) & set(table["never"]["items"]):
        return None
    if set(kinds) & set(table["media"]["items"]):
        return _MEDIA
    if set(kinds) & set(table["organisations"]["items"]):
        return _ORGANISATION
    words = {word for text in descriptions for word in text.casefold().replace(",", " ").split()}
    return _MEDIA if words & set(table["described"]["words"]) else None


def _kind(kinds: Sequence[str]) -> str:
    table = rules("wikidata.toml")
    for group in (table["media"]["kinds"], table["organisations"]["kinds"]):
        for kind, items in group.items():
            if set(kinds) & set(items):
                return str(kind)
    return "news" if set(kinds) & set(table["media"]["items"]) else "other"


def _languages(statements: Any) -> tuple[str, ...]:
    codes = rules("wikidata.toml")["languages"]
    return tuple(dict.fromkeys(codes[value] for value, _ in _values(statements) if value in codes))


def _addresses(statements: Any, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The hosts of an item's official websites, present and former; pages on everybody's hosts left out."""
    present: dict[str, None] = {}
    former: dict[str, None] = {}
    values = sorted(_values(statements), key=lambda pair: not _speaks(pair[1], language))
    for url, statement in sorted(values, key=lambda pair: _RANKS[pair[1]["rank"]]):
        checked = checked_url(url)
        host = host_of(checked) if isinstance(checked, str) else ""
        if host and bare_host(host) not in rules("wikidata.toml")["shared"]["hosts"]:
            (former if _qualifiers(statement, "P582") else present).setdefault(host)
    gone = tuple(host for host in former if host not in present)
    return tuple(present)[:HOSTS], gone[:HOSTS]


def _speaks(statement: Mapping[str, Any], language: str) -> bool:
    """Whether a website is said to be in this language."""
    return language in _languages(
        [{"mainsnak": one, "rank": "normal"} for one in _qualifiers(statement, "P407")]
    )


def _qualifiers(statement: Mapping[str, Any], name: str) -> list[Any]:
    qualifiers = statement.get("qualifiers")
    found = qualifiers.get(name) if isinstance(qualifiers, dict) else None
    return found[:STATEMENTS] if isinstance(found, list) else []


def _values(statements: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(text or item id, statement) of each statement that holds a value and is not deprecated."""
    for statement in (statements if isinstance(statements, list) else [])[:STATEMENTS]:
        snak = statement.get("mainsnak") if isinstance(statement, dict) else None
        if not isinstance(snak, dict) or statement.get("rank") not in _RANKS:
            continue
        held = snak.get("datavalue")  # absent where `snaktype` is novalue or somevalue
        value = held.get("value") if isinstance(held, dict) else None
        text = strings_of(value, "id")[0] if isinstance(value, dict) else value
        if isinstance(text, str) and text:
            yield text, statement
