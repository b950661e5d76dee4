"""Threads in which the operator's tools run: never on the server's event loop, which has other people to serve."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, NamedTuple

#: Uses at the same time. One that was given up and does not end counts on.
MOST = 16


class ToolThreads:
    """A thread for each use, and ``most`` at the same time. Belongs to the event loop."""

    def __init__(self, most: int = MOST) -> None:
        self._places = asyncio.Semaphore(most)

    async def run(self, work: Callable[[], Any]) -> Any:
        """What ``work`` returns; where that is awaitable, what it ends with, on an event loop of the thread's own.

        Raises what it raises. Cancelled, it returns at once: what can be awaited is cancelled in its thread, and a
        function is left to itself.
        """
        await self._places.acquire()
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[_Outcome] = loop.create_future()
        use = _Use(work)

        def told(outcome: _Outcome) -> None:
            self._places.release()
            if not ended.done():
                ended.set_result(outcome)

        def carry_out() -> None:
            outcome = use.outcome()
            # The server may have stopped meanwhile.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(told, outcome)

        try:
            # A daemon: what hangs in a tool does not keep the server from stopping.
            threading.Thread(target=carry_out, name="groupchat-tool", daemon=True).start()
        except RuntimeError:
            self._places.release()
            raise
        try:
            outcome = await ended
        except asyncio.CancelledError:
            use.stop()
            raise
        if outcome.error is not None:
            raise outcome.error
        return outcome.value


class _Outcome(NamedTuple):
    value: Any = None
    error: BaseException | None = None


class _Use:
    """One use, in its thread."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._stopped = False
        self._cancel: Callable[[], object] | None = None

    def outcome(self) -> _Outcome:
        """Carry it out, whatever it raises."""
        try:
            value = self._work()
            return _Outcome(asyncio.run(self._awaited(value)) if inspect.isawaitable(value) else value)
        except (Exception, asyncio.CancelledError) as error:
            return _Outcome(error=error)
        except BaseException as error:
            # SystemExit and its like are meant for a process, and this one is not the tool's.
            said = RuntimeError(f"The tool raised {type(error).__name__}.")
            said.__cause__ = error
            return _Outcome(error=said)

    def stop(self) -> None:
        """From the server's loop: nobody waits for it any more."""
        with self._lock:
            self._stopped = True
            if self._cancel is not None:
                self._cancel()

    async def _awaited(self, value: Awaitable[Any]) -> Any:
        loop, task = asyncio.get_running_loop(), asyncio.ensure_future(value)
        with self._lock:
            self._cancel = lambda: loop.call_soon_threadsafe(task.cancel)
            if self._stopped:
                task.cancel()
        try:
            return await task
        finally:
            with self._lock:
                self._cancel = None
