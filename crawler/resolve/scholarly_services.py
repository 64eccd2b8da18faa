"""How each service for papers is asked for a title or a DOI, and what its answers list. Pure.

Source: the REST documentation of Crossref, OpenAlex, DataCite, arXiv and NCBI's E-utilities. Titles come as lists that
may be empty, dates as parts that may be null; what is not there is left out, and no day is made up of a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from crawler.dates import cited_window
from crawler.resolve.markup import read_feed
from crawler.resolve.payload import json_value, strings_of
from crawler.resolve.stamps import stated_day
from crawler.urls import checked_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["BY_DOI", "BY_TITLE", "Service", "Work"]

#: Works that are asked for and read of one answer.
WORKS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One paper as a service lists it."""

    url: str  #: its page where the service names it, else its DOI at doi.org
    title: str
    year: int | None = None
    published_on: date | None = None  #: None where no full day is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service: the URL of a question, and the works in its answer."""

    name: str
    url: Callable[[str], str]
    works: Callable[[bytes], Iterator[Work]]
    further: Callable[[bytes], str] | None = None  #: URL of the question whose answer has the works


def _crossref_url(title: str) -> str:
    fields = "DOI,title,issued,published-online,URL,resource"
    query = urlencode({"query.bibliographic": title, "rows": str(WORKS), "select": fields})
    return f"https://api.crossref.org/works?{query}"


def _crossref(body: bytes) -> Iterator[Work]:
    """The works of a list, or the one work; a wrong DOI answers with the list of all, told by its message type."""
    envelope = json_value(body)
    message = _at(envelope, "message")
    (kind,) = strings_of(envelope, "message-type")
    items = [message] if kind == "work" else _listed(message, "items")
    for item in items:
        (doi,) = strings_of(item, "DOI")
        (page,) = strings_of(_at(item, "resource", "primary"), "URL")
        parts = _parts(item, "issued") or _parts(item, "published-online")
        yield from _work((page, _doi_url(doi)), _first_text(_listed(item, "title")), parts)


def _openalex_url(title: str) -> str:
    # Upper-case words would be operators.
    query = urlencode({"search": f'"{title.lower()}"', "per_page": str(WORKS)})
    return f"https://api.openalex.org/works?{query}"


def _openalex(body: bytes) -> Iterator[Work]:
    for item in _listed(json_value(body), "results"):
        title, doi, day = strings_of(item, "display_name", "doi", "publication_date")
        (page,) = strings_of(_at(item, "primary_location"), "landing_page_url")
        yield from _work((page, doi), title, _stamp_parts(day))


def _datacite_url(title: str) -> str:
    query = urlencode({"query": f'titles.title:"{title}"', "page[size]": str(WORKS)})
    return f"https://api.datacite.org/dois?{query}"


def _datacite(body: bytes) -> Iterator[Work]:
    """The works of a list, or the one work."""
    found = json_value(body)
    one = _at(found, "data")
    for item in [one] if isinstance(one, dict) else _listed(found, "data"):
        attributes = _at(item, "attributes")
        doi, page = strings_of(attributes, "doi", "url")
        titles = [strings_of(each, "title")[0] for each in _listed(attributes, "titles")]
        year = _at(attributes, "publicationYear")
        parts = (year,) if isinstance(year, int) else ()
        yield from _work((page, _doi_url(doi)), _first_text(titles), parts)


def _arxiv_url(title: str) -> str:
    query = urlencode({"search_query": f'ti:"{title}"', "max_results": str(WORKS)})
    return f"https://export.arxiv.org/api/query?{query}"


def _arxiv(body: bytes) -> Iterator[Work]:
    for entry in read_feed(body, base_url="https://arxiv.org/").pages[:WORKS]:
        # arXiv's own date is the preprint's; the paper may be cited by the year of its journal.
        yield from _work((entry.url,), entry.title or "", ())


def _pubmed_url(title: str) -> str:
    fields = {"db": "pubmed", "term": f"{title}[Title]", "retmode": "json", "retmax": str(WORKS)}
    return f"{_EUTILS}/esearch.fcgi?{urlencode({**fields, 'tool': 'citehound'})}"


def _pubmed_further(body: bytes) -> str:
    ids = [
        one
        for one in _listed(_at(json_value(body), "esearchresult"), "idlist")
        if isinstance(one, str) and one.isdigit()
    ]
    fields = {"db": "pubmed", "id": ",".join(ids), "retmode": "json", "tool": "citehound"}
    return f"{_EUTILS}/esummary.fcgi?{urlencode(fields)}" if ids else ""


def _pubmed(body: bytes) -> Iterator[Work]:
    result = _at(json_value(body), "result")
    for uid in _listed(result, "uids"):
        item = _at(result, uid) if isinstance(uid, str) and uid.isdigit() else None
        title, day = strings_of(item, "title", "pubdate")
        dois = (
            value
            for kind, value in (
                strings_of(each, "idtype", "value") for each in _listed(item, "articleids")
            )
            if kind == "doi"
        )
        page = f"https://pubmed.ncbi.nlm.nih.gov/{uid}/"
        yield from _work((_doi_url(next(dois, "")), page), title.rstrip("."), _written_parts(day))


_EUTILS: Final = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"

#: Who is asked for a title, in order.
BY_TITLE: Final = (
    Service(name="crossref", url=_crossref_url, works=_crossref),
    Service(name="openalex", url=_openalex_url, works=_openalex),
    Service(name="datacite", url=_datacite_url, works=_datacite),
    Service(name="arxiv", url=_arxiv_url, works=_arxiv),
    Service(name="pubmed", url=_pubmed_url, works=_pubmed, further=_pubmed_further),
)
#: Who is asked for a DOI, in order: the two registries that papers and data have.
BY_DOI: Final = (
    Service(
        name="crossref",
        url=lambda doi: f"https://api.crossref.org/works/{quote(doi, safe='')}",
        works=_crossref,
    ),
    Service(
        name="datacite",
        url=lambda doi: f"https://api.datacite.org/dois/{quote(doi, safe='')}",
        works=_datacite,
    ),
)


# ------------------------------------------------------------------------------------------ reading


def _work(urls: Iterable[str], title: str, parts: tuple[int, ...]) -> Iterator[Work]:
    """The work at the first usable address; nothing where title or address is missing."""
    checked = (checked_url(url) for url in urls if url)
    url = next((one for one in checked if isinstance(one, str)), "")
    if url and title.strip():
        day = _day(parts)
        yield Work(url=url, title=title.strip(), year=parts[0] if parts else None, published_on=day)


def _day(parts: tuple[int, ...]) -> date | None:
    try:
        return date(*parts) if len(parts) == 3 else None  # noqa: PLR2004 - year, month, day
    except (ValueError, OverflowError):
        return None


def _parts(item: Any, name: str) -> tuple[int, ...]:
    """Year, month and day of Crossref's `date-parts`, as many as are told."""
    rows = _listed(_at(item, name), "date-parts")
    row = rows[0] if rows and isinstance(rows[0], list) else []
    return tuple(part for part in row[:3] if isinstance(part, int))


def _stamp_parts(stamp: str) -> tuple[int, ...]:
    day = stated_day(stamp)
    return (day.year, day.month, day.day) if day else ()


def _written_parts(text: str) -> tuple[int, ...]:
    """The year of a date as PubMed writes it: `2026 Jan 30`, `2026 Winter`."""
    window = cited_window(text)
    return (window.first_on.year,) if window else ()


def _doi_url(doi: str) -> str:
    return f"https://doi.org/{quote(doi, safe='/()._-:;')}" if doi else ""


def _at(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _listed(value: Any, name: str) -> list[Any]:
    found = _at(value, name)
    return found[:WORKS] if isinstance(found, list) else []


def _first_text(values: Iterable[Any]) -> str:
    return next((value for value in values if isinstance(value, str) and value), "")
