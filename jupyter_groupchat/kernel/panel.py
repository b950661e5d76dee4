"""The chat in the output of a cell, and as an object to program with."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, ClassVar

from ipywidgets import DOMWidget
from traitlets import Unicode

from jupyter_groupchat.errors import GroupChatError, InvalidRequest, NotAllowed
from jupyter_groupchat.kernel.client import ANSWER, ThreadHandle
from jupyter_groupchat.kernel.magic import register
from jupyter_groupchat.kernel.ticket import Ticket, TicketHolder
from jupyter_groupchat.types import Message

_MODULE = "jupyter-groupchat"  # the lab extension; `widget/module.ts` there says its version
_VERSION = "^1.0.0"


class GroupChatPanel(DOMWidget):
    """Shows a thread of the person who looks at the notebook, or offers to start it.

    ``thread`` is the thread's title. The panel is drawn by the lab extension over the browser's own connection. The
    kernel sees nothing of the thread, until the person presses *Let this notebook write here*: the browser then hands
    it a ticket for this thread, and ``post``, ``ask``, ``share`` and ``messages`` work, as does ``%%groupchat``.
    """

    _model_module = Unicode(_MODULE).tag(sync=True)
    _model_module_version = Unicode(_VERSION).tag(sync=True)
    _model_name = Unicode("PanelModel").tag(sync=True)
    _view_module = Unicode(_MODULE).tag(sync=True)
    _view_module_version = Unicode(_VERSION).tag(sync=True)
    _view_name = Unicode("PanelView").tag(sync=True)

    thread = Unicode(help="The thread's title.").tag(sync=True)
    writer = Unicode(help="In whose name this kernel writes, empty while nobody lets it.").tag(sync=True)

    #: What this kernel was given, by the thread's title: a cell that is run again asks nobody again.
    _held: ClassVar[dict[str, tuple[TicketHolder, str]]] = {}

    def __init__(self, thread: str, **traits: Any) -> None:
        super().__init__(thread=thread, **traits)
        self.writer = self._held[thread][1] if thread in self._held else ""
        self.on_msg(self._hear)
        register(self)

    def __repr__(self) -> str:
        return f"GroupChatPanel(thread={self.thread!r})"

    @property
    def messages(self) -> list[Message]:
        """The newest messages, at most 50, oldest first."""
        return self._handle.messages()

    def post(self, body: str, *, reply_to: str | None = None, cells: Sequence[str] = ()) -> Message:
        """Write a message, marked as this notebook's; ``cells`` are ids from ``share``. Raises GroupChatError."""
        return self._handle.post(body, reply_to=reply_to, cells=cells)

    def ask(self, question: str, *, cells: Sequence[str] = (), timeout: float = ANSWER) -> Message:
        """Ask the assistant and wait for its whole answer. Raises GroupChatError, and TimeoutError."""
        return self._handle.ask(question, cells=cells, timeout=timeout)

    def share(self, value: Any, name: str = "value", *, update: str | None = None) -> str:
        """Share a value as a cell would show it; the id of the share, which ``update`` may name again."""
        return self._handle.share(value, name, update=update)

    @property
    def _handle(self) -> ThreadHandle:
        if self.thread not in self._held:
            raise NotAllowed("This notebook may not write here yet. Press “Let this notebook write here” in the panel.")
        return self._held[self.thread][0].thread

    def _hear(self, _: object, content: dict[str, Any], buffers: object) -> None:
        """The view hands a ticket over. It is no trait: those are saved with the notebook."""
        try:
            holder = TicketHolder(Ticket.of(content["ticket"]), self._ended)
        except (KeyError, TypeError, ValueError):
            self._complain(InvalidRequest("This is no ticket."))
        except GroupChatError as error:
            self._complain(error)
        else:
            before = self._held.pop(self.thread, None)
            if before is not None:
                before[0].close()
            name = str(content.get("name") or "you")
            self._held[self.thread] = (holder, name)
            self.writer = name

    def _complain(self, error: GroupChatError) -> None:
        self.send({"error": error.to_json()})

    def _ended(self) -> None:
        self._held.pop(self.thread, None)
        self.writer = ""

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        """Beside the widget, words for where there are no widgets, such as a web page made from the notebook."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options)
        where = "Open this notebook in JupyterLab or Jupyter Notebook, with jupyter_groupchat installed, to take part."
        bundle["text/plain"] = f"Group Chat: {self.thread}. {where}"
        bundle["text/html"] = f"<p><b>Group Chat: {escape(self.thread)}</b><br>{where}</p>"
        return bundle
