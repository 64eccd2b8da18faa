"""The clock of the nightly run: APScheduler says when, the database says what.

One process, one job in memory: `coalesce` and one instance, so that a busy night never starts a second run;
hours of grace, so that a machine that slept still runs; the run's lease keeps a second scheduler out.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import TYPE_CHECKING, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from crawler.app import Web, opened
from db.errors import LeaseHeldError

if TYPE_CHECKING:
    from crawler.config import Settings

__all__ = ["MISFIRE_GRACE_S", "scheduled"]

#: A run that could not start on time (the machine slept, the last one took long) still starts within this.
MISFIRE_GRACE_S: Final = 6 * 3600

log = logging.getLogger("citehound.schedule")


async def scheduled(settings: Settings, web: Web, *, at_once: bool) -> None:
    """Run at each tick of `schedule.cron`; return after SIGTERM or SIGINT, once what is in hand is committed."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    running: set[asyncio.Task[None]] = set()

    async def tick() -> None:
        task = asyncio.create_task(_one(settings, web))
        running.add(task)
        task.add_done_callback(running.discard)
        await asyncio.wait([task])

    scheduler = AsyncIOScheduler(timezone=settings["schedule.timezone"])
    trigger = CronTrigger.from_crontab(
        settings["schedule.cron"], timezone=settings["schedule.timezone"]
    )
    scheduler.add_job(
        tick,
        trigger,
        id="nightly",
        coalesce=True,
        max_instances=1,
        misfire_grace_time=MISFIRE_GRACE_S,
    )
    if at_once:
        scheduler.add_job(tick, id="at-once", misfire_grace_time=None)
    scheduler.start()
    log.info("scheduled at %s %s", settings["schedule.cron"], settings["schedule.timezone"])
    await stopping.wait()
    scheduler.shutdown(wait=False)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def _one(settings: Settings, web: Web) -> None:
    """One nightly run with its own parts, so that nothing of it stays open until the next night."""
    try:
        async with opened(settings, web) as app:
            run = await app.check_due(limit=int(settings["run.limit"]))
        log.info("run %s ended %s", run.id, run.state.value)
    except LeaseHeldError as error:
        log.warning("%s", error)
    except asyncio.CancelledError:
        log.info("stopped; what was in hand is committed")
        raise
    except Exception:
        log.exception("the nightly run failed")
