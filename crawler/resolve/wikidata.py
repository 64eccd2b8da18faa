"""Wikidata on outlets: from a name to the official website (P856) of the publisher that has it.

At most `SEARCHES` searches and one question for the items found. Namesakes are told apart by what the items are
instances of (P31), else by their descriptions; where several publishers have the name and the language does not
decide, the answer is a guess.
Source: the API's documented shapes (wbsearchentities, wbgetentities), not checked live.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from crawler.outlet_names import bare_host, name_key, name_keys, unbracketed
from crawler.protocols import FetchRequest
from crawler.resolve.named import Named
from crawler.resolve.outcomes import Trouble, read_or_trouble
from crawler.resolve.payload import json_value, text_of
from crawler.resolve.wikidata_items import ITEMS, TEXT_CHARS, matching_items, publisher
from db.words import CapturePurpose, Coverage

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from crawler.resolve.named import Naming
    from crawler.resolve.wikidata_items import Publisher
    from db.model import Outcome

__all__ = ["known_to_wikidata"]

API: Final = "https://www.wikidata.org/w/api.php"
#: Searches for one name: as cited, then without what stands around it.
SEARCHES: Final = 2


def known_to_wikidata(name: str, *, language: str = "") -> Naming:
    """The outlet of this name and where it lives, by Wikidata.

    `language` is the cited work's where it is known: it decides between namesakes.
    """
    hits: tuple[str, ...] = ()
    for text, spoken in _searches(name, language):
        (outcome,) = yield (_request(_search(text, spoken)),)
        body = _answer(outcome)
        if isinstance(body, Trouble):
            return _troubled(body)
        hits = matching_items(name, body)
        if hits:
            break
    if not hits:
        return Named(outlet=None, detail="wikidata: no item of this name")
    return (yield from _described(name, hits, language))


def _described(
    name: str, ids: Sequence[str], language: str
) -> Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], Named]:
    (outcome,) = yield (_request(_entities(ids, language)),)
    body = _answer(outcome)
    if isinstance(body, Trouble):
        return _troubled(body)
    entities = body.get("entities")
    items = entities if isinstance(entities, dict) else {}
    found = [one for id_ in ids if (one := publisher(name, id_, items.get(id_), language))]
    if not found:
        return Named(
            outlet=None, detail="wikidata: no publisher with a website among the items of this name"
        )
    return _taken(found, language)


def _taken(found: Sequence[Publisher], language: str) -> Named:
    """The best publisher; a guess where several are equally good and live at different hosts."""
    order = min(one.order for one in found)
    best = [one for one in found if one.order == order]
    spoken = [one for one in best if language and language in one.languages]
    best = spoken if len(spoken) == 1 else best
    first = best[0]
    homes = {bare_host(one.outlet.hosts[0]) for one in best}
    detail = f"wikidata: {first.id} at {first.outlet.hosts[0]}"
    if len(homes) == 1:
        return Named(outlet=first.outlet, detail=detail)
    others = ", ".join(one.id for one in best[1:])
    return Named(
        outlet=first.outlet, detail=f"{detail}; others have the name: {others}", is_guess=True
    )


# ----------------------------------------------------------------------------------------- asking


def _searches(name: str, language: str) -> tuple[tuple[str, str], ...]:
    """(text, language) of each search."""
    text = (unbracketed(name)[0] or name).strip()[:TEXT_CHARS]
    loose = name_keys(text)[-1] if name_keys(text) else ""
    asked = [(text, language or "en")]
    if loose and (loose != name_key(text) or language not in {"", "en"}):
        asked.append((loose, "en"))
    return tuple(pair for pair in asked if pair[0])[:SEARCHES]


def _search(text: str, language: str) -> dict[str, str]:
    return {
        "action": "wbsearchentities",
        "search": text,
        "language": language,
        "type": "item",
        "limit": str(ITEMS),
    }


def _entities(ids: Sequence[str], language: str) -> dict[str, str]:
    return {
        "action": "wbgetentities",
        "ids": "|".join(ids),
        "props": "claims|labels|aliases|descriptions",
        "languages": "|".join(dict.fromkeys(("en", language or "en", "mul"))),
    }


def _request(fields: Mapping[str, str]) -> FetchRequest:
    # maxlag: the servers' own request to step aside while they are behind (API:Etiquette).
    query = urlencode({**fields, "format": "json", "maxlag": "5"})
    return FetchRequest(
        url=f"{API}?{query}",
        purpose=CapturePurpose.SERVICE,
        service="wikimedia",
        check_robots=False,
        follow=False,
    )


def _answer(outcome: Outcome) -> dict[str, Any] | Trouble:
    """The answer as a mapping; an error arrives under HTTP 200 and is trouble too."""
    read = read_or_trouble(outcome)
    if isinstance(read, Trouble):
        return read
    body = json_value(read.body)
    if isinstance(body, dict) and "error" not in body:
        return body
    return Trouble(coverage=Coverage.DEGRADED, detail=text_of(read.body))


def _troubled(trouble: Trouble) -> Named:
    return Named(outlet=None, detail=f"wikidata: {trouble.detail}", is_settled=False)
