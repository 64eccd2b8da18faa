"""Runs a command's asynchronous work: opens the parts, shows progress, and ends well on Ctrl-C."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, TypeVar

import click

from crawler.app import Web, opened

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from crawler.app import App
    from crawler.cli.options import Common
    from crawler.progress import Listener

__all__ = ["warn_without_contact", "worked"]

T = TypeVar("T")


def worked(common: Common, work: Callable[[App], Awaitable[T]], *listeners: Listener) -> T:
    """What `work` gives with the parts open; KeyboardInterrupt once what was in hand is committed."""
    results = asyncio.run(_worked(common, work, listeners))
    if not results:
        raise KeyboardInterrupt
    return results[0]


async def _worked(
    common: Common, work: Callable[[App], Awaitable[T]], listeners: tuple[Listener, ...]
) -> list[T]:
    """The one result, or none when a signal ended the work early."""
    web = Web(record=common.record, replay=common.replay, connect_to=common.connect_to)
    async with opened(common.settings, web, *listeners) as app:
        task = asyncio.ensure_future(work(app))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, task.cancel)
        await asyncio.wait([task])
        return [] if task.cancelled() else [task.result()]


def warn_without_contact(common: Common) -> None:
    """Say once that sites cannot reach the operator."""
    if not common.settings["contact"] and not common.replay:
        click.echo(
            "citehound: no contact is set, so sites and services cannot reach you; "
            "set CITEHOUND_CONTACT to your e-mail address",
            err=True,
        )
