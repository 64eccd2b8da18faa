"""The WARC files in what an operator names: a WARC file itself, or those that a WACZ holds.

A WACZ is a zip with its WARC files under `archive/` (WACZ 1.1.1, section 4.3). Whoever made it may lie: its members
are copied out under names of ours, one at a time, and no more of them than could be a crawl's.
"""

from __future__ import annotations

import lzma
import struct
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

from crawler.errors import ConfigError
from crawler.fetch.tape_index import WarcFile

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

__all__ = ["BadMember", "warc_files"]

_ZIP_MAGIC: Final = b"PK\x03\x04"
_FOLDER: Final = "archive/"
_SUFFIXES: Final = (".warc", ".warc.gz")
MOST_MEMBERS: Final = 1000
#: A member may be this many times the whole WACZ, whose WARC files are as a rule stored as they are.
MEMBER_RATIO: Final = 20
_CHUNK_BYTES: Final = 1 << 20

#: What `zipfile` raises for a damaged, encrypted or strangely packed member.
_ZIP_TROUBLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


class BadMember(ValueError):  # noqa: N818  # a value that the caller counts, though Python must raise it
    """A member of a WACZ that is no usable WARC file."""


def warc_files(path: Path) -> Generator[WarcFile | BadMember, None, None]:
    """Each WARC file in turn, open until the next is asked for; what cannot be one, in its place.

    Raises ConfigError where `path` is missing, or neither a WARC file nor a WACZ with one.
    """
    if _opening(path) != _ZIP_MAGIC:
        file = WarcFile(str(path))
        try:
            yield file
        finally:
            file.close()
        return
    yield from _of_wacz(path)


def _opening(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(len(_ZIP_MAGIC))
    except OSError as error:
        raise ConfigError(
            error.strerror or str(error), where=str(path), mend="name a WARC file or a WACZ"
        ) from error


def _of_wacz(path: Path) -> Generator[WarcFile | BadMember, None, None]:
    try:
        wacz = zipfile.ZipFile(path)
    except _ZIP_TROUBLE as error:
        raise _no_wacz(path, f"a damaged zip ({error})") from error
    with wacz:
        members = [member for member in wacz.infolist() if _is_warc(member)]
        if not members:
            raise _no_wacz(path, "a zip without WARC files under archive/")
        if len(members) > MOST_MEMBERS:
            raise _no_wacz(path, f"a zip with more than {MOST_MEMBERS} WARC files")
        most_bytes = MEMBER_RATIO * path.stat().st_size
        for member in members:
            try:
                with _copied(wacz, member, most_bytes=most_bytes) as file:
                    yield file
            except BadMember as error:
                yield error


@contextmanager
def _copied(
    wacz: zipfile.ZipFile, member: zipfile.ZipInfo, *, most_bytes: int
) -> Iterator[WarcFile]:
    suffix = ".warc.gz" if member.filename.endswith(".gz") else ".warc"
    with tempfile.NamedTemporaryFile(suffix=suffix) as copy:
        try:
            with wacz.open(member) as source:
                _copy(source, copy, most_bytes=most_bytes)
            copy.flush()
            file = WarcFile(copy.name)
        except (*_ZIP_TROUBLE, ConfigError) as error:
            raise BadMember(f"{member.filename[:100]!a}: {type(error).__name__}") from error
        try:
            yield file
        finally:
            file.close()


def _copy(source: IO[bytes], copy: IO[bytes], *, most_bytes: int) -> None:
    copied = 0
    while piece := source.read(_CHUNK_BYTES):
        copied += len(piece)
        if copied > most_bytes:
            raise ValueError("more than a WARC file of this WACZ may be")
        copy.write(piece)


def _is_warc(member: zipfile.ZipInfo) -> bool:
    return member.filename.startswith(_FOLDER) and member.filename.lower().endswith(_SUFFIXES)


def _no_wacz(path: Path, what: str) -> ConfigError:
    return ConfigError(what, where=str(path), mend="name a WARC file or a WACZ that holds one")
