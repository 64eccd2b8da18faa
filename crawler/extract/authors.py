"""Reads who wrote a page.

Rule: a `Head` and the lines under the headline in, bare names out. Fields are asked first, then what is marked up as
the author, then what is only named or worded so, which must look like a name. A site that names itself as the author
is asked no further than for a person; without one it stands as the author.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from crawler.extract.charset import clean_text
from crawler.extract.jsonld import names, strings, types
from crawler.extract.letters import letters_of
from crawler.extract.rules import rules
from db.ids import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.extract.head import Byline, Head
    from crawler.extract.jsonld import LinkedNode

__all__ = ["AGENCIES", "AUTHOR_METAS", "authors_of", "parts_of", "unique"]

MAX_AUTHORS: Final = 20
MAX_NAME_CHARACTERS: Final = 80
MAX_NAME_WORDS: Final = 6
#: Words of what is taken for a name by its looks alone.
MAX_PLAIN_WORDS: Final = 4

#: Names beyond which a list in a byline is of something else: tags, a masthead.
MAX_TOGETHER: Final = 5

AUTHOR_METAS: Final = (
    "citation_author",
    "parsely-author",
    "sailthru.author",
    "author",
    "byl",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor",
    "article:author_name",
    "article_author",
    "byline",
    "cxenseparse:author",
)
#: Lower-case agency → its full name.
AGENCIES: Final = {
    str(key).casefold(): str(value) for key, value in rules("agencies.toml")["names"].items()
}
_RULES: Final = {key: str(value) for key, value in rules("authors.toml").items()}
_LABELS: Final = "|".join(
    sorted(map(re.escape, _RULES["labels"].replace("\n", "|").split("|")), key=len, reverse=True)
)
_BY: Final = re.compile(rf"^(?:{_LABELS})(?![^\W_])[\s:]{{0,4}}", re.IGNORECASE)
_BETWEEN: Final = re.compile(
    r"\s*(?:;|\||/|•|·|&)\s*|\s+(?:and|und|et|y|e|och|og|en|ja|ve|и|та|with|mit|avec|[-–—])\s+|\s*[,、]\s*(?=\w+\s+\w)",
    re.IGNORECASE,
)
_NO_NAME: Final = re.compile(r"\.com\b|\d{3}|[{}<>=]")
_NO_PERSON: Final = re.compile(_RULES["no_person"], re.IGNORECASE)
_COLLECTIVE: Final = re.compile(_RULES["collective"], re.IGNORECASE)
_ADDRESS: Final = re.compile(r"https?:\S*|www\.\S*|\S*@\S*", re.IGNORECASE)
_NOBODY: Final = frozenset(_RULES["nobody"].replace("\n", "|").split("|"))
_PARTICLES: Final = frozenset(_RULES["particles"].split())


def authors_of(head: Head, *, outlet: str = "", lines: Iterable[str] = ()) -> tuple[str, ...]:
    """The persons whom the page names as its writers, else the organisation that it names; each once."""
    own = _own_names(head, outlet)
    others: list[str] = []
    for is_sure, found in _stated(head, lines):
        persons = [name for name in found if not _is_other(name, own)]
        if persons and (is_sure or not others):
            return tuple(unique(_completed(persons, head)))[:MAX_AUTHORS]
        strangers = [name for name in found if _letters(name) not in own]
        if not others or (strangers and all(_letters(name) in own for name in others)):
            others = strangers or found
    return tuple(unique(others))[:MAX_AUTHORS]


def _completed(persons: list[str], head: Head) -> list[str]:
    """The persons, or all of a byline that names them and others: fields often know only who filed the text."""
    known = set(map(folded, persons))
    for byline in head.bylines:
        shown = list(_worded(byline.text)) if persons[0] in byline.text else []
        if len(shown) <= MAX_TOGETHER and known < set(map(folded, shown)):
            return shown
    return persons


def parts_of(text: str) -> list[str]:
    """What a byline joins, without the word before it; in order, nothing judged."""
    plain = _without_addresses(clean_text(text[: 4 * MAX_NAME_CHARACTERS]))
    return [_BY.sub("", part) for part in _BETWEEN.split(_BY.sub("", plain, count=1))]


def unique(found: Iterable[str]) -> Iterator[str]:
    """The names without those that fold to an earlier one, or to nothing."""
    seen = {""}
    for name in found:
        key = folded(name)
        if key not in seen:
            seen.add(key)
            yield name


def _stated(head: Head, lines: Iterable[str]) -> Iterator[tuple[bool, list[str]]]:
    """The names of each source, the surest first, and whether it says that they are the authors'."""
    yield True, list(_linked_authors(head, "author"))
    for key in AUTHOR_METAS:
        yield True, [name for text in head.metas.get(key, ()) for name in _names_in(text)]
    yield True, list(_labelled(head))
    persons = [name for node in head.linked if "Person" in types(node) for name in names(node)]
    yield True, persons if len(persons) == 1 else []
    yield True, list(_linked_authors(head, "creator"))
    for byline in head.bylines:
        yield byline.is_marked, _in_byline(byline)
    label = ""
    for line in lines:
        yield True, list(_worded(f"{label} {line}" if label else line))
        label = line if _BY.fullmatch(line) else ""


def _linked_authors(head: Head, key: str) -> Iterator[str]:
    """The authors of the article's node; those that it only points at are looked up among the others."""
    stated = head.article.get(key)
    for each in stated[:MAX_AUTHORS] if isinstance(stated, list) else [stated]:
        node = _resolved(each, head.linked) if isinstance(each, dict) else each
        is_person = not isinstance(node, dict) or "Organization" not in types(node)
        for text in names(node):
            yield from _names_in(text) if is_person else _whole(text)


def _resolved(node: LinkedNode, linked: Iterable[LinkedNode]) -> LinkedNode:
    if node.get("name") or not isinstance(node.get("@id"), str):
        return node
    return next((each for each in linked if each.get("@id") == node["@id"] and "name" in each), {})


def _labelled(head: Head) -> Iterator[str]:
    """The name that a card for other sites says is the writer's (`twitter:label1`, `twitter:data1`)."""
    for number in "12":
        if _BY.fullmatch(head.meta(f"twitter:label{number}")):
            yield from _names_in(head.meta(f"twitter:data{number}"))


def _in_byline(byline: Byline) -> list[str]:
    linked = [name for text in byline.links for name in _names_in(text)]
    if byline.is_marked:
        return linked if 0 < len(linked) <= MAX_TOGETHER else list(_names_in(byline.text))
    named = [name for name in linked if _looks_like_name(name)]
    if 0 < len(named) <= MAX_TOGETHER:
        return named
    return list(_worded(byline.text)) or list(filter(_looks_like_name, _names_in(byline.text)))


def _worded(line: str) -> Iterator[str]:
    """The names in a line that says by its first words that they follow."""
    if len(line) <= 2 * MAX_NAME_CHARACTERS and _BY.match(line):
        yield from filter(_looks_like_name, _names_in(line))


def _names_in(text: str) -> Iterator[str]:
    for place, part in enumerate(parts_of(text)):
        name = part.split(",")[0].split("(")[0].strip(" .,:-–—\"'")
        is_role = place > 0 and _NO_PERSON.search(name) is not None
        if name and len(name.split()) <= MAX_NAME_WORDS and not is_role and not _is_no_name(name):
            yield name[:MAX_NAME_CHARACTERS]


def _whole(text: str) -> Iterator[str]:
    plain = _without_addresses(clean_text(text[: 2 * MAX_NAME_CHARACTERS]))
    name = _BY.sub("", plain).strip(" .,:")
    if name and not _is_no_name(name):
        yield name[:MAX_NAME_CHARACTERS]


def _without_addresses(text: str) -> str:
    may_hold = "@" in text or ":" in text or "www." in text.lower()
    return _ADDRESS.sub("", text) if may_hold else text


def _is_no_name(name: str) -> bool:
    return _NO_NAME.search(name) is not None or folded(name) in _NOBODY


def _looks_like_name(name: str) -> bool:
    """Whether a text without a mark is a person's name: a few words, all but particles in capitals."""
    words = name.split()
    if len(words) > MAX_PLAIN_WORDS or _NO_PERSON.search(name):
        return False
    return all(word in _PARTICLES or not word[:1].islower() for word in words)


def _is_other(name: str, own: frozenset[str]) -> bool:
    """Whether a name is an agency's, a desk's or the site's own."""
    letters = _letters(name)
    return letters in own or name.casefold() in AGENCIES or _COLLECTIVE.search(name) is not None


def _own_names(head: Head, outlet: str) -> frozenset[str]:
    found = {_letters(outlet), *map(_letters, names(head.article.get("publisher"))[:1])}
    for url in (head.canonical, head.meta("og:url"), *strings(head.article.get("url"))[:1]):
        host = _host(url)
        found |= {_letters(host), _letters(max(host.split("."), key=len))}
    return frozenset(found)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _letters(text: str) -> str:
    return letters_of(text[: 4 * MAX_NAME_CHARACTERS])
