"""Takes secrets out of what a recording keeps: a tape is handed around, its maker's tokens must not be.

Pure. A secret's value becomes `REDACTED`, wherever it stands: in a header of that name, in a query or form field, in
a JSON field, before the @ of a URL. All of it is idempotent, and a tape's key is made of the redacted request, so
that a replay finds its answers with another token or none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from db.model import Headers

__all__ = ["REDACTED", "redacted", "redacted_body", "redacted_headers"]

REDACTED: Final = "REDACTED"

#: Header fields that carry credentials, whole (RFC 9110, 11.6 and 11.7; RFC 6265); the last two are search services'.
_SECRET_FIELDS: Final = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "x-subscription-token",
        "x-api-key",
    }
)
#: What headers of other services are called that carry one.
_SECRET_FIELD: Final = re.compile(r"token|secret|password|api-?key", re.IGNORECASE)

_NAMES: Final = r"api[_-]?key|(?:access|auth|refresh)[_-]?token|client[_-]?secret|password"

#: `?token=…` in a URL wherever it stands, `token=…` at the start of a form.
_PARAMETER: Final = re.compile(
    rf"((?:^|[?&;])(?:{_NAMES}|key|token|secret)=)[^&#\s]*", re.IGNORECASE
)
_USERINFO: Final = re.compile(r"(\bhttps?://)[^/?#\s@]*@", re.IGNORECASE)
_JSON_FIELD: Final = re.compile(rf'("(?:{_NAMES})"\s*:\s*")[^"\\]*(?:\\.[^"\\]*)*', re.IGNORECASE)


def redacted(text: str) -> str:
    """A URL, or text that may hold one, without its secrets."""
    return _USERINFO.sub(rf"\1{REDACTED}@", _PARAMETER.sub(rf"\1{REDACTED}", text))


def redacted_headers(headers: Headers) -> Headers:
    """Headers without credentials and cookies, and without secrets in the URLs that others hold."""
    return tuple((name, _redacted_value(name, value)) for name, value in headers)


def redacted_body(body: bytes, media_type: str) -> bytes:
    """A request's body without the secrets that forms and JSON carry; other bodies as they are."""
    if "json" in media_type:
        pattern, mark = _JSON_FIELD, rf"\1{REDACTED}"
    elif "form-urlencoded" in media_type:
        pattern, mark = _PARAMETER, rf"\1{REDACTED}"
    else:
        return body
    return pattern.sub(mark, body.decode("latin-1")).encode("latin-1")


def _redacted_value(name: str, value: str) -> str:
    if name.lower() in _SECRET_FIELDS or _SECRET_FIELD.search(name):
        return REDACTED
    return redacted(value)
