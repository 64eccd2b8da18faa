"""Opens a PDF and reads its lines and what it says of itself, within bounds; judging them is for others.

Rule: bytes in, a `PdfReading` out; what is wrong with the file is its `trouble`, a sentence. Only want of memory is
raised, because a process that met it must not go on. The library is loaded when the first PDF is read.

Source: ISO 32000-1 7.5 (file structure), 7.6 (encryption), 9.4 (text), 14.3 (metadata).
"""

from __future__ import annotations

import io
import logging
import re
from dataclasses import dataclass, field
from itertools import islice
from math import hypot
from typing import TYPE_CHECKING, Any, Final

from crawler.extract.charset import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pypdf import PageObject, PdfReader

__all__ = ["HEADER", "PdfLine", "PdfReading", "pdf_start", "read_pdf"]

HEADER: Final = b"%PDF-"
#: Bytes before the header that readers put up with (ISO 32000-1, Adobe's implementation note 13).
HEADER_WITHIN_BYTES: Final = 1024

MAX_PAGES: Final = 300
MAX_CHARACTERS: Final = 4 << 20
#: Pages that cannot be read after which the rest is left: each may have cost a whole decoding bound.
MAX_FAILED_PAGES: Final = 8
MAX_VALUE_CHARACTERS: Final = 2_000
MAX_VALUES: Final = 50
#: Points that no page reaches (ISO 32000-1 annex C: 14,400 user units); beyond it a place or size is nonsense.
MAX_POINTS: Final = 1_000_000.0

#: Bounds of the library below its own defaults. Bytes are decoded ones of one stream; a page of a report has
#: under 1 MB and 50,000 tokens; 300,000 take a second.
_BOUNDS: Final[dict[str, Any]] = {
    "maximum_declared_stream_length": 32 << 20,
    "array_based_stream_maximum_output_length": 16 << 20,
    "lzw_maximum_output_length": 16 << 20,
    "run_length_maximum_output_length": 16 << 20,
    "zlib_maximum_output_length": 16 << 20,
    "zlib_maximum_recovery_input_length": 1 << 20,
    "brotli_maximum_output_length": 16 << 20,
    "stream_filters_maximum_length": 4,
    "stream_decoding_work_maximum_length": 64 << 20,
    "stream_parsing_work_maximum_count": 300_000,
    "xmp_maximum_input_length": 1 << 20,
    "xmp_maximum_element_count": 10_000,
    "page_tree_maximum_entries": 20_000,
    "page_tree_maximum_depth": 50,
    "xform_maximum_invocations_per_extraction": 500,
    "jbig2dec_binary": None,
    "disable_legacy_handling": True,
}
_BEYOND_BOUNDS: Final = "it is broken or hostile: reading it goes beyond bounds"
#: What stands at the end of each part of a file, and what must not follow the last one.
_ENDS: Final = (b"%%EOF", b"startxref")
_OBJECT: Final = re.compile(rb"\d{1,10}[ \r\n\t]{1,3}\d{1,5}[ \r\n\t]{1,3}obj\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfLine:
    """A line of text and where its first character stands, in points from the lower left corner."""

    text: str
    x: float = 0.0
    y: float = 0.0
    size: float = 0.0  #: of most of its characters, in points


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfReading:
    """What was read; `trouble` is why nothing was, "" where something was."""

    pages: tuple[tuple[PdfLine, ...], ...] = ()  #: lines in the order in which the file draws them
    page_count: int = 0  #: of the file, at least `len(pages)`
    pictured: frozenset[int] = frozenset()  #: pages, from 0, that may show a picture
    failed_pages: int = 0  #: that gave no lines because they could not be decoded
    titles: tuple[str, ...] = ()  #: as the file states them, best first
    authors: tuple[str, ...] = ()
    created: str = ""
    modified: str = ""
    language: str = ""
    trouble: str = ""


@dataclass(slots=True)
class _Lines:
    """Gathers the pieces that the library hands out into lines."""

    done: list[PdfLine] = field(default_factory=list)
    pieces: list[tuple[str, float, float, float]] = field(default_factory=list)

    def add(self, text: str, cm: Sequence[float], tm: Sequence[float], _: Any, size: float) -> None:
        """One piece: its text, the transformations of page and text, its font and nominal size."""
        x = _sane(tm[4] * cm[0] + tm[5] * cm[2] + cm[4])
        y = _sane(tm[4] * cm[1] + tm[5] * cm[3] + cm[5])
        height = hypot(tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3])
        first, *others = text.split("\n")
        self.pieces.append((first, x, y, _sane(abs(size * height))))
        for other in others:
            self.close()
            self.pieces.append((other, x, y, _sane(abs(size * height))))

    def close(self) -> None:
        """End the line."""
        drawn = "".join(piece[0] for piece in self.pieces)
        text = clean_text(drawn)
        if text:
            shown = [piece for piece in self.pieces if piece[0].strip()]
            _, x, y, _ = (shown or self.pieces)[0]
            size = max(shown or self.pieces, key=lambda piece: len(piece[0]))[3]
            soft = drawn.rstrip().endswith("\xad")
            self.done.append(
                PdfLine(text=text + "\xad" if soft else text, x=x, y=y, size=round(size, 1))
            )
        self.pieces.clear()


def _sane(points: float) -> float:
    return points if abs(points) < MAX_POINTS else 0.0


def pdf_start(body: bytes) -> int:
    """Where the header stands, -1 where there is none near the beginning."""
    return body.find(HEADER, 0, HEADER_WITHIN_BYTES + len(HEADER))


def read_pdf(body: bytes) -> PdfReading:
    """The lines of the first pages and the metadata, or the trouble with the file."""
    if pdf_start(body) < 0:
        return PdfReading(trouble="the body is not a PDF, whatever its media type says")
    if _is_cut(body):
        return PdfReading(trouble="the file is cut off: its end is missing")
    from pypdf import apply_configuration

    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)  # it tells of each flaw of each file
    try:
        with apply_configuration(**_BOUNDS):
            return _read(body)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a library on a stranger's bytes may raise anything
        return PdfReading(trouble=_trouble(error))


def _is_cut(body: bytes) -> bool:
    """Whether the end is missing: no end mark at all, or objects after the last one."""
    mark = max(body.rfind(each) for each in _ENDS)
    return mark < 0 or _OBJECT.search(body, mark) is not None


def _trouble(error: Exception) -> str:
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

    if isinstance(error, FileNotDecryptedError | DependencyError):
        return "it is encrypted in a way that cannot be opened here"
    if isinstance(error, LimitReachedError | RecursionError):
        return _BEYOND_BOUNDS
    return f"it is broken ({type(error).__name__})"


def _read(body: bytes) -> PdfReading:
    from pypdf import PasswordType, PdfReader

    reader = PdfReader(io.BytesIO(body))
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        return PdfReading(trouble="it is encrypted and asks for a password")
    page_count = len(reader.pages)
    if not page_count:
        return PdfReading(trouble="it has no pages")
    pages = tuple(_pages(reader))
    if not pages:
        return PdfReading(trouble=_BEYOND_BOUNDS)
    return PdfReading(
        pages=tuple(lines or () for lines in pages),
        page_count=page_count,
        pictured=frozenset(n for n in range(len(pages)) if _has_pictures(reader.pages[n])),
        failed_pages=pages.count(None),
        titles=_unless_broken(_titles, reader),
        authors=_unless_broken(_authors, reader),
        created="".join(_unless_broken(_stated, reader, "/CreationDate")),
        modified="".join(_unless_broken(_stated, reader, "/ModDate")),
        language="".join(_unless_broken(_language, reader)),
    )


def _pages(reader: PdfReader) -> Iterator[tuple[PdfLine, ...] | None]:
    """The lines of each page, None where it cannot be decoded, up to the bounds."""
    failed = characters = 0
    for page in islice(reader.pages, MAX_PAGES):
        lines = _lines(page)
        failed += lines is None
        characters += sum(len(line.text) for line in lines or ())
        if characters > MAX_CHARACTERS:
            return
        yield lines
        if failed >= MAX_FAILED_PAGES:
            return


def _has_pictures(page: PageObject) -> bool:
    """Whether the page names anything that it may draw beside text."""
    return bool(_unless_broken(lambda: page["/Resources"]["/XObject"]))  # type: ignore[index]


def _lines(page: PageObject) -> tuple[PdfLine, ...] | None:
    """The lines of a page, None where it cannot be decoded."""
    lines = _Lines()
    try:
        page.extract_text(visitor_text=lines.add)
        lines.close()
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - as above; the other pages may be sound
        return None
    return tuple(lines.done)


def _unless_broken(read: Any, *arguments: Any) -> tuple[str, ...]:
    """What `read` finds, cleaned and bounded; nothing where the metadata is broken."""
    try:
        found = [str(each)[:MAX_VALUE_CHARACTERS] for each in islice(read(*arguments), MAX_VALUES)]
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - as above; the text may be sound
        return ()
    return tuple(clean for each in found if (clean := clean_text(each)))


def _titles(reader: PdfReader) -> Iterator[str]:
    if xmp := _xmp(reader):
        titles = xmp.dc_title or {}
        yield from sorted(titles.values(), key=lambda title: title != titles.get("x-default"))
    yield from _stated(reader, "/Title")


def _authors(reader: PdfReader) -> Iterator[str]:
    if xmp := _xmp(reader):
        yield from xmp.dc_creator or ()
    yield from _stated(reader, "/Author")


def _xmp(reader: PdfReader) -> Any:
    """The document's XMP, None where there is none or it is broken."""
    try:
        return reader.xmp_metadata
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - as above; the Info dictionary may be sound
        return None


def _stated(reader: PdfReader, key: str) -> Iterator[str]:
    """The text of this key of the Info dictionary."""
    metadata = reader.metadata
    value = metadata.get(key) if metadata is not None else None
    value = value.get_object() if value is not None else None
    if isinstance(value, str):
        yield value


def _language(reader: PdfReader) -> Iterator[str]:
    value = reader.root_object.get("/Lang")
    value = value.get_object() if value is not None else None
    if isinstance(value, str):
        yield value
