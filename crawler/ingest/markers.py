"""What running Markdown or plain text holds besides words: markers, links, emphasis, escapes, entities.

Rule: one alternation walks a block once; each alternative is bounded by a character that it cannot contain, so that a
million brackets cost a million steps. Offsets are those of the text as written (CommonMark libraries lose them for
inlines). A bracket is a marker when it looks like nothing else (`[1]`, `[[2]]`, `[^note]`, `[1, 3–5]`) or when some
reference has its label.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.ingest.labels import RAISED, is_exponent, key_of, labels
from crawler.ingest.layout import Edit, Pointer, Reference, Work
from crawler.ingest.notes import cited_works
from crawler.ingest.reference_markup import link_work, reference_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

__all__ = ["Inline", "inline"]

_TOKEN = re.compile(
    r"""
    (?P<escaped>\\\[(?P<escaped_label>[^\[\]\\\n]{1,80})\\\])
  | (?P<escape>\\[!-/:-@\[-`{-~])
  | (?P<note>\^\[(?P<note_words>[^\[\]]{1,2000})\]\^?)
  | (?P<image>!\[[^\[\]]{0,500}\]\([^()\n]{0,2000}\))
  | (?P<nested>\[\[(?P<nested_label>\^?\d{1,3})\]\((?P<nested_url>[^\s()<>]{1,2000})\)\])
  | (?P<double>\[\[(?P<inner>[^\[\]\n]{1,80})\]\](?:\((?P<inner_url>https?://[^\s()<>]{1,2000}(?:\([^\s()<>]{0,300}\)[^\s()<>]{0,500})?)\)|\(\#[^\s()]{0,300}\))?)
  | (?P<bracket>\[(?P<anchor>[^\[\]]{1,1000})\])
    (?P<tail>\(\s?<?(?P<url>[^\s()<>]{1,2000}(?:\([^\s()<>]{0,300}\)[^\s()<>]{0,500})?)>?(?:\s+["'](?P<title>[^"'\n()]{0,500})["'])?\s?\)
      | \[(?P<key>[^\[\]\n]{0,80})\])?
  | (?P<lenticular>【(?P<lenticular_label>[^\[\]【】\n]{1,80})】)
  | <(?P<autolink>https?://[^\s<>]{1,2000})>
  | (?P<sup><sup>\s*\[?(?P<sup_label>[\d,\s–-]{1,40})\]?\s*</sup>)
  | (?P<tag></?[A-Za-z][^<>]{0,1000}>)
  | (?P<bare>https?://[^\s<>"“”«»\[\]{}|\\^`]{1,2000})
  | (?P<raised>[⁰¹²³⁴-⁹]{1,4})
  | (?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});)
  | (?P<emphasis>\*{1,3}|_{1,3}|~~|`{1,3})
    """,
    re.VERBOSE,
)
#: Letters of a label that is a marker, not words that a link is made of (`[A]`).
LETTER_LABEL = 2
_HREF = re.compile(r"""<a\s[^<>]*?href\s?=\s?["']?(https?://[^\s"'<>]{1,2000})""", re.IGNORECASE)
_TRAILING = ".,;:!?'’*_"


@dataclass(slots=True)
class Inline:
    """What a walk over blocks has found so far, in the order of the text."""

    edits: list[Edit] = field(default_factory=list)
    pointers: list[Pointer] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    open_link: tuple[int, str] | None = None  #: an `<a href>` that waits for its end

    def hide(self, start: int, end: int, instead: str = "") -> None:
        """A reader does not see this stretch."""
        if end > start:
            self.edits.append(Edit(start=start, end=end, text=instead))

    def point(
        self, start: int, end: int, keys: tuple[str, ...], *, is_certain: bool = True
    ) -> None:
        """A marker stands here."""
        self.pointers.append(Pointer(start=start, end=end, keys=keys, is_certain=is_certain))

    def cite(
        self,
        span: tuple[int, int],
        raw: str,
        *works: Work,
        n: str = "",
        hidden: tuple[int, int],
    ) -> None:
        """A reference stands in the running text itself; `hidden` is what is no word of the sentence."""
        key = f"\x00{len(self.references)}"
        self.references.append(
            Reference(
                key=key, n=n, start=span[0], end=span[1], raw=raw, works=works, is_pointed=True
            )
        )
        self.point(*hidden, (key,))


def inline(text: str, start: int, end: int, *, found: Inline, keys: Collection[str]) -> None:
    """Add what text[start:end] holds to `found`; `keys` are the labels that references have."""
    position = start
    while match := _TOKEN.search(text, position, end):
        position = max(match.start() + 1, _HANDLERS[match.lastgroup or ""](match, found, keys))
    if found.open_link:
        at, url = found.open_link
        found.cite((at, at), url, Work(url=url), hidden=(end, end))
        found.open_link = None


def _escape(match: re.Match[str], found: Inline, _keys: Collection[str]) -> int:
    found.hide(match.start(), match.start() + 1)
    return match.start() + 2


def _escaped(match: re.Match[str], found: Inline, keys: Collection[str]) -> int:
    r"""`\[1\]`, as converters write a marker; any other words stay in brackets."""
    told = labels(match["escaped_label"])
    if not told or not all(_is_known(key, keys) for key in told[0]):
        return _escape(match, found, keys)
    found.point(*match.span(), told[0])
    return match.end()


def _lenticular(match: re.Match[str], found: Inline, _keys: Collection[str]) -> int:
    """`【1】` and `【1†source】`, as some language models write a marker."""
    told = labels(match["lenticular_label"].partition("†")[0])
    if told:
        found.point(*match.span(), told[0], is_certain=False)
    return match.end()


def _note(match: re.Match[str], found: Inline, keys: Collection[str]) -> int:
    told = labels(match["note_words"])
    if told and all(_is_known(key, keys) for key in told[0]):
        found.point(*match.span(), told[0])
        return match.end()
    plain, hints = reference_text(match["note_words"])
    found.cite(match.span(), match.group(), *cited_works(plain, hints), hidden=match.span())
    return match.end()


def _hidden(match: re.Match[str], found: Inline, _keys: Collection[str]) -> int:
    found.hide(*match.span())
    return match.end()


def _nested(match: re.Match[str], found: Inline, keys: Collection[str]) -> int:
    """`[[1](url)]`, the brackets of a marker round a link."""
    web = match["nested_url"] if match["nested_url"].startswith(("http://", "https://")) else None
    return _marker(match, found, keys, content=match["nested_label"], url=web)


def _double(match: re.Match[str], found: Inline, keys: Collection[str]) -> int:
    return _marker(match, found, keys, content=match["inner"], url=match["inner_url"])


def _marker(
    match: re.Match[str], found: Inline, keys: Collection[str], *, content: str, url: str | None
) -> int:
    """`[1]`, or `[1](url)`, which is its own reference where no list has the number."""
    told = labels(content)
    if told is None:
        return match.start() + 1
    if url and not any(_is_known(key, keys) for key in told[0]):
        found.cite(
            match.span(), match.group(), Work(url=url), n=content.strip(), hidden=match.span()
        )
    else:
        found.point(*match.span(), told[0], is_certain=told[1])
    return match.end()


def _is_known(key: str, keys: Collection[str]) -> bool:
    return key in keys or f"^{key}" in keys or key.removeprefix("^") in keys


def _bracket(match: re.Match[str], found: Inline, keys: Collection[str]) -> int:
    told = labels(match["anchor"])
    url, key = match["url"], match["key"]
    if url is not None:
        if told and told[1]:
            web = url if url.startswith(("http://", "https://")) else None
            return _marker(match, found, keys, content=match["anchor"], url=web)
        return _link(match, found, keys)
    name = key_of(key or match["anchor"])
    if (
        name in keys
        and (key is not None or told is None or (name.isalpha() and len(name) > LETTER_LABEL))
        and not (told and told[1])
    ):
        end = match.end() if key is not None else match.end("bracket")
        return _labelled_link(match, found, keys, name=name, end=end)
    if told is None:
        return match.start() + 1
    found.point(*match.span("bracket"), told[0], is_certain=told[1])
    return match.end("bracket")


def _link(match: re.Match[str], found: Inline, keys: Collection[str]) -> int:
    url = match["url"]
    _words(match, found, keys, end=match.end())
    if url.startswith(("http://", "https://")):
        work = link_work(url, match["anchor"], match["title"])
        found.cite(match.span(), match.group(), work, hidden=(match.end(), match.end()))
    return match.end()


def _labelled_link(
    match: re.Match[str], found: Inline, keys: Collection[str], *, name: str, end: int
) -> int:
    _words(match, found, keys, end=end)
    found.point(end, end, (name,))
    return end


def _words(match: re.Match[str], found: Inline, keys: Collection[str], *, end: int) -> None:
    """The words of a link stay, its brackets and address go."""
    start, stop = match.span("anchor")
    found.hide(match.start(), start)
    inline(match.string, start, stop, found=found, keys=keys)
    found.hide(stop, end)


def _autolink(match: re.Match[str], found: Inline, _keys: Collection[str]) -> int:
    found.cite(match.span(), match.group(), Work(url=match["autolink"]), hidden=match.span())
    return match.end()


def _bare(match: re.Match[str], found: Inline, _keys: Collection[str]) -> int:
    url = match.group().rstrip(_TRAILING)
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1].rstrip(_TRAILING)
    start, end = match.start(), match.start() + len(url)
    text = match.string
    inside = text[start - 1 : start] == "(" and text[end : end + 1] == ")"
    hidden = (start - 1, end + 1) if inside else (start, end)
    found.cite((start, end), url, Work(url=url), hidden=hidden)
    return hidden[1]


def _raised(match: re.Match[str], found: Inline, _keys: Collection[str]) -> int:
    if not is_exponent(match.string, match.start()):
        found.point(*match.span(), (match.group().translate(RAISED),), is_certain=False)
    return match.end()


def _sup(match: re.Match[str], found: Inline, _keys: Collection[str]) -> int:
    told = labels(match["sup_label"].strip())
    if "[" not in match.group() and is_exponent(match.string, match.start()):
        found.hide(match.start(), match.start("sup_label"))
        found.hide(match.end("sup_label"), match.end())
    elif told:
        found.point(*match.span(), told[0], is_certain="[" in match.group())
    return match.end()


def _tag(match: re.Match[str], found: Inline, _keys: Collection[str]) -> int:
    tag = match.group()
    href = _HREF.match(tag)
    if href:
        found.open_link = (match.start(), html.unescape(href[1]))
    elif found.open_link and tag[:3].lower() == "</a":
        at, url = found.open_link
        found.cite((at, match.end()), url, Work(url=url), hidden=(match.end(), match.end()))
        found.open_link = None
    found.hide(*match.span(), " " if tag[1:3].lower() == "br" else "")
    return match.end()


def _entity(match: re.Match[str], found: Inline, _keys: Collection[str]) -> int:
    found.hide(*match.span(), html.unescape(match.group()).replace("\x00", ""))
    return match.end()


def _emphasis(match: re.Match[str], found: Inline, _keys: Collection[str]) -> int:
    """Emphasis marks touch a word on one side; between two words or two spaces they are characters."""
    before, after = (
        match.string[match.start() - 1 : match.start()],
        match.string[match.end() : match.end() + 1],
    )
    spaced = (not before.strip()) and (not after.strip())
    joined = before.isalnum() and after.isalnum()
    if not spaced and (not joined or match.group() in {"**", "***", "~~"}):
        found.hide(*match.span())
    return match.end()


_HANDLERS: dict[str, Callable[[re.Match[str], Inline, Collection[str]], int]] = {
    "escaped": _escaped,
    "escape": _escape,
    "note": _note,
    "lenticular": _lenticular,
    "image": _hidden,
    "nested": _nested,
    "double": _double,
    "bracket": _bracket,
    "tail": _bracket,
    "autolink": _autolink,
    "sup": _sup,
    "tag": _tag,
    "bare": _bare,
    "raised": _raised,
    "entity": _entity,
    "emphasis": _emphasis,
}
