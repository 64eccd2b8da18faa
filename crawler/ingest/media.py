"""What kind of document a text is: by declaration, by the extension of its name, by its look.

A specific declaration wins (`text/html`), then the extension, because servers send almost everything else as
`text/plain`; the look of the text decides last. Types are those of `db.model.DocumentVersion.media_type`.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

__all__ = ["HTML", "JSONL", "MARKDOWN", "PLAIN", "WIKITEXT", "media_type_of"]

MARKDOWN = "text/markdown"
PLAIN = "text/plain"
HTML = "text/html"
WIKITEXT = "text/x-wiki"
JSONL = "application/jsonl"

_DECLARED = {
    MARKDOWN: MARKDOWN,
    "text/x-markdown": MARKDOWN,
    HTML: HTML,
    "application/xhtml+xml": HTML,
    WIKITEXT: WIKITEXT,
    "text/x-mediawiki": WIKITEXT,
    "text/vnd.mediawiki": WIKITEXT,
    JSONL: JSONL,
    "application/x-jsonlines": JSONL,
    "application/x-ndjson": JSONL,
    "application/json-lines": JSONL,
}
_EXTENSIONS = {
    "md": MARKDOWN,
    "markdown": MARKDOWN,
    "mdown": MARKDOWN,
    "mkd": MARKDOWN,
    "htm": HTML,
    "html": HTML,
    "xhtml": HTML,
    "wiki": WIKITEXT,
    "wikitext": WIKITEXT,
    "mediawiki": WIKITEXT,
    "jsonl": JSONL,
    "ndjson": JSONL,
    "jsonlines": JSONL,
}
#: Characters looked at when neither a declaration nor the name says anything.
SNIFFED_CHARACTERS = 20_000
#: The look of each type, strongest first.
_LOOKS = (
    (re.compile(r"\s*\{\s*\"[^\n]{0,5000}\"claim\"\s*:"), JSONL, "match"),
    (re.compile(r"\s*<(?:!doctype\s+html|html|head|body|article)\b", re.IGNORECASE), HTML, "match"),
    (
        re.compile(
            r"</ref>|<ref\s+name|\{\{\s*(?:cite|reflist)\b|^==[^=\n]+==\s*$",
            re.IGNORECASE | re.MULTILINE,
        ),
        WIKITEXT,
        "search",
    ),
    (re.compile(r"</(?:p|div|li|h[1-6])>", re.IGNORECASE), HTML, "search"),
    (
        re.compile(r"^#{1,6} |\]\(https?://|^\[\^[^\]\n]{1,60}\]:|\*\*\w|\[\[\d", re.MULTILINE),
        MARKDOWN,
        "search",
    ),
)


def media_type_of(name: str, text: str, declared: str | None = None) -> str:
    """One of the five media types that ingest reads; plain text where nothing says more.

    `declared` is a Content-Type or a `--type`, parameters allowed.
    """
    told = _DECLARED.get((declared or "").partition(";")[0].strip().lower())
    return told or _EXTENSIONS.get(_extension(name)) or _look(text[:SNIFFED_CHARACTERS])


def _extension(name: str) -> str:
    try:
        path = urlsplit(name).path if "://" in name else name
    except ValueError:
        path = name
    return path.rsplit("/", 1)[-1].rpartition(".")[2].lower()


def _look(text: str) -> str:
    for pattern, media_type, how in _LOOKS:
        if pattern.match(text) if how == "match" else pattern.search(text):
            return media_type
    return PLAIN
