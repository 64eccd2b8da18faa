"""How much is asked of anyone and taken from anyone: the table of `limits.toml` as records.

Rule: pure. What a request may cost follows from its purpose, its service and the media type that the server names.
"""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from db.words import CapturePurpose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from db.model import Headers

__all__ = [
    "Limits",
    "MediaTypes",
    "Reading",
    "ServiceLimits",
    "SiteLimits",
    "header",
    "limits",
    "media_type",
]

#: Redirects whose body says nothing that their Location does not.
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLimits:
    """What holds for every host; each field is explained in `limits.toml`."""

    gap_s: float
    slowest_gap_s: float
    crawl_delay_s: float
    patience_s: float
    retry_after_s: float
    deadline_s: float
    connections: int
    redirects: int
    robots_redirects: int
    robots_fresh_s: float
    robots_ask_again_s: float
    robots_no_answer_s: float
    breaker_failures: int
    breaker_s: float
    breaker_longest_s: float
    recovery: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLimits:
    """What a service asks for, where it differs from a site."""

    gap_s: float
    anonymous_gap_s: float | None = None  #: for those who do not say who they are
    deadline_s: float | None = None
    breaker: str | None = None  #: key of the breaker that it shares with its siblings
    connect_breaker_s: float | None = None  #: a refused connection opens the breaker for so long
    no_retry_after_s: float | None = None  #: the wait after 429 without Retry-After
    accept_encoding: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How much of one body is read."""

    limit_bytes: int
    cut: bool  #: stop silently at the limit, instead of giving up as too large


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaTypes:
    """Which bodies are worth reading."""

    whole: frozenset[str]  #: up to the limit of their purpose
    pages: frozenset[str]  #: up to the limit of a page
    families: tuple[str, ...]
    suffixes: tuple[str, ...]

    def is_whole(self, name: str) -> bool:
        """Whether a source of this type may be larger than a page."""
        return name in self.whole

    def is_readable(self, name: str) -> bool:
        """Whether anything here can read this type; "" where the server names none."""
        return (
            name in self.whole
            or name in self.pages
            or name.startswith(self.families)
            or name.endswith(self.suffixes)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The whole table."""

    site: SiteLimits
    services: Mapping[str, ServiceLimits]
    body_bytes: Mapping[str, int]
    media: MediaTypes
    ratio: int

    def service(self, name: str) -> ServiceLimits:
        """The row of a service; one that has none is asked as carefully as a stranger."""
        return self.services.get(name, self.services["default"])

    def anonymous(self) -> Limits:
        """The table for an operator who gives no address: who demands one is asked at its anonymous rate."""
        services = {
            name: dataclasses.replace(row, gap_s=row.anonymous_gap_s or row.gap_s)
            for name, row in self.services.items()
        }
        return dataclasses.replace(self, services=services)

    def wire_bytes(self, purpose: CapturePurpose) -> int:
        """The most that is taken off the wire for this purpose."""
        return self.body_bytes[purpose.value]

    def decoded_bytes(self, purpose: CapturePurpose, media: str) -> int:
        """The most that a body of this purpose and media type may be once decoded."""
        if purpose is CapturePurpose.SOURCE and not self.media.is_whole(media):
            return self.body_bytes["page"]
        return self.body_bytes[purpose.value]

    def reading(self, status: int, headers: Headers, *, limit_bytes: int) -> Reading:
        """How much of a body is read, judged by the head of the response."""
        if status in REDIRECTS and header(headers, "location") is not None:
            return Reading(limit_bytes=min(self.body_bytes["redirect"], limit_bytes), cut=True)
        media, _ = media_type(headers)
        if not self.media.is_readable(media or ""):
            return Reading(limit_bytes=0, cut=True)
        # The limit of a source is a PDF's; the head of the response tells whether it is one.
        if limit_bytes == self.body_bytes["source"] and not self.media.is_whole(media or ""):
            return Reading(limit_bytes=self.body_bytes["page"], cut=False)
        return Reading(limit_bytes=limit_bytes, cut=False)


def header(headers: Headers, name: str) -> str | None:
    """The first field of this name, None if there is none."""
    return next((value for key, value in headers if key.lower() == name), None)


def media_type(headers: Headers) -> tuple[str | None, str | None]:
    """Media type without parameters and charset as Content-Type names them, both lower case, each None if absent."""
    value = header(headers, "content-type")
    if value is None:
        return None, None
    name, *parameters = value[:500].split(";")
    charset = None
    for parameter in parameters:
        key, _, text = parameter.partition("=")
        if key.strip().lower() == "charset":
            charset = text.strip().strip("\"'").strip().lower() or None
            break
    return name.strip().lower() or None, charset


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The table that ships with the package."""
    table: dict[str, Any] = tomllib.loads(
        files("crawler.fetch").joinpath("limits.toml").read_text(encoding="utf-8")
    )
    body_bytes = dict(table["bytes"])
    return Limits(
        site=SiteLimits(**table["site"]),
        services={name: ServiceLimits(**row) for name, row in table["services"].items()},
        ratio=body_bytes.pop("ratio"),
        body_bytes=body_bytes,
        media=MediaTypes(
            whole=frozenset(table["media"]["whole"]),
            pages=frozenset(table["media"]["pages"]),
            families=tuple(table["media"]["families"]),
            suffixes=tuple(table["media"]["suffixes"]),
        ),
    )
