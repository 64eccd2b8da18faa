"""Looks for the outlet of a cited name that no seed knows, once for all its citations, and remembers what came of it.

The search itself is a generator (`crawler.resolve.naming`), driven like a resolver through the run's journal and
paid from the budget of the citation that asks first; the others wait for its answer.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from crawler.driver import drive
from crawler.outlet_names import name_key
from crawler.resolve.named import Named
from crawler.resolve.naming import outlet_named
from crawler.title_language import title_language
from db.model import LearnedOutlet

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.driver import Asker, Budget
    from crawler.journal import StoreThread
    from crawler.protocols import Clock, Query
    from crawler.resolve.outlets import OutletBook

__all__ = ["Namer"]

#: How long it is believed who has a name; outlets move seldom, and a wrong host shows as trouble at once.
KNOWN_FOR: Final = timedelta(days=90)
#: How long it is believed that nobody is known by a name, or that a guess is all there is.
UNKNOWN_FOR: Final = timedelta(days=3)
#: A longer name is a sentence that stood where an outlet should.
NAME_CHARS: Final = 80


class Namer:
    """Gives citations the outlets that the book does not know."""

    def __init__(
        self,
        *,
        book: OutletBook,
        asker: Asker,
        thread: StoreThread,
        clock: Clock,
        remembers: bool = True,
    ) -> None:
        """`remembers`: what was learned in other runs is used, and what this one learns kept for them."""
        self._book = book
        self._asker = asker
        self._thread = thread
        self._clock = clock
        self._remembers = remembers
        self._asking: dict[str, asyncio.Task[Named]] = {}

    async def named(self, query: Query, budget: Budget) -> Named | None:
        """What is known or learned of the cited outlet; None where it need not be looked for."""
        name = query.citation.outlet or ""
        key = name_key(name)
        if not key or not _is_sought(query) or len(name) > NAME_CHARS:
            return None
        task = self._asking.get(key)
        if task is None:
            language = title_language(f"{query.title} {name}")
            search = self._looked_for(name, language=language, budget=budget)
            task = self._asking[key] = asyncio.create_task(search)
        return await asyncio.shield(task)

    async def _looked_for(self, name: str, *, language: str, budget: Budget) -> Named:
        key, now = name_key(name), self._clock.now()
        remembered = await self._remembered(key, now)
        if remembered is not None:
            return remembered
        search = outlet_named(name, book=self._book, language=language)
        named = await drive(search, self._asker, budget=budget, clock=self._clock)
        if self._remembers and named.is_settled:
            await self._thread.do(
                self._thread.store.keep_learned_outlet,
                LearnedOutlet(
                    key=key,
                    name=name,
                    outlet=named.outlet,
                    is_guess=named.is_guess,
                    detail=named.detail,
                    learned_at=now,
                ),
            )
        return named

    async def _remembered(self, key: str, now: datetime) -> Named | None:
        if not self._remembers:
            return None
        row = await self._thread.do(self._thread.store.learned_outlet, key)
        if row is None:
            return None
        is_known = row.outlet is not None and not row.is_guess
        if row.learned_at < now - (KNOWN_FOR if is_known else UNKNOWN_FOR):
            return None
        detail = f"{row.detail} (learned on {row.learned_at.date().isoformat()})"
        return Named(outlet=row.outlet, detail=detail, is_guess=row.is_guess)


def _is_sought(query: Query) -> bool:
    """Whether the outlet matters and nobody is known by its name: a cited address needs none."""
    by_address = query.citation.url or query.citation.doi
    return query.outlet is None and bool(query.title) and not by_address
