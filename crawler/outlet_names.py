"""When two names mean one outlet, and whether a host is one of its own. Pure, on any text."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from db.ids import folded

if TYPE_CHECKING:
    from db.model import Outlet

__all__ = ["as_domain", "bare_host", "lives_at", "name_key", "name_keys", "unbracketed"]

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
    "online",
)
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


def as_domain(name: str) -> str | None:
    """The host that a name is (`nytimes.com`, `https://www.bbc.co.uk/news`), without www; None for other names."""
    text = name.strip().lower()[:_READ_CHARS]
    if "://" in text:
        try:
            text = urlsplit(text).hostname or ""
        except ValueError:
            return None
    host = bare_host(text.split("/", 1)[0])
    return host if _DOMAIN.match(host) else None


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


def _without_article(key: str) -> str:
    first, _, rest = key.partition(" ")
    return rest if rest and first in _ARTICLES else key


def _without_tail(key: str) -> str:
    for tail in _TAILS:
        if key.endswith(f" {tail}"):
            return key[: -len(tail) - 1]
    return key
