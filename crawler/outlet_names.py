"""When two names mean one outlet, and whether a host is one of its own. Pure, on any text."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from db.ids import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.model import Outlet

__all__ = [
    "as_domain",
    "bare_host",
    "country_of",
    "domain_within",
    "editions",
    "host_label",
    "lives_at",
    "name_key",
    "name_keys",
    "squeezed",
    "unbracketed",
]

#: Characters read of a name; longer ones are no names.
_READ_CHARS: Final = 200
#: Articles that names are cited with and without.
_ARTICLES: Final = frozenset(
    "the der die das le la les l el los las il lo gli o os a as de het den det al".split()
)
#: What is written behind a name and is no part of it.
_TAILS: Final = (
    "official website",
    "official site",
    "official web site",
    "official page",
    "official press release",
    "press office",
    "press release",
    "web site",
    "website",
    "homepage",
    "home page",
    "newspaper",
    "news agency",
    "news service",
    "magazine",
    "magazin",
    "online",
    "digital",
    "e v",
    "gmbh",
    "inc",
    "llc",
    "ltd",
)
#: Countries as names of editions write them, by ISO 3166-1 code; both are written behind a name, in brackets or not.
_COUNTRIES: Final = {
    "uk": "gb",
    "united kingdom": "gb",
    "usa": "us",
    "united states": "us",
    "america": "us",
    "australia": "au",
    "canada": "ca",
    "ireland": "ie",
    "india": "in",
    "south africa": "za",
    "new zealand": "nz",
    "germany": "de",
    "deutschland": "de",
    "austria": "at",
    "osterreich": "at",
    "switzerland": "ch",
    "schweiz": "ch",
    "suisse": "ch",
    "france": "fr",
    "italy": "it",
    "italia": "it",
    "spain": "es",
    "espana": "es",
    "netherlands": "nl",
    "nederland": "nl",
    "poland": "pl",
    "polska": "pl",
    "japan": "jp",
    "brazil": "br",
    "brasil": "br",
    "mexico": "mx",
    "argentina": "ar",
    "sweden": "se",
    "sverige": "se",
    "norway": "no",
    "norge": "no",
    "denmark": "dk",
    "danmark": "dk",
}
#: What domains end in, beside two letters for a country: endings under which outlets were seen to live, and those
#: that RFC 2606 reserves. `St.Georg` and `Vol.Two` are names with a full stop, no domains.
_ENDINGS: Final = frozenset(
    "com org net info biz edu gov mil int name pro museum aero coop jobs mobi post tel travel asia cat "
    "app art blog cafe care church city cloud club center company community dev digital earth eco edition "
    "education email energy events fm foundation fun global group guide guru health host house industries "
    "ink institute international land law legal life link live london ltd media money network news ngo "
    "nyc one online ong page paris press pub radio report review reviews rocks run schule school science "
    "site social solutions space store studio systems team tech tips today tools top town tv university "
    "video vip vision watch website wiki work works world wtf xyz zone africa amsterdam bayern berlin "
    "brussels capetown cologne hamburg istanbul koeln melbourne miami moscow nrw quebec ruhr saarland "
    "scot sydney swiss tirol tokyo wales wien example test invalid localhost".split()
)
#: Second labels under a country that stand for no name of their own: `paper.co.uk`, `paper.com.br`.
_SECOND: Final = frozenset("ac co com edu go gob gov gouv gv ne net nom or org".split())
_BRACKET: Final = re.compile(r"[(\[]([^()\[\]]{0,60})[)\]]\s*$")
_NOT_WORD: Final = re.compile(r"[^\w]+|_+")
_ACCENTS: Final = re.compile(r"[\u0300-\u036f]")
_DOMAIN: Final = re.compile(r"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}$")


def name_key(name: str) -> str:
    """The name folded, without accents and punctuation: what two spellings of one name share."""
    plain = unicodedata.normalize(
        "NFKD", folded(name[:_READ_CHARS]).replace("&", " and ").replace("'", "")
    )
    return _NOT_WORD.sub(" ", _ACCENTS.sub("", plain)).strip()


def name_keys(name: str) -> tuple[str, ...]:
    """Ever looser keys of a name: itself, without what stands behind it, each without its article."""
    plain = name_key(name)
    keys = [plain, _without_tail(plain)]
    keys += [_without_article(key) for key in keys]
    return tuple(dict.fromkeys(key for key in keys if key))


def unbracketed(name: str) -> tuple[str, str]:
    """A name without the bracket behind it, and what the bracket holds; ("", "") where it has none."""
    text = name[:_READ_CHARS]
    found = _BRACKET.search(text)
    return (text[: found.start()].strip(), found[1].strip()) if found else ("", "")


def squeezed(name: str) -> str:
    """The key of a name without article and spaces: what `CBS News` and `Cbsnews` share."""
    return _without_article(name_key(name)).replace(" ", "")


def editions(name: str) -> Iterator[tuple[str, str]]:
    """(key before, ISO 3166-1 code) for each country that stands behind a name without a bracket."""
    key = name_key(name)
    for country, code in _COUNTRIES.items():
        if key.endswith(f" {country}"):
            yield key[: -len(country) - 1], code


def country_of(key: str) -> str:
    """The ISO 3166-1 code of a country's key; the key itself where it is none that is known."""
    return _COUNTRIES.get(key, key)


def as_domain(name: str) -> str | None:
    """The host that a name is (`nytimes.com`, `https://www.bbc.co.uk/news`), without www; None for other names.

    An article before it says nothing: `The sott.net`.
    """
    text = name.strip().lower()[:_READ_CHARS]
    first, _, rest = text.partition(" ")
    if rest and first in _ARTICLES:
        text = rest.strip()
    is_url = "://" in text
    if is_url:
        try:
            text = urlsplit(text).hostname or ""
        except ValueError:
            return None
    host = bare_host(text.split("/", 1)[0])
    is_written_as_one = is_url or text.startswith("www.") or _ends_like_a_domain(host)
    return host if is_written_as_one and _DOMAIN.match(host) else None


def domain_within(name: str) -> str | None:
    """The one domain among a name's words (`kath.net katholische Nachrichten`), None for none or several."""
    words = (word.strip("()[]<>,;:") for word in name[:_READ_CHARS].split())
    domains = {domain for word in words if (domain := as_domain(word))}
    return domains.pop() if len(domains) == 1 else None


def host_label(host: str) -> str:
    """The word of a host that names its owner, hyphens left out: `badischezeitung` of `www.badische-zeitung.de`."""
    labels = bare_host(host).split(".")
    is_second = len(labels) > 2 and labels[-2] in _SECOND and len(labels[-1]) == 2  # noqa: PLR2004 - a.co.uk
    at = -3 if is_second else -2
    return labels[at].replace("-", "") if len(labels) >= -at else ""


def bare_host(host: str) -> str:
    """A host in lower case without a final dot and a leading `www.`."""
    plain = host.strip().lower().rstrip(".")
    for prefix in ("www.", "www1.", "www2."):
        if plain.startswith(prefix) and plain.count(".") > 1:
            return plain[len(prefix) :]
    return plain


def lives_at(outlet: Outlet, host: str) -> bool:
    """Whether a host is one of the outlet's own, present or former, or lies below one."""
    plain = bare_host(host)
    own = (bare_host(known) for known in (*outlet.hosts, *outlet.former_hosts))
    return bool(plain) and any(plain == known or plain.endswith(f".{known}") for known in own)


def _ends_like_a_domain(host: str) -> bool:
    ending = host.rpartition(".")[2]
    return len(ending) == 2 or ending in _ENDINGS  # noqa: PLR2004 - ISO 3166-1 alpha-2


def _without_article(key: str) -> str:
    first, _, rest = key.partition(" ")
    return rest if rest and first in _ARTICLES else key


def _without_tail(key: str) -> str:
    for tail in _TAILS:
        if key.endswith(f" {tail}"):
            return key[: -len(tail) - 1]
    return key
