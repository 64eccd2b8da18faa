"""Turns a body into text the way browsers do, so that the parser is never handed bytes.

Rule: bytes and labels in, a string without NUL out; never raises. Order: byte order mark, the label of the
Content-Type, strict UTF-8, the `<meta>` or XML declaration, windows-1252. Labels mean what WHATWG says they mean
(`iso-8859-1` is windows-1252, `gb2312` is gb18030). Strict UTF-8 goes before the page's own label because of 58
real pages whose bytes and labels disagree 25 are valid UTF-8 and four claim UTF-8 and are not.

Source: WHATWG Encoding Standard; HTML Living Standard 13.2.3.2 (prescan).
"""

from __future__ import annotations

import codecs
import re
from typing import Final

import webencodings

__all__ = ["clean_text", "decoded", "strict_utf8"]

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

#: WHATWG name → the Python codec that is its superset.
_WIDER: Final = {"gbk": "gb18030", "shift_jis": "cp932", "euc-kr": "cp949", "big5": "big5hkscs"}

#: Bytes of the head that may hold the declaration; the standard says 1,024, real pages put it later.
PRESCAN_BYTES: Final = 16_384
_DECLARED: Final = re.compile(
    rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_COMMENT: Final = re.compile(rb"<!--.*?-->", re.DOTALL)

#: A body with at least so many good multi-byte characters for each bad byte is UTF-8 with stray bytes in it.
GOOD_PER_BAD: Final = 4

#: The C1 controls are what windows-1252 bytes become when read as ISO 8859-1; those that it lacks are dropped.
_C1: Final = {chr(code): bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_INSTEAD: Final = {**dict.fromkeys(map(chr, (*range(0x20), 0x7F)), " "), **_C1}
_UNWANTED: Final = re.compile("[\x00-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff\ufffc\ufffd\ud800-\udfff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def decoded(body: bytes, *, http_charset: str | None = None) -> str:
    """The body as text, read by the first of mark, HTTP label, UTF-8, declaration and windows-1252 that fits."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace").replace("\0", "")
    codec = _codec(http_charset)
    if codec.startswith("utf-16"):
        return body.decode(codec, "replace").replace("\0", "")
    body = body.replace(b"\0", b"")
    if codec and codec != "utf-8":
        # Text of another coding is next to never UTF-8 by chance, so a label that denies it is a server's mistake.
        return (not body.isascii() and _strict(body)) or body.decode(codec, "replace")
    return _utf8(body) or body.decode(_declared(body) or "cp1252", "replace")


def _strict(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def strict_utf8(body: bytes, *, http_charset: str | None = None) -> str | None:
    """The text of a body that is UTF-8 byte for byte, without mark or NUL; None for every other body."""
    if body.startswith(codecs.BOM_UTF8) or b"\0" in body:
        return None
    if _codec(http_charset) not in {"", "utf-8"}:
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def clean_text(text: str) -> str:
    """Text on one line: white space made single spaces, controls and invisible characters gone."""
    text = text.strip()
    # Of white space only the plain space is printable; most texts are clean, and need not be taken apart.
    if not text.isprintable() or "  " in text:
        text = " ".join(text.split())
        if not text.isprintable():
            return " ".join(_UNWANTED.sub(_wanted, text).split())
    if "\ufffc" in text or "\ufffd" in text:
        return " ".join(_UNWANTED.sub("", text).split())
    return text


def _wanted(found: re.Match[str]) -> str:
    return _INSTEAD.get(found[0], "")


def _codec(label: str | None) -> str:
    """The Python codec of a WHATWG label, "" where nobody knows it."""
    encoding = webencodings.lookup(label[:40]) if label else None
    if encoding is None:
        return ""
    if encoding.name == "x-user-defined":
        return "cp1252"
    return _WIDER.get(encoding.name, str(encoding.codec_info.name))


def _declared(body: bytes) -> str:
    found = _DECLARED.search(_COMMENT.sub(b"", body[:PRESCAN_BYTES]))
    label = (found[1] or found[2]).decode("ascii", "ignore") if found else None
    codec = _codec(label)
    # A page whose declaration could be read as ASCII is not UTF-16, and it was found not to be UTF-8.
    return "" if codec.startswith("utf-") else codec


def _utf8(body: bytes) -> str:
    """The body as UTF-8, stray bytes read as windows-1252; "" where it is something else."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "surrogateescape")
    strays = _SURROGATE.findall(text)
    good = len(text) - len(strays) - len(text.encode("ascii", "ignore"))
    if good < GOOD_PER_BAD * len(strays):
        return ""
    return _SURROGATE.sub(_stray, text)


def _stray(found: re.Match[str]) -> str:
    return bytes([ord(found[0]) - 0xDC00]).decode("cp1252", "ignore")
