"""Say what is waited for when nothing was said for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType

SECONDS = 10.0


class Silence:
    """Watches a task from a thread of its own.

    Parameters
    ----------
    say : callable
        Is given a sentence, from that thread.
    seconds : float, default 10
        Of silence after which something is said; the next time it is twice as long.
    """

    def __init__(self, say: Callable[[str], object], seconds: float = SECONDS) -> None:
        self._say, self._seconds = say, seconds
        self._waits_for: Callable[[], str] | None = None
        self._changed = threading.Condition()
        self._over = False
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Silence:
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        with self._changed:
            self._over = True
            self._changed.notify()
        self._thread.join()

    def broken(self, waits_for: Callable[[], str] | None = None) -> None:
        """Note that something was said, or that something else is waited for from now on."""
        with self._changed:
            self._waits_for = waits_for or self._waits_for
            self._changed.notify()

    def _watch(self) -> None:
        patience = self._seconds
        with self._changed:
            while not self._over:
                if self._changed.wait(patience):
                    patience = self._seconds
                elif self._waits_for is not None:
                    self._say(self._waits_for())
                    patience *= 2
