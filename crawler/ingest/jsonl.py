"""Citehound JSON Lines (DESIGN section 4): one row per claim and citation, all fields but `claim` optional.

Rule: a line that cannot be used is kept with its number and the reason; unknown fields are passed over. Rows with the
same claim are one claim with several citations, rows with the same citation share it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.ingest.binding import MAX_RAW, citation_of
from crawler.ingest.languages import guessed_language
from crawler.ingest.layout import Work
from crawler.ingest.media import JSONL
from db.ids import body_sha256, digest, folded
from db.model import (
    Citation,
    CitationMark,
    Claim,
    ClaimMark,
    DocumentVersion,
    Ingested,
    Unparsed,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["jsonl_ingested"]

_LINE = re.compile(r"[^\r\n]+")
_SPACE = re.compile(r"\s+")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_WORK_FIELDS = ("outlet", "title", "date", "url", "doi")


@dataclass(slots=True)
class _Rows:
    """What the rows read so far amount to."""

    text: str
    document_id: str
    claims: dict[str, Claim] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    cited: dict[str, dict[str, None]] = field(default_factory=dict)
    citations: dict[str, Citation] = field(default_factory=dict)
    marks: list[CitationMark] = field(default_factory=list)
    unparsed: list[Unparsed] = field(default_factory=list)

    def refuse(self, match: re.Match[str], number: int, reason: str, detail: str) -> None:
        self.unparsed.append(
            Unparsed(
                n=str(number),
                start=match.start(),
                end=match.end(),
                raw=match.group()[:MAX_RAW],
                reason=reason,
                detail=f"Line {number}: {detail}",
            )
        )

    def add(self, match: re.Match[str], row: Mapping[str, str], language: str | None) -> None:
        claim = self._claim(row["claim"], language)
        if claim.id not in self.claims:
            self.claims[claim.id] = claim
            self.spans[claim.id] = match.span()
            self.cited[claim.id] = {}
        work = Work(**{name: row[name] for name in _WORK_FIELDS if row.get(name)})
        if work:
            citation = citation_of(work, self.document_id)
            self.citations.setdefault(citation.id, citation)
            self.cited[claim.id][citation.id] = None
            self.marks.append(
                CitationMark(
                    citation_id=citation.id,
                    n=row.get("id", ""),
                    start=match.start(),
                    end=match.end(),
                    raw=match.group()[:MAX_RAW],
                )
            )

    def _claim(self, text: str, language: str | None) -> Claim:
        return Claim(
            id=digest("claim", self.document_id, folded(text), 0),
            document_id=self.document_id,
            text=text,
            occurrence=0,
            language=language,
        )


def jsonl_ingested(text: str, *, name: str) -> Ingested:
    """The claims and citations of a Citehound JSON Lines file."""
    rows = _Rows(text=text, document_id=digest("document", name))
    number, position = 1, 0
    for match in _LINE.finditer(text):
        number += _line_ends(text, position, match.start())
        position = match.end()
        if match.group().strip():
            _read(match, number, rows)
    language = guessed_language("\n".join(claim.text for claim in list(rows.claims.values())[:200]))
    return Ingested(
        version=DocumentVersion(
            document_id=rows.document_id,
            name=name,
            sha256=body_sha256(text.encode()),
            text=text,
            media_type=JSONL,
            language=language,
        ),
        claims=tuple(rows.claims.values()),
        claim_marks=tuple(_mark(rows, claim_id) for claim_id in rows.claims),
        citations=tuple(rows.citations.values()),
        citation_marks=tuple(rows.marks),
        unparsed=tuple(rows.unparsed),
    )


def _line_ends(text: str, start: int, end: int) -> int:
    between = text[start:end]
    return between.count("\n") + between.count("\r") - between.count("\r\n")


def _mark(rows: _Rows, claim_id: str) -> ClaimMark:
    start, end = rows.spans[claim_id]
    return ClaimMark(
        claim_id=claim_id,
        start=start,
        end=end,
        heading=None,
        context="",
        citation_ids=tuple(rows.cited[claim_id]),
    )


def _read(match: re.Match[str], number: int, rows: _Rows) -> None:
    # A line of a million brackets ends in RecursionError, a number of a million digits in ValueError.
    try:
        row = json.loads(match.group())
    except (ValueError, RecursionError) as error:
        rows.refuse(match, number, "malformed_json", f"not JSON ({str(error)[:100]}).")
        return
    if not isinstance(row, dict):
        rows.refuse(match, number, "malformed_row", "not a JSON object with a claim in it.")
        return
    wrong = [name for name in ("id", "claim", *_WORK_FIELDS) if not _is_plain(row.get(name))]
    if wrong:
        rows.refuse(match, number, "malformed_row", f"{', '.join(wrong)} must be text.")
        return
    plain = {name: _text(row.get(name)) for name in ("id", "claim", *_WORK_FIELDS)}
    if not plain["claim"]:
        rows.refuse(match, number, "no_claim", "the row has no claim.")
        return
    rows.add(match, plain, guessed_language(plain["claim"]))


def _is_plain(value: object) -> bool:
    return value is None or (isinstance(value, (str, int, float)) and not isinstance(value, bool))


def _text(value: object) -> str:
    text = "" if value is None else str(value)
    return _SPACE.sub(" ", _LONE_SURROGATES.sub("\ufffd", text).replace("\x00", " ")).strip()
