"""One reference line, in any of the ways people write them, to outlet, title, date, URL and DOI as cited.

Rule: nothing is corrected or completed; a part that cannot be told is left out, and a line that yields no part is
None, which the caller keeps as unparsed. The line is taken apart in this order, each step removing what it
understood: DOI, URLs, notes on when it was visited, the title in its quotation marks, the date, the outlet.
Sources: DOI, ISO 26324 with Crossref's pattern; orders of parts from the Chicago, APA and newspaper styles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from crawler.ingest.dates_written import written_date
from crawler.ingest.layout import Work
from crawler.ingest.quotations import quotation_spans

__all__ = ["MAX_REFERENCE", "Hints", "cited_work"]

#: Characters of one reference that are read; `CitationMark.raw` keeps half of them.
MAX_REFERENCE = 4_000
#: Words of an outlet's name when no punctuation tells it from a title.
OUTLET_WORDS = 6
#: Words from which a sentence before italics is a title, and from which linked words are one.
TITLE_WORDS = 4
LINKED_WORDS = 3

_SPACE = re.compile(r"\s+")
#: Crossref's pattern for current DOIs, without the characters that end one in running text.
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>“”«»{}|]{1,200}", re.IGNORECASE)
_DOI_PREFIX = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|\bdoi:?\s?)$", re.IGNORECASE)
_URL = re.compile(r"<?(https?://[^\s<>\"“”«»{}|\\^`]{1,2000})>?", re.IGNORECASE)
_VISITED = re.compile(
    r"[(\[]?\b(?:last )?(?:accessed|retrieved|visited|viewed|archived(?: from the original)?|abgerufen"
    r"|zugriff|consulté|consultado|dostęp|дата обращения|дата звернення|available|verfügbar|disponible)\b"
    # A full stop ends the note unless it belongs to a day or month: `am 2. Februar`, `3 Feb. 2026`.
    r"(?:[^.;()\[\]]|(?<=\D\d)\.(?=\s?\w)|(?<=\D\d\d)\.(?=\s?\w)|\.(?=\s\d)){0,60}[)\].;]?",
    re.IGNORECASE,
)
#: Commas, colons and the like of all scripts that set them round a name.
_NAME_PUNCTUATION = " \t,;:|–—-_*/，、；：،؛"
_OUTER_PUNCTUATION = _NAME_PUNCTUATION + ".。．"
_ABBREVIATED_END = re.compile(r"(?:\b\w\.){2,}$")
_DASHES = re.compile(r"\s[–—|-]\s|\s?—\s?|:\s|：")
_ENDS_NAME = re.compile(r"[:：–—|-]\s*$")
#: A year or date in brackets that ends the authors (APA) or an outlet's name.
_YEAR_PARTS = re.compile(
    r"\(((?:[^()]{1,30}\s)?(?:1[5-9]|20)\d\d(?:, [^()]{1,20})?)\)[.:,]?\s(?=\S)"
)
#: Initials, an ampersand or an inverted name: authors, not an outlet.
_AUTHORS = re.compile(r"(?:^|[\s.])\w\.(?:\s|$|,)|&|^[^\s,]+, [^\s,]+$|\bet al\b")
#: A person's name as styles write it, with initials after a comma; what has none may be an institution.
_INVERTED = re.compile(r",\s\w\.|&|\bet al\b|^[^\s,]+, [^\s,]+$")
_EMPTY_BRACKETS = re.compile(r"[(\[]\s*[,;.]?\s*[)\]]")
#: What follows a title that is not its outlet: volume, pages, edition.
_NOT_OUTLET = re.compile(
    r"^(?:(?:vol|no|nr|pp?|s|iss|issue|ed|eds|section|sec)\b\.?\s*[\w–-]*|[\d\s():,–-]+"
    r"|in|via|by .*|retrieved|from|ibid|urls?|link|doi|pdf|n\.\s?d|online|режим доступу|посилання"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)$",
    re.IGNORECASE,
)
#: What points to a work and is no part of it.
_SEE = re.compile(
    r"(?:see(?: also)?|cf\.|source(?=:)|siehe(?: auch)?|vgl\.|voir|véase|див\.|см\.)[:,]?\s+(?=\S)",
    re.IGNORECASE,
)
#: `Roe R, Poe P.`, as medical journals write authors (ICMJE, Vancouver style).
_VANCOUVER = re.compile(r"(?:[^\W\d_][\w’'-]{1,40} [A-Z]{1,3}(?:, |\. )|et al\. ){1,12}")
_LETTER = re.compile(r"\w")
_SENTENCE_END = re.compile(r"(?<=[?!])\s|\.\s")
_IN = re.compile(r"^(?:in|published in|via|auf|in:)\s+", re.IGNORECASE)
_INITIALS_END = re.compile(r"(?:^|[\s.])\w\.$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the markup of a reference told: words of its links and what it set in italics."""

    urls: tuple[str, ...] = ()
    linked: str = ""  #: the words of its first link
    emphasised: str = ""  #: what it set in italics first


def cited_work(line: str, hints: Hints | None = None) -> Work | None:
    """The work that a reference names, without its marker; None where no part of it can be told."""
    hints = hints or Hints()
    if _URL.match(hints.linked):
        hints = replace(hints, linked="")
    rest = _SPACE.sub(" ", line[:MAX_REFERENCE]).strip()
    see = _SEE.match(rest)
    rest = rest[see.end() :] if see else rest
    rest, doi = _without_doi(rest)
    rest, url = _without_urls(rest, hints)
    rest = _VISITED.sub(" ", rest)
    work = _described(rest, hints, has_address=bool(url or doi))
    outlet, title = (
        each if each and _LETTER.search(each) else None for each in (work.outlet, work.title)
    )
    work = Work(outlet=outlet, title=title, date=work.date, url=url, doi=doi)
    return work or None


def _without_doi(text: str) -> tuple[str, str | None]:
    match = _DOI.search(text)
    if match is None:
        return text, None
    doi = _unclosed(match.group().rstrip(".,;:"))
    head = text[: match.start()]
    prefix = _DOI_PREFIX.search(head)
    start = prefix.start() if prefix else match.start()
    return text[:start] + " " + text[match.start() + len(doi) :], doi


def _without_urls(text: str, hints: Hints) -> tuple[str, str | None]:
    written = [_unclosed(found.rstrip(".,;:!?'’")) for found in _URL.findall(text)]
    urls = [url for url in (*hints.urls, *written) if url]
    live = [url for url in urls if not _is_archived(url)]
    # A bare host is where an outlet's name was linked to, not the work.
    live.sort(key=lambda url: not url.partition("://")[2].partition("/")[2])
    return _URL.sub(" ", text), next(iter(live or urls), None)


def _is_archived(url: str) -> bool:
    host = url.partition("://")[2].partition("/")[0].lower()
    return host in {"web.archive.org", "archive.org", "archive.ph", "archive.today", "archive.is"}


def _unclosed(url: str) -> str:
    """Without a closing bracket that was opened before the URL or DOI."""
    for opening, closing in ("()", "[]"):
        while url.endswith(closing) and url.count(closing) > url.count(opening):
            url = url[:-1].rstrip(".,;:")
    return url


def _described(text: str, hints: Hints, *, has_address: bool) -> Work:
    span = _title_span(text)
    if span is None:
        return _unquoted(text, hints, has_address=has_address)
    title = _without_style(text[span[0] + 1 : span[1] - 1])
    before, after = text[: span[0]], text[span[1] :]
    after, date = _without_date(after)
    if date is None:
        before, date = _without_date(before)
    return Work(outlet=_outlet(before, after, hints), title=title or None, date=date)


def _title_span(text: str) -> tuple[int, int] | None:
    """The first quotation, or the second where the first is an outlet's name: `«Outlet»: «Title»`, `『紙名』「題」`."""
    match [span for span in quotation_spans(text) if text[span[0] + 1 : span[1] - 1].strip()]:
        case [(0, end), (start, _) as second, *_] if text[end:start].strip() in {
            ":",
            "：",
            "—",
            "–",
        }:
            return second
        case [(start, _) as first, (follows, _) as second, *_] if text[start] == "『" and (
            text[follows] == "「"
        ):
            return second
        case [first, *_]:
            return first
        case _:
            return None


def _without_style(title: str) -> str:
    """Without the comma or full stop that American style sets inside the quotation marks."""
    title = title.strip()
    if title.endswith(","):
        return title[:-1].rstrip()
    if title.endswith(".") and not title.endswith("..") and not _ABBREVIATED_END.search(title):
        return title[:-1].rstrip()
    return title


def _without_date(text: str) -> tuple[str, str | None]:
    span = written_date(text)
    if span is None:
        return text, None
    rest = text[: span[0]] + " " + text[span[1] :]
    return _EMPTY_BRACKETS.sub(" ", rest), text[span[0] : span[1]].strip()


def _outlet(before: str, after: str, hints: Hints) -> str | None:
    """Who published: italics, then `Outlet: “…”`, then the first part after the title, then what stands before."""
    lead = _trimmed(before)
    parts = _parts(after)
    if hints.emphasised and hints.emphasised in before + after:
        return _trimmed(hints.emphasised) or None
    if lead and (_ENDS_NAME.search(before) or not parts):
        return _unquoted_name(lead)
    return (_unquoted_name(_IN.sub("", parts[0])) if parts else lead) or None


def _unquoted_name(name: str) -> str:
    whole = quotation_spans(name) == [(0, len(name))]
    return name[1:-1].strip() if whole else name


def _parts(text: str) -> list[str]:
    parts = (_trimmed(part) for part in re.split(r"[,;()\[\]，、；،؛。]|\.\s|\s[–—|]\s", text))
    return [part for part in parts if part and not _NOT_OUTLET.match(part)]


def _trimmed(text: str) -> str:
    text = _SPACE.sub(" ", text).strip(_NAME_PUNCTUATION)
    abbreviated = _ABBREVIATED_END.search(text) or _INITIALS_END.search(text)
    text = text if abbreviated else text.strip(_OUTER_PUNCTUATION)
    return text.strip("()[] ") if text.count("(") != text.count(")") else text


def _unquoted(text: str, hints: Hints, *, has_address: bool) -> Work:
    """A line whose title stands without quotation marks: italics, links, dashes or full stops part it."""
    year = _YEAR_PARTS.search(text)
    if year and not hints.linked:
        outlet, title = _after_year(_trimmed(text[: year.start()]), text[year.end() :], hints)
        return Work(outlet=outlet or None, title=title or None, date=year.group(1).strip())
    text, date = _without_date(text)
    plain = _trimmed(_EMPTY_BRACKETS.sub(" ", text))
    if hints.emphasised and hints.linked and hints.emphasised not in hints.linked:
        outlet, title = _trimmed(hints.emphasised), _trimmed(hints.linked)
    elif hints.emphasised and hints.emphasised in plain:
        outlet, title = _around(plain, hints.emphasised)
    elif hints.linked and hints.linked in plain:
        outlet, title = _linked(plain, hints.linked)
    else:
        outlet, title = _separated(plain, has_support=date is not None or has_address)
    return Work(outlet=outlet or None, title=title or None, date=date)


def _after_year(lead: str, rest: str, hints: Hints) -> tuple[str, str]:
    """`Author, A. (2020). Title. Journal, 12(3).` (APA), or `Outlet (2020). Title.` where the lead is a plain name."""
    end = _SENTENCE_END.search(rest)
    title, follows = (rest[: end.start()], rest[end.end() :]) if end else (rest, "")
    if hints.emphasised and hints.emphasised in follows:
        return _trimmed(hints.emphasised), _trimmed(title)
    parts = _parts(follows)
    if (_AUTHORS.search(lead) and (parts or _INVERTED.search(lead))) or not lead:
        return (parts[0] if parts else ""), _trimmed(title)
    return lead, _trimmed(title)


def _around(plain: str, emphasised: str) -> tuple[str, str]:
    """Italics name the journal after a title (APA), else the work itself."""
    before, _, after = plain.partition(emphasised)
    authors = _VANCOUVER.match(before)
    title = _trimmed(before[authors.end() :]) if authors else ""
    if title:
        return _trimmed(emphasised), title
    sentences = [_trimmed(part) for part in before.split(". ") if _trimmed(part)]
    if sentences and len(sentences[-1].split()) >= TITLE_WORDS:
        return _trimmed(emphasised), sentences[-1]
    parts = _parts(after)
    lead = _trimmed(before)
    if lead and _ENDS_NAME.search(before) and not _AUTHORS.search(lead):
        return lead, _trimmed(emphasised)
    return (parts[0] if parts else ""), _trimmed(emphasised)


def _linked(plain: str, linked: str) -> tuple[str, str]:
    before, _, after = plain.partition(linked)
    parts = _parts(after)
    name = _trimmed(before) or (parts[0] if parts else "")
    if name and len(linked.split()) < LINKED_WORDS <= len(name.split()):
        return linked, name
    return name, _trimmed(linked)


def _separated(plain: str, *, has_support: bool) -> tuple[str, str]:
    """`Outlet — Title`, `Title | Outlet`, `Author. Title. Outlet`, or one part alone where a date or URL helps."""
    dash = _DASHES.search(plain)
    if dash:
        left, right = _trimmed(plain[: dash.start()]), _trimmed(plain[dash.end() :])
        swap = len(left.split()) > OUTLET_WORDS >= len(right.split())
        return (right, left) if swap else (left, right)
    if not has_support or not plain:
        return "", ""
    sentences = _by_sentences(plain)
    if sentences:
        return sentences
    match [part for part in map(_trimmed, plain.split(", ")) if part]:
        case [first, second] if len(first.split()) > len(second.split()):
            return second, first
        case [first, second]:
            return first, second
        case _:
            pass
    return (plain, "") if len(plain.split()) <= OUTLET_WORDS else ("", plain)


def _by_sentences(plain: str) -> tuple[str, str] | None:
    """`Author. Title. Outlet.`, or `Title. Outlet.`; None where full stops part nothing."""
    authors = _VANCOUVER.match(plain)
    if authors and authors.group().endswith(". "):
        parts = filter(None, map(_trimmed, plain[authors.end() :].split(". ")))
        title, outlet = next(parts, ""), next(parts, "")
        return outlet, title
    match [_trimmed(part) for part in re.split(r"(?<=[\w)]{2})\.\s", plain)]:
        case [_, title, outlet, *_] | [title, outlet]:
            return outlet, title
        case _:
            return None
