"""`citehound schedule`: the nightly run, every night, until told to stop."""

from __future__ import annotations

import asyncio

import click

from crawler.app import Web
from crawler.cli.options import Common, network_options
from crawler.cli.session import warn_without_contact
from crawler.schedule import scheduled

__all__ = ["command"]


@click.command("schedule", short_help="Run nightly until told to stop.")
@click.option("--now", is_flag=True, help="Start one run at once as well.")
@network_options
def command(common: Common, *, now: bool) -> None:
    """Run nightly at schedule.cron until SIGTERM or Ctrl-C, which end after what is in hand.

    A run that was missed while this was not running, within six hours, starts at once.
    """
    warn_without_contact(common)
    web = Web(record=common.record, replay=common.replay, connect_to=common.connect_to)
    asyncio.run(scheduled(common.settings, web, at_once=now))
