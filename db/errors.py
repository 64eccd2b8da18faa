"""What can go wrong in the database floor.

StoreError                  root; never raised itself
├── StoreBusyError          another process held the write lock for longer than the busy timeout
├── StoreCorruptError       the file is not a SQLite database, or SQLite found it damaged
├── StoreUnusableError      the disk is full or read-only, or the file cannot be opened
├── StoreTooNewError        the file was written by a newer Citehound
└── LeaseHeldError          another nightly run holds the lease
"""

from __future__ import annotations

__all__ = [
    "LeaseHeldError",
    "StoreBusyError",
    "StoreCorruptError",
    "StoreError",
    "StoreTooNewError",
    "StoreUnusableError",
]


class StoreError(Exception):
    """Root of everything that the store raises; catch it, never raise it."""

    def __new__(cls, *args: object, **kwargs: object) -> StoreError:
        """Refuse to be built as the bare root, so that each raise names its cause."""
        if cls is StoreError:
            msg = "StoreError is abstract; raise one of its kinds"
            raise TypeError(msg)
        return super().__new__(cls, *args, **kwargs)


class StoreBusyError(StoreError):
    """Another process held the write lock for longer than `waited_s`."""

    def __init__(self, path: str, waited_s: float) -> None:
        super().__init__(
            f"{path}: another process has been writing for more than {waited_s:g} s; "
            "end it or try again when it is done"
        )
        self.path = path
        self.waited_s = waited_s


class StoreCorruptError(StoreError):
    """The file at `path` cannot be read as a Citehound database."""

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(f"{path}: not a usable database ({detail}); name another file with --db")
        self.path = path
        self.detail = detail


class StoreUnusableError(StoreError):
    """The file at `path` may be sound, but the disk or its permissions stand in the way."""

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(
            f"{path}: cannot be used now ({detail}); what was committed is safe; "
            "make room or correct the permissions, and run again"
        )
        self.path = path
        self.detail = detail


class StoreTooNewError(StoreError):
    """The file at `path` carries migrations that this Citehound does not know."""

    def __init__(self, path: str, unknown: tuple[str, ...]) -> None:
        super().__init__(
            f"{path}: written by a newer Citehound (unknown migrations: {', '.join(unknown)}); upgrade this one"
        )
        self.path = path
        self.unknown = unknown


class LeaseHeldError(StoreError):
    """The lease `name` belongs to `holder`, whose heartbeat has not expired."""

    def __init__(self, name: str, holder: str, expires_at: str) -> None:
        super().__init__(
            f"another {name} run is under way ({holder}); its lease ends at {expires_at} unless renewed"
        )
        self.name = name
        self.holder = holder
        self.expires_at = expires_at
