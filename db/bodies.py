"""Payloads as they lie in the table `bodies`: one zstd frame each, named by the SHA-256 of what is in it.

Level 2 takes 0.230 of an article page's bytes and three quarters of the time of level 3, which takes 0.225; level 6
takes five times as long (measured on real pages of 50 to 150 KB). Rule: pure.
"""

from __future__ import annotations

from functools import cache

import zstandard

from db.ids import body_sha256

__all__ = ["packed", "unpacked"]

#: zstd level (RFC 8878); see the module's measure.
LEVEL = 2


def packed(body: bytes) -> bytes:
    """The body as one zstd frame that carries its length and a checksum."""
    return _compressor().compress(body)


def unpacked(frame: bytes, *, sha256: str) -> bytes:
    """The body in `frame`.

    Raises: ValueError where the frame is damaged or holds another body than its name says.
    """
    try:
        body = zstandard.ZstdDecompressor().decompress(frame)
    except zstandard.ZstdError as error:
        msg = f"body {sha256}: {error}"
        raise ValueError(msg) from error
    if body_sha256(body) != sha256:
        msg = f"body {sha256}: holds another body"
        raise ValueError(msg)
    return body


@cache
def _compressor() -> zstandard.ZstdCompressor:
    return zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
