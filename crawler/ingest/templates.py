"""What stands inside one wikitext reference: a cite template, or a reference in plain words.

mwparserfromhell reads templates rightly but takes ten seconds for 20 kB of hostile braces, so it only sees content that
is short and simple; the rest is read as plain words. Source of parameter names: Citation Style 1 and its translations.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import mwparserfromhell

from crawler.ingest.layout import Work
from crawler.ingest.notes import cited_works
from crawler.ingest.references import MAX_REFERENCE, Hints

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "author_key",
    "plain_wikitext",
    "rendered_template",
    "short_keys",
    "template_name",
    "template_spans",
    "works_in_wikitext",
]

#: What mwparserfromhell is asked to read: opening marks at most, characters at most (`MAX_REFERENCE`).
MAX_OPENERS = 60

_BRACES = re.compile(r"\{\{|\}\}")
_OPENERS = re.compile(r"\{\{|\[\[|<[A-Za-z]|''|\[http|\{\|")
_CITE = re.compile(
    r"\{\{\s*(?:cite|citation|cita|citar|cytuj|citeer|internetquelle|literatur|lien web|article|ouvrage"
    r"|публикация|публікація|книга)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"\{\{\s*([^|{}\n<]{1,100})")
_PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "title": (
        "title",
        "titel",
        "titre",
        "título",
        "titulo",
        "titolo",
        "tytuł",
        "заголовок",
        "назва",
        "заглавие",
        "название",
    ),
    "outlet": (
        "work",
        "newspaper",
        "journal",
        "magazine",
        "website",
        "periodical",
        "agency",
        "publisher",
        "werk",
        "sammelwerk",
        "périodique",
        "site",
        "publication",
        "obra",
        "periódico",
        "publicación",
        "pubblicazione",
        "opera",
        "sito",
        "czasopismo",
        "видання",
        "издание",
        "газета",
        "сайт",
        "hrsg",
        "herausgeber",
        "éditeur",
        "editorial",
        "editore",
        "opublikowany",
        "издательство",
    ),
    "date": (
        "date",
        "year",
        "datum",
        "jahr",
        "fecha",
        "año",
        "data",
        "anno",
        "rok",
        "дата",
        "год",
        "рік",
    ),
    "url": ("url", "chapter-url", "online", "lire en ligne", "ссылка", "посилання"),
    "doi": ("doi",),
}
_SHORT = frozenset({"sfn", "sfnp", "sfnm", "harvnb", "harvp", "harv", "harvtxt", "harvs"})
_LAST_NAMES = (
    "last",
    "author",
    "surname",
    "last1",
    "author1",
    "surname1",
    "last2",
    "author2",
    "last3",
    "last4",
)
#: Templates whose words a reader sees: name → which unnamed parameters, joined by a space.
_SHOWN: Mapping[str, tuple[str, ...]] = {
    "convert": ("1", "2"),
    "cvt": ("1", "2"),
    "nowrap": ("1",),
    "lang": ("2",),
    "abbr": ("1",),
    "as of": ("1",),
    "circa": ("1",),
    "c.": ("1",),
    "val": ("1",),
    "formatnum": ("1",),
    "ill": ("1",),
    "interlanguage link": ("1",),
    "nobr": ("1",),
    "small": ("1",),
    "em": ("1",),
    "strong": ("1",),
    "transl": ("2",),
    "'": (),
    "us$": ("1",),
    "ship": ("1", "2"),
    "quote": ("1",),
}
_INTERNAL = re.compile(r"\[\[(?:[^\[\]|]{0,300}\|)?([^\[\]|]{1,300})\]\]")
_EXTERNAL = re.compile(r"\[(https?://[^\s\[\]<>\"]{1,2000})(?:\s([^\[\]]{1,500}))?\]")
_ITALIC = re.compile(r"(?<!')''([^'\n][^\n]{0,300}?)''(?!')")
_TAGS = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_QUOTES = re.compile(r"'{2,5}")


def template_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of the outermost `{{…}}`, in order; braces without a partner open nothing."""
    spans: list[tuple[int, int]] = []
    open_at: list[int] = []
    for match in _BRACES.finditer(text):
        if match.group() == "{{":
            open_at.append(match.start())
        elif open_at:
            start = open_at.pop()
            while spans and spans[-1][0] > start:
                spans.pop()
            spans.append((start, match.end()))
    return spans


def works_in_wikitext(content: str) -> tuple[Work, ...]:
    """The works that the content of a reference cites; () where no part of any can be told."""
    content = content[:MAX_REFERENCE]
    works = [work for each in _cite_parameters(content) if (work := _work(each))]
    if works:
        return tuple(works)
    links = _EXTERNAL.findall(content)
    italic = _ITALIC.search(content)
    hints = Hints(
        urls=tuple(url for url, _ in links),
        linked=plain_wikitext(links[0][1]) if links else "",
        emphasised=plain_wikitext(italic[1]) if italic else "",
    )
    return cited_works(plain_wikitext(content), hints)


def _work(parameters: Mapping[str, str]) -> Work:
    return Work(**{part: _first(parameters, names) for part, names in _PARAMETERS.items()})


def short_keys(content: str) -> tuple[str, ...]:
    """The keys of the works that short footnotes in `content` name, `{{sfn|Smith|2020|p=3}}`; () for other content."""
    return tuple(
        " ".join(
            part
            for part in map(str.strip, content[start:end].strip("{}").split("|")[1:])
            if part and "=" not in part
        ).casefold()
        for start, end in template_spans(content[:MAX_REFERENCE])
        if template_name(content[start:end]) in _SHORT
    )


def author_key(content: str) -> str:
    """How short footnotes (`{{sfn|Smith|2020}}`) name the work: last names and year, "" where either is missing."""
    parameters = next(iter(_cite_parameters(content)), {})
    names = [parameters[name] for name in _LAST_NAMES if parameters.get(name)]
    year = re.search(
        r"(?:1[5-9]|20)\d\d", parameters.get("date", "") + " " + parameters.get("year", "")
    )
    return " ".join([*names, year.group()]).casefold() if names and year else ""


def template_name(template: str) -> str:
    """The name of a template as written, lower case."""
    match = _NAME.match(template)
    return match[1].strip().lower() if match else ""


def rendered_template(template: str) -> str:
    """The words that a reader sees of a template in running text; "" for most."""
    shown = _SHOWN.get(template_name(template))
    if not shown or not _is_simple(template):
        return ""
    parts = [part.strip() for part in template[2:-2].split("|")[1:]]
    unnamed = [part for part in parts if "=" not in part]
    return " ".join(plain_wikitext(unnamed[int(n) - 1]) for n in shown if int(n) <= len(unnamed))


def plain_wikitext(content: str) -> str:
    """Words without markup: links by their words, templates left out."""
    spans = template_spans(content)
    for start, end in reversed(spans):
        content = content[:start] + " " + content[end:]
    content = _INTERNAL.sub(r"\1", content)
    content = _EXTERNAL.sub(lambda match: match[2] or "", content)
    content = _QUOTES.sub("", _TAGS.sub(" ", content))
    return " ".join(html.unescape(content).replace("\x00", "").split())


def _is_simple(content: str) -> bool:
    return len(content) <= MAX_REFERENCE and len(_OPENERS.findall(content)) <= MAX_OPENERS


def _cite_parameters(content: str) -> list[dict[str, str]]:
    """Parameters of each cite template: names lower case, values as plain words; [] where there is none to read."""
    if not _CITE.search(content) or not _is_simple(content):
        return []
    return [
        {
            str(each.name).strip().lower(): plain_wikitext(str(each.value))
            for each in template.params
        }
        for template in mwparserfromhell.parse(content).ifilter_templates(recursive=False)
        if _CITE.match(str(template))
    ]


def _first(parameters: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((parameters[name] for name in names if parameters.get(name)), None)
