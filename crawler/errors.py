"""What can go wrong above the database, by whose fault.

    CrawlError                  root; never raised itself
    ├── ConfigError             the operator's: names file, line and field where known, and the mend; exit 3
    │   ├── SeedError           a file under seeds/ that an operator may edit
    │   └── TapeMissError       --replay was given a recording that lacks a request
    ├── InputError              the document or file that was handed in cannot be read; exit 2
    └── PluginError             a plugin broke its contract: our fault or its author's; exit 1

Trouble in the world is never an exception: it is a `FetchFailure`, an `ExtractionFailure` or a verdict.
"""

from __future__ import annotations

__all__ = ["ConfigError", "CrawlError", "InputError", "PluginError", "SeedError", "TapeMissError"]


class CrawlError(Exception):
    """Root of everything that this package raises; catch it, never raise it."""

    def __new__(cls, *args: object, **_fields: object) -> CrawlError:
        """Refuse to be built as the bare root, so that each raise names its cause."""
        if cls is CrawlError:
            msg = "CrawlError is abstract; raise one of its kinds"
            raise TypeError(msg)
        return super().__new__(cls, *args)


class ConfigError(CrawlError):
    """Something that the operator can mend: `what` is wrong, `where` it stands, and `mend`, what to do."""

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        text = f"{where}: {what}" if where else what
        super().__init__(f"{text}; {mend}" if mend else text)
        self.what = what
        self.where = where
        self.mend = mend


class SeedError(ConfigError):
    """A seed file that cannot be used, with its line and field where known."""

    def __init__(
        self, what: str, *, path: str, line: int | None = None, field: str = "", mend: str = ""
    ) -> None:
        where = (
            path + (f", line {line}" if line is not None else "") + (f", {field}" if field else "")
        )
        super().__init__(what, where=where, mend=mend)
        self.path = path
        self.line = line
        self.field = field


class TapeMissError(ConfigError):
    """The recording has no (further) answer to a request."""

    def __init__(self, path: str, request: str) -> None:
        super().__init__(
            f"the recording holds no answer to {request}",
            where=path,
            mend="record it again with --record, or run without --replay",
        )
        self.path = path
        self.request = request


class InputError(CrawlError):
    """A document or file handed in that cannot be read, and why."""

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(f"{path}: {detail}")
        self.path = path
        self.detail = detail


class PluginError(CrawlError):
    """The plugin `name` of `group` cannot be used."""

    def __init__(self, group: str, name: str, detail: str) -> None:
        super().__init__(f"{group} {name}: {detail}")
        self.group = group
        self.name = name
        self.detail = detail
