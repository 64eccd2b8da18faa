"""Names for records that stay the same when nothing that matters has changed.

Every id is the first 20 hexadecimal digits (80 bits) of a SHA-256 over its parts, each part prefixed by its
length so that no two different lists of parts read the same. Text is folded first, because a claim whose
quotation marks were prettified is still that claim. This file knows no record, no clock and no file.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

__all__ = ["body_sha256", "digest", "folded"]

#: Hexadecimal digits kept of a digest; 80 bits collide once in about 10^12 records.
ID_DIGITS = 20

#: Typography that says nothing: what editors, feeds and archives change without changing the words.
TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´ʼ＇", "'"),
        **dict.fromkeys("“”„‟«»″＂〝〞", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
        "…": "...",
    }
)
_SPACE = re.compile(r"\s+")


def folded(text: str | None) -> str:
    """Text with case, width, quotation marks, dashes and white space made one; "" for None.

    Source: Unicode NFKC (UAX #15) and full case folding (Unicode 3.13, D144). Idempotent.
    """
    if not text:
        return ""
    if text.isascii():  # NFKC leaves it as it is, and the grave accent is all its typography
        return " ".join(text.replace("`", "'").lower().split())
    plain = (
        unicodedata.normalize("NFKC", text.translate(TYPOGRAPHY)).translate(TYPOGRAPHY).casefold()
    )
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", plain)).strip()


def digest(*parts: str | int | None) -> str:
    """The id of a record made of `parts`; None and "" are the same part."""
    sha256 = hashlib.sha256()
    for part in parts:
        data = ("" if part is None else str(part)).encode("utf-8", "surrogatepass")
        sha256.update(b"%d:" % len(data) + data)
    return sha256.hexdigest()[:ID_DIGITS]


def body_sha256(body: bytes) -> str:
    """The full SHA-256 of a body in hexadecimal: evidence must stay citable outside of this database."""
    return hashlib.sha256(body).hexdigest()
