"""Content codings taken off a body without ever holding more than was allowed.

Rule: pure. Each decoder gives pieces of at most `STEP_BYTES`, and the sum is watched between two pieces, so that a bomb
costs no more memory than an honest body of the same limit. More than one coding and unknown codings are refused.
Source: RFC 9110 (8.4), RFC 1952 (gzip members), RFC 7932 (brotli), RFC 8878 and RFC 9659 (zstd, its window).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import brotli
import zstandard

from db.words import FailureKind

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from db.model import Headers

__all__ = ["RATIO", "Decoded", "Undecodable", "decoded", "gunzipped", "is_gzip"]

#: Decoded bytes per byte on the wire; real pages stay below 30.
RATIO: Final = 100
#: Below this a high ratio is harmless.
RATIO_FROM_BYTES: Final = 1 << 20

STEP_BYTES: Final = 1 << 16
#: RFC 9659: a sender must not need a larger window in HTTP.
ZSTD_WINDOW_BYTES: Final = 8 << 20
#: Brotli's window takes up to 24 MiB while it grows, beside what is on the wire; this keeps a page within four times
#: its limit. Text takes far less of it.
BROTLI_SHARE: Final = 0.75
#: Members of one gzip body and blocks of one zstd body: beyond, only time is being wasted.
MOST_MEMBERS: Final = 1000
MOST_BLOCKS: Final = 200_000

_GZIP: Final = b"\x1f\x8b"
_GZIP_WBITS: Final = 31
_ZLIB_WBITS: Final = 15
_RAW_WBITS: Final = -15


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A body without its content coding."""

    body: bytes = field(repr=False)
    truncated: bool = False  #: the coding's own end was missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecodable:
    """Why a body was not decoded: protocol, ratio or too_large."""

    kind: FailureKind
    detail: str


class _BrokenCodingError(Exception):
    """The bytes are not what their coding says."""


def decoded(
    wire: bytes, headers: Headers, *, limit_bytes: int, ratio: int = RATIO
) -> Decoded | Undecodable:
    """The body that `wire` stands for, or why it cannot be had."""
    codings = [
        coding.strip().lower()
        for name, value in headers
        if name.lower() == "content-encoding"
        for coding in value.split(",")
    ]
    # Archives send an empty field beside the real one.
    codings = [coding for coding in codings if coding not in {"", "identity"}]
    if len(codings) > 1:
        return Undecodable(kind=FailureKind.PROTOCOL, detail="more than one content coding")
    if not codings or not wire:
        return _within_limit(wire, limit_bytes)
    decoder = _DECODERS.get(codings[0])
    if decoder is None:
        return Undecodable(
            kind=FailureKind.PROTOCOL, detail=f"unknown content coding {codings[0][:20]!a}"
        )
    if codings[0] == "br" and len(wire) > BROTLI_SHARE * limit_bytes:
        return _too_large(limit_bytes)
    return _drained(decoder, wire, limit_bytes=limit_bytes, ratio=ratio)


def is_gzip(body: bytes) -> bool:
    """Whether a body begins as gzip does."""
    return body.startswith(_GZIP)


def gunzipped(wire: bytes, *, limit_bytes: int, ratio: int = RATIO) -> Decoded | Undecodable:
    """The body of gzip bytes that nobody declared as such."""
    return _drained(_gunzip, wire, limit_bytes=limit_bytes, ratio=ratio)


def _within_limit(body: bytes, limit_bytes: int) -> Decoded | Undecodable:
    return Decoded(body=body) if len(body) <= limit_bytes else _too_large(limit_bytes)


def _too_large(limit_bytes: int) -> Undecodable:
    return Undecodable(kind=FailureKind.TOO_LARGE, detail=f"more than {limit_bytes} bytes decoded")


def _drained(
    decoder: Callable[[bytes], Generator[bytes, None, bool]],
    wire: bytes,
    *,
    limit_bytes: int,
    ratio: int,
) -> Decoded | Undecodable:
    # A list, because a buffer that grows is for a moment there twice, beside the decoder's window.
    body: list[bytes] = []
    size, most = 0, max(RATIO_FROM_BYTES, ratio * len(wire))
    pieces = decoder(wire)
    try:
        while True:
            body.append(next(pieces))
            size += len(body[-1])
            if size > most:
                detail = f"more than {ratio} decoded bytes for each byte sent"
                return Undecodable(kind=FailureKind.RATIO, detail=detail)
            if size > limit_bytes:
                return _too_large(limit_bytes)
    except StopIteration as stop:
        return Decoded(body=b"".join(body), truncated=not stop.value)
    except (_BrokenCodingError, zlib.error, brotli.error, zstandard.ZstdError) as error:
        return Undecodable(
            kind=FailureKind.PROTOCOL, detail=f"broken content coding ({error})"[:200]
        )


# ------------------------------------------------------------------------------------------- gzip


def _gunzip(wire: bytes) -> Generator[bytes, None, bool]:
    """All members; what follows the last one and is no member is ignored, as gzip(1) does."""
    for _ in range(MOST_MEMBERS):
        inflater = zlib.decompressobj(_GZIP_WBITS)
        used = yield from _inflate(inflater, wire)
        if not inflater.eof:
            return False
        wire = wire[used:]
        if not wire.startswith(_GZIP):
            return True
    raise _BrokenCodingError(f"more than {MOST_MEMBERS} gzip members")


def _inflate(inflater: zlib._Decompress, wire: bytes) -> Generator[bytes, None, int]:
    """Pieces of one stream; how many bytes of `wire` it took."""
    for start in range(0, len(wire), STEP_BYTES):
        # Small slices, because the rest is copied at each step.
        rest = wire[start : start + STEP_BYTES]
        while rest and not inflater.eof:
            piece = inflater.decompress(rest, STEP_BYTES)
            rest = inflater.unconsumed_tail
            yield piece
        if inflater.eof:
            end = min(start + STEP_BYTES, len(wire))
            return end - len(inflater.unused_data)
    while piece := inflater.decompress(b"", STEP_BYTES):
        yield piece
    return len(wire)


def _deflate(wire: bytes) -> Generator[bytes, None, bool]:
    """Deflate in zlib's wrapping, as the standard says, or raw deflate as some servers send."""
    inflater = zlib.decompressobj(_ZLIB_WBITS)
    try:
        inflater.copy().decompress(wire[:STEP_BYTES], 1)
    except zlib.error:
        inflater = zlib.decompressobj(_RAW_WBITS)
    yield from _inflate(inflater, wire)
    return inflater.eof


# --------------------------------------------------------------------------------- brotli and zstd


def _unbrotli(wire: bytes) -> Generator[bytes, None, bool]:
    decompressor = brotli.Decompressor()
    for start in range(0, len(wire), STEP_BYTES):
        yield decompressor.process(wire[start : start + STEP_BYTES], output_buffer_limit=STEP_BYTES)
        while not decompressor.is_finished() and not decompressor.can_accept_more_data():
            yield decompressor.process(b"", output_buffer_limit=STEP_BYTES)
        if decompressor.is_finished():
            break
    while piece := decompressor.process(b"", output_buffer_limit=STEP_BYTES):
        yield piece
    finished: bool = decompressor.is_finished()
    return finished


def _unzstd(wire: bytes) -> Generator[bytes, None, bool]:
    decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_BYTES)
    with decompressor.stream_reader(wire, read_across_frames=True) as reader:
        while piece := reader.read(STEP_BYTES):
            yield piece
    return _zstd_is_whole(wire)


def _zstd_is_whole(wire: bytes) -> bool:
    """Whether the last frame came to its end: the library gives what there is and does not tell.

    Walks from block to block (RFC 8878, 3.1.1); the blocks themselves have been decoded already.
    """
    at = blocks = 0
    while at < len(wire):
        try:
            frame = zstandard.get_frame_parameters(wire[at : at + 18])
            at += zstandard.frame_header_size(wire[at : at + 18])
        except zstandard.ZstdError:
            return False
        last = False
        while not last:
            if (blocks := blocks + 1) > MOST_BLOCKS:
                raise _BrokenCodingError(f"more than {MOST_BLOCKS} zstd blocks")
            header = int.from_bytes(wire[at : at + 3], "little")
            last = bool(header & 1) or at + 3 > len(wire)
            # An RLE block (type 1) holds one byte, whatever its size says.
            at += 3 + (1 if header >> 1 & 3 == 1 else header >> 3)
        at += 4 if frame.has_checksum else 0
    return at == len(wire)


_DECODERS: Final[Mapping[str, Callable[[bytes], Generator[bytes, None, bool]]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _deflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
