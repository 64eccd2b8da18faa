"""How a command may end, and what is said when it ends badly."""

from __future__ import annotations

import sys
from enum import IntEnum
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Exit", "exit_code_of"]


class Exit(IntEnum):
    """Exit codes of every command."""

    CLEAN = 0
    FAILED = 1  #: our failure, or a run that failed
    USAGE = 2  #: the words of the command, or a document that cannot be read
    CONFIG = 3  #: a setting, a seed or a recording; or something that `doctor` says must be mended
    FLAGGED = 4  #: with --strict: a citation is not_supported or contradicted
    INTERRUPTED = 130  #: SIGINT; what was in hand is committed


def exit_code_of(error: Exception) -> Exit:
    """Say on standard error what went wrong, without a traceback where somebody can mend it."""
    return _teller(error)(error)


def _teller(error: Exception) -> Callable[[Exception], Exit]:
    from crawler.errors import ConfigError, InputError, PluginError
    from db.errors import StoreCorruptError, StoreError, StoreTooNewError

    table: tuple[
        tuple[type[BaseException] | tuple[type[BaseException], ...], Callable[[Exception], Exit]],
        ...,
    ] = (
        (click.exceptions.Exit, lambda e: Exit(getattr(e, "exit_code", 0))),
        (click.Abort, _interrupted),
        (click.ClickException, _usage),
        (
            (ConfigError, StoreCorruptError, StoreTooNewError),
            lambda e: _said(e, Exit.CONFIG),
        ),
        (InputError, lambda e: _said(e, Exit.USAGE)),
        ((PluginError, StoreError), lambda e: _said(e, Exit.FAILED)),
        (BrokenPipeError, _pipe_closed),
    )
    return next((tell for kinds, tell in table if isinstance(error, kinds)), _ours)


def _said(error: Exception, code: Exit) -> Exit:
    click.echo(f"citehound: {error}", err=True)
    return code


def _usage(error: Exception) -> Exit:
    if isinstance(error, click.ClickException):
        error.show()
    return Exit.USAGE


def _interrupted(_: Exception) -> Exit:
    click.echo("interrupted; what was in hand is committed", err=True)
    return Exit.INTERRUPTED


def _pipe_closed(_: Exception) -> Exit:
    """The reader went away (`| head`): not an error, and no second one at shutdown."""
    sys.stderr.close()
    return Exit.CLEAN


def _ours(error: Exception) -> Exit:
    import traceback

    traceback.print_exception(error)
    click.echo(
        "citehound: this is a fault of Citehound, not yours; the lines above say where", err=True
    )
    return Exit.FAILED
