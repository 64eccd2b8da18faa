"""Where the records of a WARC file begin, and what their fields say, without holding any body.

Reads `.warc` and `.warc.gz` with a gzip member for each record, as the standard recommends (ISO 28500, annex D). A file
that ends within a record is read up to the last whole one: that is what a killed recording looks like. Bytes that are
no record, or a gzip member with a broken checksum, are a ConfigError.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from crawler.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Record", "WarcFile"]

#: The fields of one record may take this much.
_FIELDS_LIMIT_BYTES: Final = 64 << 10

#: How much of a block its record keeps: of a message its method or protocol, of a warcinfo all that matters.
_OPENING_BYTES: Final = 16
_INFO_BYTES: Final = 4096

_CHUNK_BYTES: Final = 64 << 10
_GZIP_MAGIC: Final = b"\x1f\x8b"
_WARC_MAGIC: Final = b"WARC/"
_GZIP_WINDOW: Final = 31  #: zlib's largest window, with gzip's header and checksum

#: A record ends with two line ends; some writers add more.
_MOST_LINE_ENDS_BYTES: Final = 64

_MEND: Final = "record it again, or repair it with `warcio recompress`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record: where it begins, and its fields by lower-case name (the first of each)."""

    offset: int
    fields: Mapping[str, str]
    opening: bytes  #: the first bytes of its block

    @property
    def kind(self) -> str:
        """Its WARC-Type."""
        return self.fields.get("warc-type", "")

    @property
    def url(self) -> str:
        """Its target, without the angle brackets that some writers put round it; "" where it has none."""
        return self.fields.get("warc-target-uri", "").strip("<>")


class WarcFile:
    """An open WARC file. Reading is synchronous, so that tasks cannot come between a seek and its read."""

    def __init__(self, path: str) -> None:
        self.path = path
        #: Where a record begins that the file does not hold whole; known once `records` is through.
        self.truncated_at: int | None = None
        self._parser = StatusAndHeadersParser(ArcWarcRecordLoader.WARC_TYPES)
        try:
            self._file: BinaryIO = Path(path).open("rb")  # noqa: SIM115  # closed by close()
            opening = self._file.read(len(_WARC_MAGIC))
        except OSError as error:
            raise self._unusable(error.strerror or str(error), "name a WARC file") from error
        self._is_compressed = opening.startswith(_GZIP_MAGIC)
        if not self._is_compressed and opening != _WARC_MAGIC:
            self.close()
            raise self._not_a_warc()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def records(self) -> Iterator[Record]:
        """Every whole record in order; sets `truncated_at`. Raises ConfigError for a damaged file."""
        offset, size = 0, self._file.seek(0, io.SEEK_END)
        while offset < size:
            try:
                record, end = self._record(offset)
            except EOFError:
                self.truncated_at = offset
                return
            except _NoRecordError as error:
                raise (self._damaged(offset, error) if offset else self._not_a_warc()) from error
            except (zlib.error, StatusAndHeadersParserException, ValueError) as error:
                raise self._damaged(offset, error) from error
            yield record
            offset = end

    def block(self, offset: int, *, limit_bytes: int) -> io.BytesIO:
        """The block of the record at this offset, at most `limit_bytes` of it. Raises ConfigError as `records` does."""
        try:
            stream = self._stream(offset)
            length = _length(self._fields(stream))
            return io.BytesIO(stream.read(min(length, limit_bytes)))
        except (EOFError, zlib.error, StatusAndHeadersParserException, ValueError) as error:
            raise self._unusable(f"changed at byte {offset} while in use", _MEND) from error

    def _record(self, offset: int) -> tuple[Record, int]:
        """The record at this offset, and where the next one begins. Raises EOFError if it is not whole."""
        stream = self._stream(offset)
        fields = self._fields(stream)
        left = _length(fields)
        kept = _INFO_BYTES if fields.get("warc-type") == "warcinfo" else _OPENING_BYTES
        opening = stream.read(min(left, kept))
        _skip(stream, left - len(opening))
        record = Record(offset=offset, fields=fields, opening=opening)
        if isinstance(stream, io.BufferedReader) and isinstance(stream.raw, _GzipMember):
            return record, _member_end(stream, stream.raw)
        return record, self._plain_end()

    def _stream(self, offset: int) -> BinaryIO:
        self._file.seek(offset)
        return io.BufferedReader(_GzipMember(self._file)) if self._is_compressed else self._file

    def _fields(self, stream: BinaryIO) -> dict[str, str]:
        head = self._parser.parse(io.BytesIO(_raw_fields(stream)))
        fields: dict[str, str] = {}
        for name, value in head.headers:
            fields.setdefault(name.lower(), value.strip())
        return fields

    def _plain_end(self) -> int:
        """Where the next record of an uncompressed file begins: after this one's line ends."""
        end = self._file.tell()
        following = self._file.read(_MOST_LINE_ENDS_BYTES)
        return end + len(following) - len(following.lstrip(b"\r\n"))

    def _damaged(self, offset: int, error: Exception) -> ConfigError:
        detail = str(error).partition("\n")[0]
        return self._unusable(f"damaged at byte {offset} ({detail})", _MEND)

    def _not_a_warc(self) -> ConfigError:
        return self._unusable(
            "not a WARC file", "name one made by --record or by an archiving tool"
        )

    def _unusable(self, what: str, mend: str) -> ConfigError:
        return ConfigError(what, where=self.path, mend=mend)


class _NoRecordError(ValueError):
    """What stands there does not begin as a WARC record does."""


class _GzipMember(io.RawIOBase):
    """One gzip member, from where the file stands. Reading raises EOFError if the file ends before the member does."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self._zlib = zlib.decompressobj(_GZIP_WINDOW)

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as one step of decompression does; 0 at the member's end."""
        while not self._zlib.eof:
            data = self._zlib.unconsumed_tail or self._file.read(_CHUNK_BYTES)
            if not data:
                raise EOFError
            plain = self._zlib.decompress(data, len(buffer))
            if plain:
                buffer[: len(plain)] = plain
                return len(plain)
        return 0

    @property
    def end(self) -> int:
        """Where the member ends, once it is read through."""
        return self._file.tell() - len(self._zlib.unused_data)


def _raw_fields(stream: BinaryIO) -> bytes:
    """The lines of a record's fields up to the empty one."""
    lines = bytearray()
    while len(lines) <= _FIELDS_LIMIT_BYTES:
        line = stream.readline(_FIELDS_LIMIT_BYTES)
        if not line:
            raise EOFError
        if not line.strip() and lines:
            return bytes(lines)
        lines += line.lstrip(b"\r\n")
        if not _WARC_MAGIC.startswith(lines[: len(_WARC_MAGIC)]):
            raise _NoRecordError("no record begins there")
    raise ValueError("the fields of a record have no end")


def _length(fields: Mapping[str, str]) -> int:
    text = fields.get("content-length", "")
    if not (text.isascii() and text.isdigit()):
        raise ValueError("a record without a Content-Length")
    return int(text)


def _skip(stream: BinaryIO, count: int) -> None:
    while count > 0:
        piece = stream.read(min(count, _CHUNK_BYTES))
        if not piece:
            raise EOFError
        count -= len(piece)


def _member_end(stream: BinaryIO, member: _GzipMember) -> int:
    """Where the member of a record just read ends. Raises ValueError when more than line ends follow in it."""
    if stream.read(_CHUNK_BYTES).strip(b"\r\n"):
        raise ValueError("several records in one gzip member")
    return member.end
