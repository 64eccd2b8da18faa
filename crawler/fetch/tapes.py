"""Recordings: a wire that writes what another wire does to a WARC file, and one that answers from such a file.

    --record FILE.warc.gz   TapeRecorder   every exchange as received, secrets redacted, whole records at any instant
    --replay FILE.warc.gz   TapePlayer     of ours: the n-th request of a key gets its n-th exchange, and one more is a
                                           TapeMissError; of another archiving tool: see `crawler.fetch.foreign_tapes`

Key: method, URL and body hash, without secrets (two URLs that differ in a secret only are one key). The format is
told in `crawler.fetch.tape_records`.
"""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict, deque
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crawler.errors import ConfigError, TapeMissError
from crawler.fetch.foreign_tapes import ForeignTape
from crawler.fetch.redaction import redacted
from crawler.fetch.tape_index import Record, WarcFile
from crawler.fetch.tape_records import (
    FAILURE_TYPE,
    KEY_FIELD,
    SOFTWARE,
    TapeWriter,
    failure_from,
    instant,
    response_from,
    tape_key,
)
from crawler.protocols import WireFailure

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from crawler.protocols import Clock, Wire, WireRequest, WireResponse

__all__ = ["TapePlayer", "TapeRecorder"]

#: A block of our own tapes is read whole: what was recorded is far below this.
_WHOLE_BYTES: Final = 1 << 30


class TapeRecorder:
    """Passes exchanges through and writes each to a new file; a name that ends in `.warc` is not compressed.

    Raises ConfigError for a file that exists already or cannot be written.
    """

    def __init__(self, wire: Wire, path: str | Path, *, clock: Clock) -> None:
        self._wire = wire
        self._path = Path(path)
        # Writing happens in threads, and a cancelled task does not stop its thread.
        self._lock = threading.Lock()
        try:
            self._file = self._path.open("xb")
        except FileExistsError as error:
            raise ConfigError(
                "the recording exists already",
                where=str(path),
                mend="name another file, or remove this one",
            ) from error
        except OSError as error:
            raise self._unwritable(error) from error
        self._writer = TapeWriter(self._file, is_compressed=self._path.suffix != ".warc")
        self._writer.write_info(self._path.name, clock.now())

    async def exchange(self, request: WireRequest) -> WireResponse | WireFailure:
        """What the recorded wire gives, once it is written."""
        outcome = await self._wire.exchange(request)
        await asyncio.to_thread(self._write, request, outcome)
        return outcome

    async def aclose(self) -> None:
        """Close the file and the recorded wire."""
        try:
            await self._wire.aclose()
        finally:
            with self._lock:
                self._file.close()

    def _write(self, request: WireRequest, outcome: WireResponse | WireFailure) -> None:
        with self._lock:
            if self._file.closed:
                return  # a cancelled exchange whose thread came late
            try:
                if isinstance(outcome, WireFailure):
                    self._writer.write_failure(request, outcome)
                else:
                    self._writer.write_response(request, outcome)
            except OSError as error:
                raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> ConfigError:
        return ConfigError(
            f"cannot be written ({error.strerror or error})",
            where=str(self._path),
            mend="name a file in a folder that is writable and has space",
        )


class TapePlayer:
    """Answers from a recording. Build it with `TapePlayer.open`."""

    def __init__(self, file: WarcFile, records: Iterable[Record], *, near: datetime | None) -> None:
        found = tuple(records)
        dates = (instant(record.fields.get("warc-date", "")) for record in found)
        start = next((date for date in dates if date is not None), None)
        if start is None:
            raise ConfigError(
                "the recording holds no whole record", where=file.path, mend="record it again"
            )
        #: The first WARC-Date: where a replay's clock starts.
        self.started_at: Final = start
        self._file = file
        self._foreign: ForeignTape | None = None
        self._exchanges: dict[str, deque[Record]] = defaultdict(deque)
        if _is_ours(found):
            for record in found:
                if _is_exchange(record):
                    self._exchanges[record.fields[KEY_FIELD.lower()]].append(record)
        else:
            self._foreign = ForeignTape(file, found, near=near or start)

    @classmethod
    def open(cls, path: str | Path, *, near: datetime | None = None) -> TapePlayer:
        """The player of a WARC file; where another tool's holds a URL several times, the date nearest to `near` counts.

        `near` is the first WARC-Date unless given. Raises ConfigError for a file that is missing, no WARC, damaged, or
        without a whole record. A recording that was killed is answered from up to its last whole record.
        """
        file = WarcFile(str(path))
        try:
            return cls(file, file.records(), near=near)
        except BaseException:
            file.close()
            raise

    async def exchange(self, request: WireRequest) -> WireResponse | WireFailure:
        """The next recorded exchange of this request. Raises TapeMissError where a recording of ours has none."""
        await asyncio.sleep(0)  # as a live wire does, lets others have their turn
        if self._foreign is not None:
            return self._foreign.answer(request)
        recorded = self._exchanges.get(tape_key(request))
        if not recorded:
            raise TapeMissError(self._name(), f"{request.method} {redacted(request.url)}")
        return self._played(recorded.popleft())

    async def aclose(self) -> None:
        """Close the file."""
        self._file.close()

    def _played(self, record: Record) -> WireResponse | WireFailure:
        at = instant(record.fields.get("warc-date", "")) or self.started_at
        block = self._file.block(record.offset, limit_bytes=_WHOLE_BYTES)
        try:
            if record.kind == "metadata":
                return failure_from(block, failed_at=at)
            response = response_from(block, record.fields, received_at=at)
        except ValueError as error:
            raise self._unreadable(record, str(error)) from error
        if response is None:
            raise self._unreadable(record, "no HTTP response")
        return response

    def _unreadable(self, record: Record, detail: str) -> ConfigError:
        return ConfigError(
            f"the exchange at byte {record.offset} cannot be read ({detail})",
            where=self._file.path,
            mend="record it again",
        )

    def _name(self) -> str:
        """The file's path, and that the recording was cut short where it was."""
        cut = self._file.truncated_at
        return self._file.path + ("" if cut is None else f" (cut short at byte {cut})")


def _is_ours(records: tuple[Record, ...]) -> bool:
    """Whether Citehound wrote this file."""
    line = f"software: {SOFTWARE}".encode("ascii")
    return any(record.kind == "warcinfo" and line in record.opening for record in records)


def _is_exchange(record: Record) -> bool:
    is_outcome = record.kind == "response" or record.fields.get("content-type", "") == FAILURE_TYPE
    return is_outcome and KEY_FIELD.lower() in record.fields
