"""Which citation a marker means, and everything about markers and references that has to be counted.

Rule: a marker binds only where exactly one citation answers to it. Two different references under one number leave
every use of that number unbound (`ambiguous_marker`), because judging a claim against the wrong source is worse than
not judging it; both references stay citations. One reference under two numbers is one citation with two marks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from db.ids import digest, folded
from db.model import Citation, CitationMark, Unparsed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.ingest.layout import Layout, Pointer, Reference, Work

__all__ = ["Binder", "citation_of"]

#: Characters kept of what could not be parsed, and of a reference (`CitationMark.raw`).
MAX_RAW = 2_000
#: Unparsed rows of one reason; the rest are counted in one row, so that a hostile text fills no store.
MAX_UNPARSED = 1_000

_DETAILS = {
    "no_outlet_or_title": "This reference names neither an outlet nor a title, URL or DOI that could be told apart.",
    "duplicate_marker": "Another reference has the same marker; both are kept, and the marker binds to neither.",
    "ambiguous_marker": "This marker means two different references; it was bound to neither.",
    "marker_without_source": "No reference has this marker.",
    "source_unparsed": "The reference with this marker could not be parsed.",
    "source_without_marker": "No sentence points to this reference; it is kept as a citation.",
    "marker_outside_claim": "This marker stands outside of any sentence (a heading, a table, a line of its own).",
}


class Binder:
    """The references of one document, asked once for every marker in it."""

    def __init__(self, layout: Layout, document_id: str) -> None:
        self._text = layout.text
        self._references = layout.references
        self._by_key: defaultdict[str, dict[tuple[str, ...], None]] = defaultdict(dict)
        self._n: dict[str, str] = {}
        self._used: set[str] = set()
        self._marked: set[tuple[str, str]] = set()
        self._unparsed: list[Unparsed] = list(layout.unparsed)
        self._surplus: Counter[str] = Counter()
        self.citations: dict[str, Citation] = {}
        self.marks: list[CitationMark] = []
        for reference in layout.references:
            self._keep(reference, document_id)

    def knows(self, pointer: Pointer) -> bool:
        """Whether this is a marker at all: it looks like nothing else, or some reference answers to it."""
        return pointer.is_certain or any(self._key(key) for key in pointer.keys)

    def bound(self, pointers: Iterable[Pointer]) -> tuple[str, ...]:
        """Ids of the citations that these markers of one sentence mean, in order, each once."""
        ids: dict[str, None] = {}
        for pointer in pointers:
            for key in pointer.keys:
                ids.update(dict.fromkeys(self._citation_ids(pointer, key)))
        return tuple(ids)

    def outside(self, pointers: Iterable[Pointer]) -> None:
        """Count markers that no sentence holds; their references are pointed to all the same."""
        for pointer in pointers:
            self._used.update(filter(None, map(self._key, pointer.keys)))
            n = ", ".join(filter(None, map(self._shown, pointer.keys)))
            self.count("marker_outside_claim", n=n, start=pointer.start, end=pointer.end)

    def count(self, reason: str, *, n: str, start: int, end: int, detail: str = "") -> None:
        """Keep something that could not be used."""
        self._surplus[reason] += 1
        if self._surplus[reason] <= MAX_UNPARSED:
            self._unparsed.append(
                Unparsed(
                    n=n,
                    start=start,
                    end=end,
                    raw=self._text[start : min(end, start + MAX_RAW)],
                    reason=reason,
                    detail=detail or _DETAILS[reason],
                )
            )

    def unparsed(self) -> tuple[Unparsed, ...]:
        """All that could not be used, in the order of the text; ask when every marker has been bound."""
        for reference in self._references:
            if reference.works and not reference.is_pointed and reference.key not in self._used:
                self._count("source_without_marker", reference)
        rows = sorted(self._unparsed, key=lambda row: (row.start, row.end, row.reason))
        for reason, times in sorted(self._surplus.items()):
            if times > MAX_UNPARSED:
                detail = f"{times - MAX_UNPARSED:,} more like this were counted but are not listed."
                rows.append(
                    Unparsed(
                        n="",
                        start=len(self._text),
                        end=len(self._text),
                        raw="",
                        reason=reason,
                        detail=detail,
                    )
                )
        return tuple(rows)

    def _keep(self, reference: Reference, document_id: str) -> None:
        known = self._by_key[reference.key] if reference.key else {}
        self._n.setdefault(reference.key, reference.n)
        citations = [citation_of(work, document_id) for work in reference.works]
        for citation in citations:
            self.citations.setdefault(citation.id, citation)
            self._mark(reference, citation.id)
        if not citations:
            self._count("no_outlet_or_title", reference)
        answer = tuple(citation.id for citation in citations)
        if known and answer not in known:
            self._count("duplicate_marker", reference)
        known[answer] = None

    def _mark(self, reference: Reference, citation_id: str) -> None:
        seen = (citation_id, reference.n)
        if reference.is_pointed and seen in self._marked:
            return
        self._marked.add(seen)
        mark = CitationMark(
            citation_id=citation_id,
            n=reference.n,
            start=reference.start,
            end=reference.end,
            raw=reference.raw[:MAX_RAW],
        )
        self.marks.append(mark)

    def _citation_ids(self, pointer: Pointer, key: str) -> tuple[str, ...]:
        known = self._key(key)
        if known is None:
            self._count_marker("marker_without_source", pointer, key)
            return ()
        self._used.add(known)
        answers = [*self._by_key[known]]
        if len(answers) > 1:
            self._count_marker("ambiguous_marker", pointer, key)
            return ()
        if not answers[0]:
            self._count_marker("source_unparsed", pointer, key)
        return answers[0]

    def _key(self, key: str) -> str | None:
        """The key as some reference has it: `[1]` also finds the footnote `[^1]:`, and the other way round."""
        other = key[1:] if key.startswith("^") else f"^{key}"
        return next((each for each in (key, other) if self._by_key.get(each)), None)

    def _shown(self, key: str) -> str:
        """The marker as a person knows it; readers' own keys begin or part with a control character."""
        n = self._n.get(self._key(key) or "") or key.rpartition("\x03")[2].strip("^")
        return "" if n.startswith(("\x00", "\x01", "\x02", "\x04")) else n

    def _count(self, reason: str, reference: Reference) -> None:
        self.count(reason, n=reference.n, start=reference.start, end=reference.end)

    def _count_marker(self, reason: str, pointer: Pointer, key: str) -> None:
        self.count(reason, n=self._shown(key), start=pointer.start, end=pointer.end)


def citation_of(work: Work, document_id: str) -> Citation:
    """The citation of a work in a document; its id never depends on its number (DESIGN section 5)."""
    parts = (folded(work.outlet), folded(work.title), folded(work.date), work.url, work.doi)
    return Citation(
        id=digest("citation", document_id, *parts),
        document_id=document_id,
        outlet=work.outlet,
        title=work.title,
        date=work.date,
        url=work.url,
        doi=work.doi,
    )
