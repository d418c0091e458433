"""Where sandboxes run: in threads of this process, or on the workers of a Dask scheduler.

Neither is given a key. This process keeps to `concurrent.futures`, which Dask speaks too; Dask
itself is imported for a scheduler alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from centralasia.errors import UserError
from centralasia.grading.running import pool

if TYPE_CHECKING:
    from distributed import Client

P = ParamSpec("P")
T = TypeVar("T")


class Workers:
    """Run what is submitted, as much at once as there are sandboxes.

    Parameters
    ----------
    sandboxes : int
        Of this process.
    client : distributed.Client, optional
        Whose workers are used in place of threads of this process.
    """

    def __init__(self, sandboxes: int, client: Client | None = None) -> None:
        self._threads, self._client = sandboxes, client
        # The threads only wait for the sandboxes.
        self._executor: Executor = (
            client.get_executor(pure=False) if client else ThreadPoolExecutor(sandboxes)
        )

    def sandboxes(self) -> int:
        """Return how many sandboxes there are; none while no worker is connected."""
        return sum(self._client.nthreads().values()) if self._client else self._threads

    def submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Let some work be done as soon as a sandbox is free."""
        return self._executor.submit(work, *args, **kwargs)

    def close(self) -> None:
        """End the sandboxes, and what runs in them."""
        if self._client is None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            pool.close()  # so that nothing is left to wait for
            self._executor.shutdown()
        else:
            self._client.run(pool.close)
            self._client.close()


def connect(scheduler: str | None, workers: int | None) -> Workers:
    """Return the workers of a scheduler that runs, or threads of this process.

    Parameters
    ----------
    scheduler : str or None
        The address of a Dask scheduler.
    workers : int or None
        Sandboxes of this process; as many as processors if left out.

    Raises
    ------
    UserError
        If there is no answer from the scheduler.
    """
    if scheduler is None:
        return Workers(workers or os.cpu_count() or 1)
    from distributed import Client

    try:
        return Workers(0, Client(scheduler, timeout=20))
    except OSError as error:
        raise UserError(f"No Dask scheduler answers at {scheduler}: {error}") from error
