"""When nothing at all can be reached, it is this machine that is offline, not the sources.

After connection failures at three unrelated hosts and no answer from any, the run stops asking: each further
request is answered at once, and the run ends as `offline`. Pure bookkeeping.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crawler.progress import Event
from crawler.urls import host_of
from db.model import Capture
from db.words import FailureKind

if TYPE_CHECKING:
    from crawler.progress import Listeners
    from db.model import Outcome

__all__ = ["UNRELATED_HOSTS", "OfflineWatch"]

#: Unrelated hosts that must fail before this machine is blamed.
UNRELATED_HOSTS: Final = 3

_CONNECTION: Final = frozenset(
    {FailureKind.DNS, FailureKind.CONNECT, FailureKind.ROBOTS_UNREACHABLE}
)


class OfflineWatch:
    """Watches outcomes until one host answered or three unrelated ones could not be connected to."""

    def __init__(self, listeners: Listeners) -> None:
        self._listeners = listeners
        self._answered = False
        self._failed: set[str] = set()

    @property
    def concluded(self) -> bool:
        """Whether this machine seems to be offline."""
        return not self._answered and len(self._failed) >= UNRELATED_HOSTS

    def observe(self, outcome: Outcome) -> None:
        """Take an outcome into account; an answer of any status means that there is a network."""
        if isinstance(outcome, Capture) or outcome.status is not None:
            self._answered = True
            return
        if outcome.kind not in _CONNECTION or self.concluded:
            return
        self._failed.add(_unrelated(host_of(outcome.url)))
        if len(self._failed) == UNRELATED_HOSTS:
            self._listeners.tell(Event.OFFLINE, hosts=sorted(self._failed))


def _unrelated(host: str) -> str:
    """The last two labels: `www.` and `feeds.` of one site fail together."""
    return ".".join(host.rsplit(".", 2)[-2:])
