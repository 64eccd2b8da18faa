"""What documents say, and who is cited in them: outlets, claims, citations, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

__all__ = [
    "Citation",
    "CitationMark",
    "Claim",
    "ClaimMark",
    "DateWindow",
    "DocumentVersion",
    "Ingested",
    "LearnedOutlet",
    "Outlet",
    "Unparsed",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateWindow:
    """The days that a date as cited may mean: `Jan 30, 2026` is one day, `December 2025` is 31."""

    first_on: date
    last_on: date  #: inclusive; never before `first_on`


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Who publishes. Hosts are hints that resolving must confirm unless `source` says they were checked."""

    name: str
    aliases: tuple[str, ...] = ()
    hosts: tuple[
        str, ...
    ] = ()  #: lower case, without scheme; a page of the outlet lives at one of them or below
    former_hosts: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()  #: URLs of RSS or Atom feeds
    sitemaps: tuple[str, ...] = ()
    news_sitemaps: tuple[str, ...] = ()
    kind: str = "news"  #: news, agency, government, think_tank, journal, other
    country: str | None = None  #: ISO 3166-1 alpha-2, lower case
    languages: tuple[str, ...] = ()  #: BCP 47
    source: str = ""  #: where these facts come from


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedOutlet:
    """What came of looking for an outlet that no seed knows, remembered so that it is not looked for each time."""

    key: str  #: the name as cited, folded, without accents and punctuation
    name: str  #: as cited first
    outlet: Outlet | None  #: None where nobody is known by this name; its `source` says who told
    is_guess: bool  #: nothing has confirmed that the outlet's hosts are the cited outlet's
    detail: str  #: who was asked and what came of it, for a person
    learned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentVersion:
    """One text of a document. A document is its name; each new text adds a version."""

    document_id: str  #: digest("document", name)
    name: str  #: URL, path or `--name`
    sha256: str  #: of the UTF-8 text
    text: str
    media_type: str  #: text/markdown, text/plain, text/html, text/x-wiki, application/jsonl
    language: str | None  #: BCP 47 primary subtag where known


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A checkable assertion. The id survives renumbering and moved paragraphs."""

    id: str  #: digest("claim", document_id, folded(text), occurrence)
    document_id: str
    text: str  #: the sentence without its citation markers
    occurrence: int  #: 0 for the first sentence of this folded text in the document, 1 for the next
    language: str | None = None
    succeeds: str | None = (
        None  #: id of the claim that this one replaced at the same citation: "claim changed"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimMark:
    """Where one version of a document makes a claim, and which citations it leans on there."""

    claim_id: str
    start: int  #: characters into the version's text
    end: int  #: exclusive; text[start:end] is the sentence as written, markers included
    heading: str | None
    context: str  #: the sentences around it, as written, at most 600 characters
    citation_ids: tuple[str, ...]  #: in the order of their markers; empty for an uncited claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A reference as cited, never corrected."""

    id: str  #: digest("citation", document_id, folded outlet, title, date, url, doi)
    document_id: str
    outlet: str | None
    title: str | None
    date: str | None  #: as written
    url: str | None = None
    doi: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationMark:
    """Where one version of a document lists a citation."""

    citation_id: str
    n: str  #: the marker as written between its brackets ("1", "smith2020"); "" where there is none
    start: int
    end: int
    raw: str  #: the reference as written, at most 2,000 characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Unparsed:
    """Something that looked like a reference or a marker and could not be used; kept and counted."""

    n: str
    start: int
    end: int
    raw: str
    reason: str  #: no_outlet_or_title, marker_without_source, source_without_marker, duplicate_marker, …
    detail: str  #: one sentence for a person


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """All that one version of a document says: what ingest gives and the store takes, whole."""

    version: DocumentVersion
    claims: tuple[Claim, ...]
    claim_marks: tuple[ClaimMark, ...]  #: in document order
    citations: tuple[Citation, ...]
    citation_marks: tuple[CitationMark, ...]  #: in the order of the reference list
    unparsed: tuple[Unparsed, ...] = ()
