"""Descriptions and ready questions as data: what stands in `descriptions.toml` and in `db.views`.

Rule: no Datasette here; `db.datasette.plugin` hands this to it.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from db.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["CANNED_QUERIES", "HIDDEN", "OPERATOR_ONLY", "described", "descriptions"]

#: Whole page text, raw exchanges and who runs here: shown to permitted actors only. The views show what is public.
OPERATOR_ONLY = frozenset({"bodies", "captures", "evidence", "failures", "leases", "pages"})

#: Tables that would only stand in the way.
HIDDEN = frozenset({"_sqlite_migrations", "purging", "verdict_findings", "verdicts_latest"})

#: The column that stands for a row where another table points at it; never a text of a page.
_LABELS = {
    "bodies": "sha256",
    "captures": "url",
    "citations": "title",
    "claims": "text",
    "documents": "name",
    "findings": "verifier",
    "pages": "title",
    "resolutions": "status",
    "runs": "started_at",
    "verdicts": "verdict",
}

#: Questions with a parameter, answered without the right to run SQL.
CANNED_QUERIES: Mapping[str, Mapping[str, str]] = {
    "history_of_claim": {
        "title": "How the verdicts on a claim changed, and why",
        "sql": "SELECT * FROM verdict_history WHERE claim_id = :claim_id ORDER BY decided_at",
    },
    "evidence_of_verdict": {
        "title": "What a verdict rests on",
        "sql": "SELECT * FROM evidence_shown WHERE verdict_id = :verdict_id ORDER BY start",
    },
    "candidates_of_citation": {
        "title": "Every page that was considered for a citation, and why it won or lost",
        "sql": (
            "SELECT r.resolved_at, r.status, r.rule, c.rank, c.url, c.title, c.published_on, c.via,"
            " c.score, c.why, c.features"
            " FROM resolutions r JOIN candidates c ON c.resolution_id = r.id"
            " WHERE r.citation_id = :citation_id ORDER BY r.resolved_at DESC, c.rank"
        ),
    },
    "verdicts_of_document": {
        "title": "What stands of the claims of a document, in its order",
        "sql": (
            "SELECT * FROM latest_verdicts WHERE document LIKE '%' || :document || '%'"
            " ORDER BY document, start"
        ),
    },
    "verdicts_of_outlet": {
        "title": "What stands of the citations of an outlet",
        "sql": (
            "SELECT verdict, reason, count(*) AS claims, count(DISTINCT citation_id) AS citations"
            " FROM latest_verdicts WHERE outlet LIKE '%' || :outlet || '%'"
            " GROUP BY verdict, reason ORDER BY claims DESC"
        ),
    },
    "due": {
        "title": "What is due on a day (YYYY-MM-DD)",
        "sql": (
            "SELECT document, n, outlet, title, claim, verdict, reason, attempted_at, retry_on"
            " FROM latest_verdicts WHERE verdict_id IS NULL OR retry_on <= :day"
            " ORDER BY retry_on, document"
        ),
    },
}


def described(columns: Mapping[str, Sequence[str]]) -> dict[str, dict[str, Any]]:
    """Table or view → its metadata as Datasette wants it: description, columns, label, hidden.

    `columns` names the columns of each table and view of the file; tables that are not ours are passed over.
    """
    data = descriptions()
    views = {view.name: {"description": view.description} for view in VIEWS}
    entries = {**views, **data["tables"]}
    for name, entry in data["views"].items():
        entries[name] = {**entries[name], **entry}
    return {
        name: {
            "description": entries[name]["description"],
            "columns": _meanings(data, entries[name], names=names),
            "hidden": name in HIDDEN,
            **({"label_column": _LABELS[name]} if name in _LABELS else {}),
        }
        for name, names in columns.items()
        if name in entries
    }


@cache
def descriptions() -> Mapping[str, Any]:
    """The descriptions as they are written down."""
    text = resources.files("db.datasette").joinpath("descriptions.toml").read_text("utf-8")
    return tomllib.loads(text)


def _meanings(
    data: Mapping[str, Any], entry: Mapping[str, Any], *, names: Sequence[str]
) -> dict[str, str]:
    meanings = {**data["columns"], **entry.get("columns", {})}
    return {name: meanings[name] for name in names if name in meanings}
