"""The core thread: it alone writes the database and holds replicas, and commits commands in groups.

What waits in the queue is carried out in one transaction, committed, and then handed to the event loop in one call.
Nothing is told before the commit. See docs/decisions/0001-one-core-thread.md.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from jupyter_groupchat.errors import GroupChatError, StorageUnavailable
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.delivery import Delivery
from jupyter_groupchat.threads.work import Context, Work
from jupyter_groupchat.types import Actor

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Commands that share one commit at most: what comes after them waits for all of it.
BATCH = 256
#: How often a transaction is tried that another server got in the way of.
ATTEMPTS = 3

STOPPING = "The server is stopping. Nothing was changed; try again in a moment."


@dataclass(frozen=True, slots=True)
class Order:
    """A command on its way. ``prepared`` is what was worked out for it before it reached the core thread."""

    actor: Actor
    command: Any
    prepared: Any
    future: asyncio.Future[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """Something else to do on the core thread. ``then`` takes its result on the loop, in the order of the commits."""

    do: Callable[[], T]
    then: Callable[[T], Any] | None
    future: asyncio.Future[Any]


class Pipeline:
    """The queue and its thread. All methods but those with an underscore belong to the event loop."""

    def __init__(
        self,
        store: Store,
        context: Context,
        carry_out: Callable[[Work, Actor, Any, Any], dict[str, Any]],
        deliver: Callable[[Delivery], None],
    ) -> None:
        self.store = store
        self.context = context
        self._carry_out = carry_out
        self._deliver = deliver
        self._queue: queue.SimpleQueue[Order | Call[Any] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="groupchat-core", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = False
        self._given_up = False
        self._waiting: set[asyncio.Future[Any]] = set()

    def start(self) -> None:
        """Begin to work, for the running loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def stop(self, timeout: float) -> bool:
        """Finish what waits and end; false when the thread is still busy after ``timeout`` seconds.

        What it is busy with then is refused and, should the database come back, not committed.
        """
        self._stopping = True
        if not self._thread.is_alive():
            return True
        self._queue.put(None)
        await asyncio.get_running_loop().run_in_executor(None, self._thread.join, timeout)
        # What the thread handed over last is delivered before anybody learns that it has ended.
        await asyncio.sleep(0)
        if not self._thread.is_alive():
            return True
        self._given_up = True
        for future in list(self._waiting):
            if not future.done():
                future.set_exception(StorageUnavailable(STOPPING))
        return False

    @property
    def running(self) -> bool:
        """Whether it still takes something."""
        return self._loop is not None and not self._stopping

    def order(self, actor: Actor, command: Any, prepared: Any = None) -> asyncio.Future[dict[str, Any]]:
        """Put a command in the queue."""
        future = self._future()
        self._queue.put(Order(actor, command, prepared, future))
        return future

    def call(self, do: Callable[[], T], then: Callable[[T], Any] | None = None) -> asyncio.Future[Any]:
        """Run ``do`` on the core thread; the answer is ``then``'s, or its own."""
        future = self._future()
        self._queue.put(Call(do, then, future))
        return future

    def _future(self) -> asyncio.Future[Any]:
        if self._loop is None or self._stopping:
            raise StorageUnavailable(STOPPING)
        future = self._loop.create_future()
        self._waiting.add(future)
        future.add_done_callback(self._waiting.discard)
        return future

    # -- on the core thread

    def _run(self) -> None:
        ended = False
        while not ended:
            waiting = [self._queue.get()]
            with suppress(queue.Empty):
                while len(waiting) < BATCH:
                    waiting.append(self._queue.get_nowait())
            ended = None in waiting
            orders = [item for item in waiting if isinstance(item, Order)]
            if orders:
                self._carry_out_all(orders)
            for item in waiting:
                if isinstance(item, Call):
                    self._call(item)
            self.context.rooms.trim()
            del waiting, orders

    def _carry_out_all(self, orders: Sequence[Order], attempts: int = ATTEMPTS) -> None:
        """Carry out commands in one transaction; where that fails, each in its own, so that only the culprit fails."""
        if self.context.shared:
            # Rows are then locked in the same order by every server. Each thread's commands keep theirs.
            orders = sorted(orders, key=lambda order: getattr(order.command, "thread", ""))
        try:
            self._hand_over(self._attempt(orders))
        except BaseException as error:  # a panic within pycrdt is no Exception, and this thread must outlive it
            got_in_the_way = isinstance(error, StorageUnavailable) and bool(error.details.get("retry"))
            if isinstance(error, StorageUnavailable) and not got_in_the_way:
                # Each on its own would meet the same, after the same wait.
                self._refuse(orders, error)
            elif len(orders) > 1:
                for order in orders:
                    self._carry_out_all([order])
            elif got_in_the_way and attempts > 1:
                self._carry_out_all(orders, attempts - 1)
            else:
                self._fail(orders[0], error)

    def _attempt(self, orders: Sequence[Order]) -> Delivery:
        work: Work | None = None
        try:
            with self.store.writing() as tx:
                work = Work(tx, self.context)
                for order in orders:
                    try:
                        answer, refusal = self._one(work, order), None
                    except GroupChatError as error:
                        if work.wrote or isinstance(error, StorageUnavailable):
                            raise
                        answer, refusal = None, error
                    work.delivery.answers.append((order.future, answer, refusal))
                work.finish()
                if self._given_up:
                    raise StorageUnavailable(STOPPING)
        except BaseException:
            if work is not None:
                work.discard()
            raise
        work.committed()
        return work.delivery

    def _one(self, work: Work, order: Order) -> dict[str, Any]:
        work.wrote = False
        work.now = self.context.clock()
        return self._carry_out(work, order.actor, order.command, order.prepared)

    def _fail(self, order: Order, error: BaseException) -> None:
        if not isinstance(error, GroupChatError):
            log.error("The command %s failed.", order.command.do, exc_info=error)
            told = GroupChatError("Something went wrong on the server. Nothing was changed.")
            told.__cause__ = error
            error = told
        self._refuse([order], error)

    def _refuse(self, orders: Sequence[Order], error: GroupChatError | Exception) -> None:
        delivery = Delivery()
        delivery.answers = [(order.future, None, error) for order in orders]
        self._hand_over(delivery)

    def _call(self, call: Call[Any]) -> None:
        try:
            result, error = call.do(), None
        except Exception as raised:
            result, error = None, raised
        except BaseException as raised:
            result, error = None, RuntimeError("pycrdt failed")
            error.__cause__ = raised
        self._on_loop(_answer, call, result, error)

    def _hand_over(self, delivery: Delivery) -> None:
        self._on_loop(self._deliver, delivery)

    def _on_loop(self, callback: Callable[..., None], *args: Any) -> None:
        # A loop that was closed over our head has nobody left who waits.
        with suppress(RuntimeError):
            assert self._loop is not None
            self._loop.call_soon_threadsafe(callback, *args)


def _answer(call: Call[Any], result: Any, error: Exception | None) -> None:
    """On the loop: answer a call, unless who asked has gone."""
    if call.future.done():
        return
    if error is None and call.then is not None:
        try:
            result = call.then(result)
        except Exception as raised:
            error = raised
    if error is None:
        call.future.set_result(result)
    else:
        call.future.set_exception(error)
