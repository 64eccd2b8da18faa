"""`citehound purge`: take stored bodies and page text out, leaving a tombstone."""

from __future__ import annotations

import click

from crawler.cli.options import Common, common_options

__all__ = ["command"]


@click.command("purge", short_help="Take stored bodies and page text out.")
@click.option("--url", metavar="URL", help="Everything captured at this address.")
@click.option("--outlet", metavar="NAME", help="Everything captured at this outlet's hosts.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; kept in the tombstone.")
@common_options
def command(common: Common, url: str | None, outlet: str | None, reason: str) -> None:
    """Take bodies and page text out of the database; hash, date and reason stay."""
    if (url is None) == (outlet is None):
        raise click.UsageError("give --url or --outlet")
    from crawler.app import outlet_book
    from crawler.config import seeds_folder
    from crawler.errors import ConfigError
    from crawler.fetch.clock import RealClock
    from crawler.outlet_names import name_key
    from db.store import Store

    hosts: tuple[str, ...] = ()
    book = outlet_book(seeds_folder(common.settings))
    with Store.open(common.settings["db"]) as store:
        if outlet is not None:
            learned = store.learned_outlet(name_key(outlet))
            known = book.behind(store.outlets()).named(outlet)
            if known is None and learned is not None and not learned.is_guess:
                known = learned.outlet
            if known is None:
                raise ConfigError(
                    f"no outlet is known as {outlet!r}", mend="see citehound outlets, or give --url"
                )
            hosts = known.hosts
        purged = store.purge(
            url=url, outlet=outlet, hosts=hosts, reason=reason, at=RealClock().now()
        )
    click.echo(f"{len(purged)} bodies purged")
