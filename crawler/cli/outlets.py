"""`citehound outlets`: who is known, who a name or a host means, and what the operator adds or corrects."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.options import Common, as_json, common_options, emit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.resolve.outlets import OutletBook
    from db.model import LearnedOutlet, Outlet
    from db.store import Store

__all__ = ["command"]


@click.command("outlets", short_help="List known outlets, look one up, add or correct one.")
@click.argument("name", required=False)
@click.option("--host", "hosts", multiple=True, metavar="HOST", help="Where its pages live.")
@click.option(
    "--former-host", "former_hosts", multiple=True, metavar="HOST", help="Where they lived."
)
@click.option("--alias", "aliases", multiple=True, metavar="NAME", help="Another usual name.")
@click.option(
    "--language", "languages", multiple=True, metavar="TAG", help="BCP 47: en, de, pt-BR."
)
@click.option("--feed", "feeds", multiple=True, metavar="URL", help="An RSS or Atom feed.")
@click.option("--sitemap", "sitemaps", multiple=True, metavar="URL", help="A sitemap.")
@click.option("--country", metavar="CODE", help="ISO 3166-1, two letters.")
@click.option(
    "--kind", metavar="KIND", help="news, agency, government, think_tank, journal, other."
)
@click.option("--rename", metavar="NAME", help="Its right name; the one before becomes an alias.")
@click.option("--remove", is_flag=True, help="Take out what was added or corrected here.")
@as_json
@common_options
def command(
    common: Common, /, name: str | None, *, rename: str | None, remove: bool, **given: Any
) -> int:
    """List the outlets of the seeds, of the database and those learned, or say which one NAME (or a host) means.

    With --host and its like NAME is added, or corrected: each option replaces that field, several times for several
    values, and the rest stays. It is kept in the database and goes before the seeds; --remove takes it out again.
    """
    changes = {
        field: list(value) if isinstance(value, tuple) else value for field, value in given.items()
    }
    changes["name"] = rename
    wanted = any(changes.values())
    if (wanted or remove) and not name:
        raise click.UsageError("say which outlet: citehound outlets NAME --host HOST")
    if wanted and remove:
        raise click.UsageError("--remove stands alone")
    if name and remove:
        return _removed(common, name)
    if name and wanted:
        return _changed(common, name, changes)
    return _shown(common, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """An outlet and who told it: operator, seeds or learned."""

    outlet: Outlet
    origin: str
    learned: LearnedOutlet | None = None

    def row(self) -> dict[str, object]:
        learned = self.learned
        return {
            **asdict(self.outlet),
            "origin": self.origin,
            "learned_at": learned.learned_at.isoformat() if learned else None,
            "is_guess": bool(learned and learned.is_guess),
        }


def _shown(common: Common, name: str | None) -> int:
    added, learned = _stored(common)
    book = _book(common, added)
    found = _all(book, added, learned) if name is None else _one(name, book, added, learned)
    if not found:
        click.echo(
            f"citehound: no outlet is known as {name!r};"
            f" add it with citehound outlets NAME --host HOST, or to outlets.toml in the seeds folder",
            err=True,
        )
        return 1
    _tell(common, found)
    return 0


def _changed(common: Common, name: str, changes: dict[str, Any]) -> int:
    from crawler.fetch.clock import RealClock
    from crawler.resolve.outlet_changes import changed_outlet

    with _store(common) as store:
        book = _book(common, store.outlets())
        known = book.titled(name) or _learned(name, store.learned_outlets())
        today = RealClock().now().date().isoformat()
        outlet = changed_outlet(
            name, changes, known=known, book=book, source=f"the operator, {today}"
        )
        if known is not None:
            store.drop_outlet(known.name)
        store.keep_outlet(outlet)
    _tell(common, [_Known(outlet=outlet, origin="operator")])
    return 0


def _removed(common: Common, name: str) -> int:
    from crawler.outlet_names import name_key

    with _store(common) as store:
        keys = {name_key(one.name): one.name for one in store.outlets()}
        if name_key(name) not in keys:
            click.echo(f"citehound: no outlet was added as {name!r}; nothing is removed", err=True)
            return 1
        store.drop_outlet(keys[name_key(name)])
    if not common.as_json:
        click.echo(f"{name} is no longer added; what the seeds say of it holds")
    return 0


# ------------------------------------------------------------------------------------------ known


def _store(common: Common) -> Store:
    from db.store import Store

    return Store.open(common.settings["db"])


def _stored(common: Common) -> tuple[tuple[Outlet, ...], tuple[LearnedOutlet, ...]]:
    """What the database holds; a look-up makes none."""
    if not Path(common.settings["db"]).exists():
        return (), ()
    with _store(common) as store:
        return store.outlets(), store.learned_outlets()


def _book(common: Common, added: Sequence[Outlet]) -> OutletBook:
    from crawler.app import outlet_book
    from crawler.config import seeds_folder

    return outlet_book(seeds_folder(common.settings), added=added)


def _all(
    book: OutletBook, added: Sequence[Outlet], learned: Sequence[LearnedOutlet]
) -> list[_Known]:
    known = [_with_origin(one, added) for one in book.all()]
    return known + [
        _Known(outlet=row.outlet, origin="learned", learned=row)
        for row in learned
        if row.outlet is not None and book.titled(row.name) is None
    ]


def _one(
    name: str, book: OutletBook, added: Sequence[Outlet], learned: Sequence[LearnedOutlet]
) -> list[_Known]:
    outlet = book.named(name) or book.of_host(name)
    if outlet is not None:
        return [_with_origin(outlet, added)]
    return [
        one for one in _all(book, added, learned) if one.learned and _is_named(one.learned, name)
    ]


def _with_origin(outlet: Outlet, added: Sequence[Outlet]) -> _Known:
    return _Known(outlet=outlet, origin="operator" if outlet in added else "seeds")


def _learned(name: str, learned: Sequence[LearnedOutlet]) -> Outlet | None:
    return next((row.outlet for row in learned if row.outlet and _is_named(row, name)), None)


def _is_named(row: LearnedOutlet, name: str) -> bool:
    from crawler.outlet_names import name_key

    return row.key == name_key(name)


# ----------------------------------------------------------------------------------------- telling


def _tell(common: Common, known: Sequence[_Known]) -> None:
    if common.as_json:
        emit(one.row() for one in known)
    else:
        _print(known)


def _print(known: Sequence[_Known]) -> None:
    from rich.table import Table

    from crawler.cli.tables import cell, console

    table = Table(
        title=f"{len(known)} outlet{'' if len(known) == 1 else 's'}", title_justify="left"
    )
    for column in ("name", "aliases", "hosts", "kind", "country", "languages", "source"):
        table.add_column(column, overflow="fold")
    for one in known:
        outlet = one.outlet
        texts = (
            outlet.name,
            ", ".join(outlet.aliases),
            ", ".join(outlet.hosts),
            outlet.kind,
            outlet.country or "",
            ", ".join(outlet.languages),
            _source(one),
        )
        table.add_row(*map(cell, texts))
    console(sys.stdout).print(table)


def _source(one: _Known) -> str:
    if one.learned is None:
        return one.outlet.source
    guess = ", a guess" if one.learned.is_guess else ""
    return f"{one.outlet.source}, learned on {one.learned.learned_at.date().isoformat()}{guess}"
