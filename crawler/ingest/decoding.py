"""Bytes to text, with the operator's mistakes told plainly and a broken encoding kept visible.

Order (WHATWG Encoding, and what was measured on mislabelled pages): a byte order mark, then strict UTF-8 (text
in another encoding is almost never valid UTF-8, while labels lie), then the declared label, then an HTML
`<meta charset>`, then windows-1252. Declared encodings that hide in ASCII bytes (ISO-2022-JP, UTF-16) go first.
A label of one byte per character reads any bytes at all and so proves nothing: text that is mostly UTF-8 is UTF-8
with U+FFFD where it is broken, whatever such a label says. `crawler.ingest` counts U+FFFD; it is never guessed away.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from typing import TYPE_CHECKING

import webencodings

from crawler.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MAX_DOCUMENT_BYTES", "decoded"]

#: 10 MiB: a book has 1 MB, the longest encyclopedia articles 2 MB; above it, it is not one document.
MAX_DOCUMENT_BYTES = 10 << 20

#: Byte order marks, longest first, because that of UTF-32-LE begins like that of UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: How files that are not text begin: (first bytes, what it is).
_BINARY = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or an office document (DOCX, ODT, EPUB)"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\x00", "an xz file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\xd0\xcf\x11\xe0", "an old office document (DOC, XLS)"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"{\\rtf", "an RTF document"),
    (b"\x7fELF", "a program"),
)
#: Encodings whose bytes may all be valid UTF-8 although they mean something else.
_HIDDEN_IN_ASCII = frozenset({"iso-2022-jp", "utf-16le", "utf-16be"})
#: WHATWG prescan: the declaration must stand in the first 1,024 bytes.
_META_BYTES = 1024
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)
#: Encodings of several bytes per character: that they can be read strictly says something.
_SEVERAL_BYTES = frozenset({"gbk", "gb18030", "big5", "euc-jp", "shift_jis", "euc-kr"})
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
#: A letter before a quotation mark, dash or no-break space in windows-1252; by chance also valid UTF-8.
_SEQUENCE_BY_CHANCE = re.compile(
    rb"[\xc4-\xdf][\x85\x91-\x97\xa0\xab\xbb]|[\xe0-\xef][\x85\x91-\x97\xa0\xab\xbb]{2}"
)
_LEAD_BYTES = bytes(range(0xC2, 0xF5))


def decoded(body: bytes, *, name: str, charset: str | None = None) -> str:
    """The text in `body`, without its byte order mark; U+FFFD where the encoding is broken.

    `charset` is a declared label (HTTP, `--charset`); unknown labels are passed over.

    Raises:
        InputError: empty, larger than `MAX_DOCUMENT_BYTES`, or not text.
    """
    if len(body) > MAX_DOCUMENT_BYTES:
        raise InputError(
            name,
            f"it has {len(body):,} bytes or more, and a document may have {MAX_DOCUMENT_BYTES:,} (10 MiB); "
            "split it into parts and name each",
        )
    _refuse_binary(body, name)
    text = _text(body, charset)
    if not text.strip():
        raise InputError(name, "the file is empty; name a document with text in it")
    if "\x00" in text:
        raise _not_text(name, "it holds NUL bytes")
    return text


def _refuse_binary(body: bytes, name: str) -> None:
    for start, what in _BINARY:
        if body.startswith(start):
            raise _not_text(name, f"it is {what}")


def _not_text(name: str, why: str) -> InputError:
    return InputError(
        name, f"not a text document ({why}); save it as Markdown, plain text, HTML or wikitext"
    )


def _text(body: bytes, charset: str | None) -> str:
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body.decode(codec, "replace").removeprefix("\ufeff")
    meta = _META_CHARSET.search(body[:_META_BYTES])
    labels = [charset or "", meta.group(1).decode("ascii", "replace") if meta else ""]
    codecs_named = [codec for codec in map(_codec, labels) if codec]
    first = [codec for codec in codecs_named if codec.name in _HIDDEN_IN_ASCII]
    several = [codec for codec in codecs_named if codec.name in _SEVERAL_BYTES]
    text = _first_read(body, (*first, webencodings.UTF8, *several))
    if text is None and _is_mostly_utf8(body):
        return body.decode("utf-8", "replace")
    if text is None:
        text = _first_read(body, codecs_named)
    return body.decode("windows-1252", "replace") if text is None else text


def _codec(label: str) -> webencodings.Encoding | None:
    codec = webencodings.lookup(label)
    return None if codec is None or codec.name in {"replacement", "x-user-defined"} else codec


def _first_read(body: bytes, codecs_tried: Iterable[webencodings.Encoding]) -> str | None:
    """The text by the first of these encodings that can read every byte."""
    for codec in codecs_tried:
        with contextlib.suppress(UnicodeError, LookupError):
            return str(codec.codec_info.decode(body, "strict")[0])
    return None


def _is_mostly_utf8(body: bytes) -> bool:
    """Whether at least as many sequences are whole as are cut short; stray bytes between them are no sequences."""
    whole = len(_SEQUENCE.findall(body))
    cut_short = len(body) - len(body.translate(None, _LEAD_BYTES)) - whole
    return whole - len(_SEQUENCE_BY_CHANCE.findall(body)) >= max(cut_short, 1)
