"""Shows a page as `citehound extract` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.words import PageState

if TYPE_CHECKING:
    from db.model import Page

__all__ = ["row"]

#: States of which nothing was read: their reason is the row's error.
_ERRORS = frozenset({PageState.UNREADABLE})


def row(page: Page, *, file: str) -> dict[str, str | list[str] | None]:
    """One row: the fields of the design's `extract` shape, times in ISO 8601, a day alone where only it is stated."""
    return {
        "file": file,
        "url": page.canonical_url or page.url,
        "title": page.title,
        "published_at": _published(page),
        "modified_at": page.modified_at.isoformat().replace("+00:00", "Z")
        if page.modified_at
        else None,
        "authors": list(page.authors),
        "language": page.language,
        "access": page.access.value,
        "text": page.text,
        "error": page.state_why if page.state in _ERRORS else None,
    }


def _published(page: Page) -> str | None:
    """The instant, where it lies on the day that the page states; else that day."""
    if page.published_at and page.published_at.date() == page.published_on:
        return page.published_at.isoformat().replace("+00:00", "Z")
    return page.published_on.isoformat() if page.published_on else None
