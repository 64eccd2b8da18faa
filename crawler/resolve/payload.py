"""JSON as services really send it, read from hostile bytes. Pure, bounded, never raises.

GDELT's bodies hold raw control characters and broken escapes; its reference client deletes one character at a
time until the rest parses, and so do we, a bounded number of times.
"""

from __future__ import annotations

import json
from typing import Any, Final

__all__ = ["json_value", "strings_of", "text_of"]

#: Bytes read of one answer; services send far less.
READ_BYTES: Final = 8 << 20
#: Characters deleted at most from a broken answer.
SCRUBS: Final = 50
#: Broken answers longer than this are not scrubbed: each deletion parses again.
SCRUB_CHARS: Final = 1 << 20


def json_value(body: bytes, *, scrub: bool = False) -> Any:
    """The value that a body holds, None where it holds none (or holds `null`)."""
    text = body[:READ_BYTES].decode("utf-8", "replace").lstrip("\ufeff")
    for _ in range(SCRUBS if scrub and len(text) <= SCRUB_CHARS else 1):
        try:
            return json.loads(text, strict=False)
        except json.JSONDecodeError as error:
            at = _culprit(text, error.pos)
            text = text[:at] + text[at + 1 :]
        except (ValueError, RecursionError):
            return None
    return None


def text_of(body: bytes, *, limit: int = 300) -> str:
    """The beginning of a body as text on one line, for a person."""
    return " ".join(body[: limit * 4].decode("utf-8", "replace").split())[:limit]


def strings_of(value: Any, *names: str) -> tuple[str, ...]:
    """The fields of these names as text, "" for each that is absent or no string."""
    fields = value if isinstance(value, dict) else {}
    return tuple(found if isinstance(found := fields.get(name), str) else "" for name in names)


def _culprit(text: str, at: int) -> int:
    """Where to delete: the backslash of a broken escape lies one before the position that json names."""
    return (
        at - 1
        if 0 < at <= len(text) and text[at - 1] == "\\" and text[at : at + 1] not in '"\\/bfnrtu'
        else at
    )
