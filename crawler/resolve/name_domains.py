"""A name as a domain: hosts that an outlet of this name may have, each a hint until its home page says the name.

At most `BATCHES` batches of `BATCH` home pages, the likeliest endings for the language first. Where two sites of one
batch say the name they are namesakes, and the answer is a guess; so is the one host spelled like the name that
refuses to be read. Whoever says another name, or none, is somebody else.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from crawler.outlet_names import bare_host, editions, name_keys, squeezed, unbracketed
from crawler.protocols import FetchRequest
from crawler.resolve.named import Named
from crawler.resolve.site_names import calls_itself, own_names
from crawler.urls import host_of
from db.model import Capture, Outlet
from db.words import CapturePurpose, FailureKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from crawler.resolve.named import Naming
    from db.model import Outcome

__all__ = ["at_a_domain_of_its_name", "guessed_hosts"]

#: Home pages asked for at once, and how often.
BATCH: Final = 2
BATCHES: Final = 2

#: Endings under which outlets live, by the language of the cited work, the likeliest first; "" where it is unknown.
#: General knowledge, not measured.
_ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("com", "org", "net", "de", "co.uk", "eu"),
    "en": ("com", "org", "co.uk", "net", "com.au", "ca"),
    "de": ("de", "com", "ch", "at", "org", "net"),
    "fr": ("fr", "com", "org", "ch", "be", "net"),
    "es": ("com", "es", "com.ar", "org", "com.mx", "cl"),
    "it": ("it", "com", "org", "net", "eu", "ch"),
    "pt": ("com.br", "pt", "com", "org", "net", "org.br"),
    "nl": ("nl", "be", "com", "org", "net", "eu"),
    "pl": ("pl", "com", "com.pl", "org", "net", "eu"),
    "ru": ("ru", "com", "org", "net", "info", "su"),
    "uk": ("ua", "com.ua", "org", "com", "net", "info"),
    "ja": ("jp", "com", "co.jp", "net", "org", "ne.jp"),
}
#: Where outlets live in countries that have an ending for companies; elsewhere it is the country's own.
_COUNTRY_ENDINGS: Final = {
    "gb": "co.uk",
    "au": "com.au",
    "br": "com.br",
    "za": "co.za",
    "nz": "co.nz",
}
#: Where words of a name are joined by hyphens more often than run together.
_HYPHENATED: Final = frozenset({"de"})
#: How German writes its umlauts in domains; elsewhere accents are left out.
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
#: Longest label (RFC 1035, 2.3.4), and the shortest that is worth a guess.
LABEL_CHARS: Final = range(2, 64)

_REFUSALS: Final = frozenset({401, 403, 429, 451, 503})
_UNASKED: Final = frozenset({FailureKind.BREAKER_OPEN, FailureKind.RATE_LIMITED})


def at_a_domain_of_its_name(name: str, *, language: str = "") -> Naming:
    """The outlet whose home page, at a domain made of the name, says the name."""
    hosts = list(islice(guessed_hosts(name, language=language), BATCH * BATCHES))
    refusing: list[str] = []
    is_settled = True
    for start in range(0, len(hosts), BATCH):
        batch = hosts[start : start + BATCH]
        outcomes = yield tuple(_home(host) for host in batch)
        answered = dict(zip(batch, outcomes, strict=True))
        sites = _saying(name, answered)
        if sites:
            return _found(name, sites)
        refusing += [host for host, outcome in answered.items() if _refuses(outcome)]
        is_settled = is_settled and not any(map(_was_not_asked, outcomes))
    if len(refusing) == 1:
        detail = f"{refusing[0]} is spelled like the name, and refuses to be read"
        guess = _outlet(name, (refusing[0],), "spelled like the name, not confirmed")
        return Named(outlet=guess, detail=detail, is_guess=True, is_settled=is_settled)
    tried = ", ".join(hosts) or "none can be made of it"
    detail = f"no domain of this name says it ({tried})"
    return Named(outlet=None, detail=detail, is_settled=is_settled)


def guessed_hosts(name: str, *, language: str = "") -> Iterator[str]:
    """Hosts that may be named like this, the likeliest first, each once."""
    seen: set[str] = set()
    for before, country in editions(name):
        if _is_label(squeezed(before)):
            seen.add(f"{squeezed(before)}.{_COUNTRY_ENDINGS.get(country, country)}")
    yield from seen
    labels = tuple(dict.fromkeys(_labels(name, language)))
    endings = _ENDINGS.get(language, _ENDINGS[""])
    # The best label meets the second ending before the third label meets the first.
    order = sorted(
        (at + place, place, at) for at in range(len(endings)) for place in range(len(labels))
    )
    for _, place, at in order:
        host = f"{labels[place]}.{endings[at]}"
        if host not in seen:
            seen.add(host)
            yield host


def _labels(name: str, language: str) -> Iterator[str]:
    """The name's words as one label: as cited, without what stands around it; an abbreviation in brackets too."""
    before, bracket = unbracketed(name)
    spelled = (before or name).translate(_UMLAUTS) if language == "de" else before or name
    abbreviations = (bracket,) if bracket and " " not in bracket else ()
    for text in (*abbreviations, spelled):
        for key in reversed(name_keys(text)):
            joined, hyphened = key.replace(" ", ""), key.replace(" ", "-")
            pair = (hyphened, joined) if language in _HYPHENATED else (joined, hyphened)
            yield from filter(_is_label, pair)


def _is_label(text: str) -> bool:
    return text.isascii() and len(text) in LABEL_CHARS


def _home(host: str) -> FetchRequest:
    return FetchRequest(url=f"https://{host}/", purpose=CapturePurpose.INDEX, may_not_exist=True)


def _saying(name: str, answered: Mapping[str, Outcome]) -> list[tuple[str, ...]]:
    """(host that serves, host that was asked) of each site whose home page says the name; one site once."""
    sites: dict[str, tuple[str, ...]] = {}
    for host, outcome in answered.items():
        if not isinstance(outcome, Capture) or outcome.status != 200:  # noqa: PLR2004 - OK
            continue
        if calls_itself(name, own_names(outcome.body)):
            serving = host_of(outcome.url) or host
            hosts = (serving,) if bare_host(serving) == host else (serving, host)
            sites.setdefault(bare_host(serving), hosts)
    return list(sites.values())


def _found(name: str, sites: Sequence[tuple[str, ...]]) -> Named:
    outlet = _outlet(name, sites[0], "its home page says the name")
    if len(sites) == 1:
        return Named(outlet=outlet, detail=f"the home page of {sites[0][0]} says the name")
    said = ", ".join(hosts[0] for hosts in sites)
    return Named(outlet=outlet, detail=f"several sites say the name: {said}", is_guess=True)


def _outlet(name: str, hosts: tuple[str, ...], source: str) -> Outlet:
    return Outlet(name=name, hosts=hosts, kind="other", source=source)


def _refuses(outcome: Outcome) -> bool:
    """Whether somebody is there and does not let us read."""
    if isinstance(outcome, Capture):
        return outcome.status in _REFUSALS
    return outcome.kind is FailureKind.ROBOTS_DENIED or outcome.status is not None


def _was_not_asked(outcome: Outcome) -> bool:
    return not isinstance(outcome, Capture) and outcome.kind in _UNASKED
