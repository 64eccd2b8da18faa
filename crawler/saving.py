"""Has an archive keep the pages that a run's verdicts rest on, once all of them are committed.

Only where the operator gave keys. Each page is looked for in the archive's index first, and once found there it is
never asked for again. What comes of it is a row of `saves` and changes no verdict.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from crawler.driver import Budget, drive
from crawler.errors import TapeMissError
from crawler.fetch.redaction import redacted
from crawler.progress import Event
from crawler.resolve.mementos import memento_known
from crawler.resolve.save_page_now import SaveAnswer, saved
from db.ids import digest
from db.model import Save
from db.words import Coverage, SaveState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.driver import Asker
    from crawler.journal import StoreThread
    from crawler.progress import Listeners
    from crawler.protocols import Clock
    from crawler.resolve.mementos import MementoAnswer
    from crawler.resolve.save_page_now import SaveKeys
    from db.model import Run
    from db.store import Unsaved

__all__ = ["Saver"]

#: Pages that one run submits: with their polls, a quarter of an hour at the archive's pace.
SUBMISSIONS: Final = 20
#: Pages that one run looks for in the index: eight minutes at its pace.
QUESTIONS: Final = 200
#: Pages in a row of which nothing came, after which the archive is left alone until the next run.
TROUBLES: Final = 3

_TROUBLE: Final = frozenset({SaveState.REFUSED, SaveState.FAILED})

log = logging.getLogger("citehound.saving")


class Saver:
    """Submits pages, one after the other, with the parts that the composition root hands in."""

    def __init__(
        self,
        *,
        keys: SaveKeys,
        asker: Asker,
        thread: StoreThread,
        clock: Clock,
        listeners: Listeners,
    ) -> None:
        self._keys = keys
        self._asker = asker
        self._thread = thread
        self._clock = clock
        self._listeners = listeners

    async def save(self, run: Run, *, resumed: Sequence[str] = ()) -> None:
        """Store what came of each live page that verdicts of this run and those it resumes rest on.

        A recording that was made without keys holds no answer to any of this: it is told, and no failure.
        """
        pages = await self._thread.do(self._thread.store.unsaved, (run.id, *resumed))
        # An address with a token in it is not ours to publish.
        public = [page for page in pages if redacted(page.url) == page.url]
        try:
            await self._save(public[:QUESTIONS], run)
        except TapeMissError as error:
            self._listeners.tell(Event.SAVING_ENDED, kind="not_recorded")
            log.warning("no page is saved: %s", error)

    async def _save(self, pages: Sequence[Unsaved], run: Run) -> None:
        left, troubles = SUBMISSIONS, 0
        for page in pages:
            self._listeners.tell(Event.ARCHIVE_ASKED, url=page.url)
            answer = await self._looked_for(page, run)
            if answer is None:
                left -= 1
                answer = await self._submitted(page)
            await self._keep(page, answer, run)
            troubles = troubles + 1 if answer.state in _TROUBLE else 0
            if why := _why_to_end(answer, left=left, troubles=troubles):
                self._listeners.tell(Event.SAVING_ENDED, kind=why)
                return

    async def _looked_for(self, page: Unsaved, run: Run) -> SaveAnswer | None:
        """What the index says of a page, None where the archive has no copy of it."""
        search = memento_known(page.url, around=None, today=run.started_at.date())
        known = await drive(search, self._asker, budget=Budget(), clock=self._clock)
        return None if known.coverage is Coverage.EMPTY else _as_answer(known)

    async def _submitted(self, page: Unsaved) -> SaveAnswer:
        submission = saved(page.url, keys=self._keys)
        return await drive(submission, self._asker, budget=Budget(), clock=self._clock)

    async def _keep(self, page: Unsaved, answer: SaveAnswer, run: Run) -> None:
        save = Save(
            id=digest("save", run.id, page.url),
            run_id=run.id,
            page_id=page.page_id,
            url=page.url,
            asked_at=self._clock.now(),
            state=answer.state,
            archive_url=answer.archive_url,
            detail=answer.detail,
        )
        await self._thread.do(self._thread.store.add_save, save)
        self._listeners.tell(Event.PAGE_SAVED, url=page.url, kind=answer.state.value)


def _as_answer(known: MementoAnswer) -> SaveAnswer:
    """What an answer of the index, other than that there is no copy, means for the page."""
    if known.coverage is Coverage.ANSWERED:
        return SaveAnswer(state=SaveState.HELD, detail=known.detail, archive_url=known.address)
    return SaveAnswer(state=SaveState.FAILED, detail=f"the archive's index: {known.detail}")


def _why_to_end(answer: SaveAnswer, *, left: int, troubles: int) -> str:
    """Why nothing more is submitted in this run, "" where there may be."""
    if answer.closes:
        return "closed"
    if troubles == TROUBLES:
        return "troubles"
    return "" if left else "spent"
