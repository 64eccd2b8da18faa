"""How outlet, title and date of a page relate to what was cited.

The outlet is the same where the page lies at a host of the cited outlet; elsewhere it is a copy only where the
page credits the cited outlet or names a page of its as canonical; a site's own claim to be the cited outlet
counts only where no host of that outlet is known. Rule: pure; the page is hostile and compared, never believed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol

from crawler.headlines import bare_headline, missing_names, plain_text, same_headline, similarity
from crawler.outlet_names import bare_host, domain_within, lives_at, name_key, name_keys
from crawler.slugs import page_shape, slug_similarity, slug_words
from crawler.urls import canonical_url, host_of
from crawler.windows import is_near
from db.model import Comparison, Identity
from db.words import IdentityKind

if TYPE_CHECKING:
    from crawler.protocols import Query
    from db.model import Outlet, Page

__all__ = ["SLUG_AT", "Outlets", "identity"]

#: Likeness of a slug from which the address spells the cited headline, though the page shows another.
SLUG_AT: Final = 0.9
#: Title variants and credits that are compared; a page may list any number.
READ_VARIANTS: Final = 12
READ_CREDITS: Final = 20
#: Characters of the page's text in which the words of a drifted headline are looked for.
READ_CHARS: Final = 60_000

_SAME, _DRIFTED, _DIFFERS = IdentityKind.SAME, IdentityKind.DRIFTED, IdentityKind.DIFFERS
_COPY, _UNKNOWN = IdentityKind.COPY, IdentityKind.UNKNOWN

#: An archive's address of a page: what follows is the page's own.
_ARCHIVED: Final = re.compile(
    r"^https?://web\.archive\.org/web/[0-9]{4,14}(?:[a-z]{2}_)?/(https?://.+)$", re.IGNORECASE
)


class Outlets(Protocol):
    """The outlets that are known, by name and host."""

    def named(self, name: str | None) -> Outlet | None:
        """The outlet of this name, None for an unknown one."""

    def of_host(self, host: str | None) -> Outlet | None:
        """The outlet whose pages live at this host, None for an unknown one."""


def identity(
    query: Query, page: Page, *, book: Outlets, host_outlet: Outlet | None = None
) -> Identity:
    """How outlet, title and date of the page relate to what was cited.

    `host_outlet` replaces what the book knows of the page's host.
    """
    url = _own_url(page.url)
    at_host = host_outlet or book.of_host(host_of(url))
    return Identity(
        outlet=_outlet(query, page, url=url, book=book, at_host=at_host),
        title=_title(query, page, url=url, at_host=at_host),
        date=_date(query, page),
    )


# ------------------------------------------------------------------------------------------- outlet


def _outlet(
    query: Query, page: Page, *, url: str, book: Outlets, at_host: Outlet | None
) -> Comparison:
    cited = query.citation.outlet
    found = at_host.name if at_host else page.outlet or host_of(url) or None
    if not cited:
        return Comparison(kind=_UNKNOWN, cited=None, found=found)
    wanted = query.outlet or book.named(cited)
    if query.outlet_is_guess and wanted is not None and not lives_at(wanted, host_of(url)):
        wanted = None  # a guess may show that a page is at the outlet, never that it is not
    kind = _outlet_kind(cited, wanted, page, url=url, book=book, at_host=at_host)
    return Comparison(kind=kind, cited=cited, found=found)


def _outlet_kind(
    cited: str,
    wanted: Outlet | None,
    page: Page,
    *,
    url: str,
    book: Outlets,
    at_host: Outlet | None,
) -> IdentityKind:
    host = host_of(url)
    if wanted is not None and (lives_at(wanted, host) or _is(at_host, wanted)):
        return _SAME
    if _is_copy(cited, wanted, page, book=book, url=url):
        return _COPY
    if wanted is not None and wanted.hosts:
        return _DIFFERS
    if at_host is not None:
        return _SAME if _is_part_of(cited, at_host) else _DIFFERS
    # Neither the name nor the host is known: a name of its own does not show that the outlet is another one.
    return _SAME if _claims(page.outlet, cited) or _spells(host, cited) else _UNKNOWN


def _is(one: Outlet | None, other: Outlet) -> bool:
    return one is not None and name_key(one.name) == name_key(other.name)


def _is_copy(cited: str, wanted: Outlet | None, page: Page, *, book: Outlets, url: str) -> bool:
    """Whether the page credits the cited outlet or names a page of its as the original."""
    if wanted is not None and page.canonical_url and host_of(page.canonical_url) != host_of(url):
        canonical = page.canonical_url
        if lives_at(wanted, host_of(canonical)) and page_shape(canonical) != "home":
            return True
    named = (*page.credits[:READ_CREDITS], *page.authors[:READ_CREDITS])
    return any(_credits(name, cited, wanted, book) for name in named)


def _credits(name: str, cited: str, wanted: Outlet | None, book: Outlets) -> bool:
    """Whether a byline or credit is the cited outlet's name, alone or before a slash or comma ("Staff, Reuters")."""
    for piece in (name[:200], *re.split(r"[/,;|]| via | with ", name[:200])):
        if not piece.strip() or domain_within(piece):
            continue
        if name_key(piece) == name_key(cited):
            return True
        known = book.named(piece) if wanted is not None else None
        if known is not None and wanted is not None and _is(known, wanted):
            return True
    return False


def _is_part_of(cited: str, outlet: Outlet) -> bool:
    """Whether a name that no seed knows names a part of the outlet: `CNN Politics`."""
    key = name_key(cited)
    return any(key.startswith(f"{name_key(name)} ") for name in (outlet.name, *outlet.aliases))


def _claims(stated: str | None, cited: str) -> bool:
    """Whether the name that a page gives itself is the cited one, with or without article and tail."""
    return bool(stated) and bool(set(name_keys(stated or "")) & set(name_keys(cited)))


def _spells(host: str, cited: str) -> bool:
    """Whether the host is the cited name run together: `exampleherald.com`, `the-example-herald.org`."""
    labels = bare_host(host).split(".")
    squashed = {key.replace(" ", "") for key in name_keys(cited)}
    return any(label.replace("-", "") in squashed for label in labels[:-1] if len(label) > 3)  # noqa: PLR2004 - co, com, org


# -------------------------------------------------------------------------------------------- title


def _title(query: Query, page: Page, *, url: str, at_host: Outlet | None) -> Comparison:
    cited = query.citation.title
    variants = dict.fromkeys(
        title for title in (page.title, *page.titles[:READ_VARIANTS]) if title and title.strip()
    )
    shown = next(iter(variants), None)
    if not cited or not cited.strip():
        return Comparison(kind=_UNKNOWN, cited=None, found=shown)
    names = _names(query.outlet, at_host, page.outlet)
    wanted = bare_headline(cited, names)
    scored = [(similarity(wanted, bare_headline(title, names)), title) for title in variants]
    _score, best = max(scored, key=lambda pair: pair[0], default=(0.0, shown))
    kind = same_headline(wanted, bare_headline(best, names)) if best else _UNKNOWN
    if kind is _DRIFTED and not _told_by_page(wanted, best or "", page):
        kind = _DIFFERS
    if kind in {_DIFFERS, _UNKNOWN} and _slug_agrees(wanted, url, page):
        kind = _DRIFTED
    return Comparison(kind=kind, cited=cited, found=best)


def _names(wanted: Outlet | None, at_host: Outlet | None, stated: str | None) -> tuple[str, ...]:
    known = [outlet for outlet in (wanted, at_host) if outlet is not None]
    names = [name for outlet in known for name in (outlet.name, *outlet.aliases)]
    return (*names, stated) if stated else tuple(names)


def _slug_agrees(wanted: str, url: str, page: Page) -> bool:
    """Whether the address keeps the cited headline, though the page shows another one now."""
    spelled = " ".join(slug_words(url))
    return slug_similarity(wanted, url) >= SLUG_AT and _told_by_page(wanted, spelled, page)


def _told_by_page(wanted: str, found: str, page: Page) -> bool:
    """Whether the page speaks of those whom only the cited headline names.

    An edited headline is about the same story, whose names and figures stay in its text; a headline with a name
    swapped is not. Two thirds of what may be a name must be there, and every number.
    """
    missing = missing_names(wanted, found)
    if not missing or not page.text:
        return True
    text = set(re.findall(r"\w+", plain_text(page.text[:READ_CHARS])))
    absent = [word for word in missing if not _occurs(word, text)]
    return 3 * len(absent) <= len(missing) and not any(word.isdigit() for word in absent)


def _occurs(word: str, text: set[str]) -> bool:
    return word in text or any(f"{word}{ending}" in text for ending in ("s", "es", "ed", "d"))


# --------------------------------------------------------------------------------------------- date


def _date(query: Query, page: Page) -> Comparison:
    cited, window = query.citation.date, query.window
    published = page.published_on or (page.published_at.date() if page.published_at else None)
    found = published.isoformat() if published else None
    if window is None or published is None:
        return Comparison(kind=_UNKNOWN, cited=cited or None, found=found)
    days = [published] + ([page.published_at.date()] if page.published_at else [])
    if any(is_near(day, window) for day in days):
        return Comparison(kind=_SAME, cited=cited, found=found)
    # A citation may give the day of the last update; publication is then earlier.
    updated = page.modified_at.date() if page.modified_at else None
    if updated and published < window.first_on and is_near(updated, window):
        return Comparison(kind=_DRIFTED, cited=cited, found=found)
    return Comparison(kind=_DIFFERS, cited=cited, found=found)


def _own_url(url: str) -> str:
    """The address of the page itself where it was read from an archive."""
    found = _ARCHIVED.match(url)
    return canonical_url(found[1]) if found else url
