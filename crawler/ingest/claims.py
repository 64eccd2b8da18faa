"""From a document's layout to its claims: sentences, the citations each leans on, its context and its id.

Rule: a sentence with a marker is a claim whatever it says; one without is a claim, uncited, if it is checkable. A
marker belongs to the sentence whose words stand before it: before and after the full stop is the same sentence.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.ingest.asides import is_aside, with_asides_apart
from crawler.ingest.binding import Binder
from crawler.ingest.checkable import why_not_checkable
from crawler.ingest.languages import guessed_language
from crawler.ingest.layout import Block, BlockKind
from crawler.ingest.rendering import rendered
from crawler.ingest.sentences import sentence_spans
from db.ids import body_sha256, digest, folded
from db.model import Claim, ClaimMark, DocumentVersion, Ingested

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.ingest.layout import Edit, Layout, Pointer
    from crawler.ingest.rendering import Rendered

__all__ = ["assembled"]

#: Characters of `ClaimMark.context`.
MAX_CONTEXT = 600
#: Characters of one block that are read as one paragraph; what is longer is cut at a space.
MAX_BLOCK = 20_000
#: Characters below which nothing can be checkable (five words of one letter): pages have thousands of such blocks.
LEAST_CHARACTERS = 9

_PROSE = frozenset({BlockKind.PARAGRAPH, BlockKind.ITEM})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    text: str
    start: int
    end: int
    heading: str | None
    citation_ids: tuple[str, ...]
    lead_in: tuple[int, int] | None  #: of a list item: the sentence that leads into its list


def assembled(layout: Layout, *, name: str, media_type: str) -> Ingested:
    """All that the document says, ready for the store; ids by the rules of DESIGN section 5."""
    document_id = digest("document", name)
    language = layout.language or guessed_language(layout.text)
    binder = Binder(layout, document_id)
    _count_broken_encoding(layout, binder)
    sentences = list(_sentences(layout, binder, language))
    claims, marks = _claims(layout.text, sentences, document_id=document_id, language=language)
    version = DocumentVersion(
        document_id=document_id,
        name=name,
        sha256=body_sha256(layout.text.encode()),
        text=layout.text,
        media_type=media_type,
        language=language,
    )
    unparsed = binder.unparsed()
    return Ingested(
        version=version,
        claims=claims,
        claim_marks=marks,
        citations=tuple(binder.citations.values()),
        citation_marks=tuple(binder.marks),
        unparsed=unparsed,
    )


def _claims(
    text: str, sentences: list[_Sentence], *, document_id: str, language: str | None
) -> tuple[tuple[Claim, ...], tuple[ClaimMark, ...]]:
    seen: Counter[str] = Counter()
    claims, marks = [], []
    for index, sentence in enumerate(sentences):
        if not sentence.citation_ids and why_not_checkable(sentence.text):
            continue
        key = folded(sentence.text)
        claim = Claim(
            id=digest("claim", document_id, key, seen[key]),
            document_id=document_id,
            text=sentence.text,
            occurrence=seen[key],
            language=language,
        )
        seen[key] += 1
        claims.append(claim)
        marks.append(
            ClaimMark(
                claim_id=claim.id,
                start=sentence.start,
                end=sentence.end,
                heading=sentence.heading,
                context=_context(text, sentences, index),
                citation_ids=sentence.citation_ids,
            )
        )
    return tuple(claims), tuple(marks)


def _context(text: str, sentences: list[_Sentence], index: int) -> str:
    """The sentence with its lead-in and neighbours under the same heading, as written, as far as they fit."""
    here = sentences[index]
    spans = {(here.start, here.end)}
    room = MAX_CONTEXT - (here.end - here.start)
    near = [here.lead_in] if here.lead_in else []
    near += [
        (sentences[i].start, sentences[i].end)
        for i in (index - 1, index + 1)
        if 0 <= i < len(sentences) and sentences[i].heading == here.heading
    ]
    for start, end in near:
        if (start, end) not in spans and end - start + 1 <= room:
            spans.add((start, end))
            room -= end - start + 1
    return " ".join(text[start:end] for start, end in sorted(spans))[:MAX_CONTEXT]


def _sentences(layout: Layout, binder: Binder, language: str | None) -> Iterator[_Sentence]:
    lead_in: tuple[int, int] | None = None
    for part in _parts(layout, binder):
        if part.block.kind not in _PROSE:
            binder.outside(part.pointers)
            lead_in = None
            continue
        is_item = part.block.kind is BlockKind.ITEM
        for sentence in part.sentences(layout.text, binder, language, lead_in if is_item else None):
            yield sentence
            lead_in = lead_in if is_item else (sentence.start, sentence.end)


def _parts(layout: Layout, binder: Binder) -> Iterator[_Part]:
    """The blocks, each whole or, where it is longer than a paragraph can be, cut at a space."""
    pointers = [pointer for pointer in layout.pointers if binder.knows(pointer)]
    edit_starts = [edit.start for edit in layout.edits]
    pointer_starts = [pointer.start for pointer in pointers]
    for block in layout.blocks:
        start = block.start
        while start < block.end:
            stop = _stop(layout.text, start, block.end)
            stop = _past(stop, pointers, pointer_starts)
            stop = min(block.end, _past(stop, layout.edits, edit_starts))
            # A link's pointer has no width and may stand at the very end.
            last = stop + 1 if stop == block.end else stop
            yield _Part(
                block=block,
                start=start,
                end=stop,
                edits=layout.edits[
                    bisect_left(edit_starts, start) : bisect_left(edit_starts, stop)
                ],
                pointers=tuple(
                    pointer
                    for pointer in pointers[
                        bisect_left(pointer_starts, start) : bisect_left(pointer_starts, last)
                    ]
                    if pointer.end <= stop
                ),
            )
            start = stop
    binder.outside(_homeless(pointers, layout.blocks))


def _homeless(pointers: list[Pointer], blocks: tuple[Block, ...]) -> Iterator[Pointer]:
    """Pointers that stand in no block, as those in a template that makes a box beside the text."""
    starts = [block.start for block in blocks]
    for pointer in pointers:
        index = bisect_right(starts, pointer.start) - 1
        if index < 0 or pointer.end > blocks[index].end:
            yield pointer


def _stop(text: str, start: int, end: int) -> int:
    if end - start <= MAX_BLOCK:
        return end
    space = text.rfind(" ", start + MAX_BLOCK // 2, start + MAX_BLOCK)
    return space + 1 if space > 0 else start + MAX_BLOCK


def _past(stop: int, spans: Sequence[Edit | Pointer], starts: list[int]) -> int:
    """`stop`, or the end of the span that it would cut through."""
    index = bisect_left(starts, stop) - 1
    return max(stop, spans[index].end) if index >= 0 else stop


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A block, or as much of it as is read at once."""

    block: Block
    start: int
    end: int
    edits: tuple[Edit, ...]
    pointers: tuple[Pointer, ...]

    def sentences(
        self, text: str, binder: Binder, language: str | None, lead_in: tuple[int, int] | None
    ) -> Iterator[_Sentence]:
        if not self.pointers and self.end - self.start < LEAST_CHARACTERS:
            return
        view = rendered(text, self.start, self.end, edits=self.edits, pointers=self.pointers)
        spans = sentence_spans(view.text, language)
        spans = with_asides_apart(view.text, spans, [offset for offset, _ in view.marks])
        markup = _Markup(self.edits)
        position = self.start
        for first, last, until, own in _with_asides(view.text, spans, _held(view, spans)):
            start = min([view.origin(first), *(pointer.start for pointer in own)])
            end = max([view.origin(max(first, until - 1)) + 1, *(pointer.end for pointer in own)])
            start, end = markup.widened(max(start, position), max(end, position), floor=position)
            position = end
            words = view.text[first:last]
            if not any(character.isalnum() for character in words):
                binder.outside(own)
                continue
            yield _Sentence(
                text=words,
                start=start,
                end=end,
                heading=self.block.heading,
                citation_ids=binder.bound(own),
                lead_in=lead_in,
            )
        if not spans:
            binder.outside(self.pointers)


def _held(view: Rendered, spans: list[tuple[int, int]]) -> dict[int, list[Pointer]]:
    """Sentence index → its pointers: the sentence with the last words before the pointer, else the first one."""
    starts = [start for start, _ in spans]
    held: dict[int, list[Pointer]] = {}
    for offset, pointer in view.marks:
        held.setdefault(max(0, bisect_left(starts, offset) - 1), []).append(pointer)
    return held


def _with_asides(
    text: str, spans: list[tuple[int, int]], held: dict[int, list[Pointer]]
) -> Iterator[tuple[int, int, int, list[Pointer]]]:
    """(start, end, end of the remarks behind it, pointers of both) of each sentence.

    A remark that follows no sentence has no words of its own, so that its pointers count as outside of any.
    """
    waiting: tuple[int, int, int, list[Pointer]] | None = None
    for index, (first, last) in enumerate(spans):
        own = held.get(index, [])
        if not (own and is_aside(text[first:last])):
            if waiting:
                yield waiting
            waiting = first, last, last, own
        elif waiting:
            waiting = *waiting[:2], last, [*waiting[3], *own]
        else:
            yield first, first, last, own
    if waiting:
        yield waiting


class _Markup:
    """The edits of one part by their ends, so that a sentence takes the markup that touches it."""

    def __init__(self, edits: tuple[Edit, ...]) -> None:
        self._begins = {edit.end: edit.start for edit in edits}
        self._ends = {edit.start: edit.end for edit in edits}

    def widened(self, start: int, end: int, *, floor: int) -> tuple[int, int]:
        while floor <= self._begins.get(start, -1) < start:
            start = self._begins[start]
        while self._ends.get(end, -1) > end:
            end = self._ends[end]
        return start, end


def _count_broken_encoding(layout: Layout, binder: Binder) -> None:
    first = layout.text.find("\ufffd")
    if first >= 0:
        times = layout.text.count("\ufffd")
        detail = f"{times:,} characters could not be decoded and are U+FFFD here; save the file as UTF-8."
        binder.count("broken_encoding", n="", start=first, end=first + 1, detail=detail)
