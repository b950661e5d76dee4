"""The chat in the output of a cell."""

from __future__ import annotations

from html import escape
from typing import Any

from ipywidgets import DOMWidget
from traitlets import Unicode

_MODULE = "jupyter-groupchat"  # the lab extension; `widget/module.ts` there says its version
_VERSION = "^1.0.0"


class GroupChatPanel(DOMWidget):
    """Shows a thread of the person who looks at the notebook, or offers to start it.

    ``thread`` is the thread's title. The panel is drawn by the lab extension over the browser's own connection: the
    kernel sees nothing of the thread.
    """

    _model_module = Unicode(_MODULE).tag(sync=True)
    _model_module_version = Unicode(_VERSION).tag(sync=True)
    _model_name = Unicode("PanelModel").tag(sync=True)
    _view_module = Unicode(_MODULE).tag(sync=True)
    _view_module_version = Unicode(_VERSION).tag(sync=True)
    _view_name = Unicode("PanelView").tag(sync=True)

    thread = Unicode(help="The thread's title.").tag(sync=True)

    def __init__(self, thread: str, **traits: Any) -> None:
        super().__init__(thread=thread, **traits)

    def __repr__(self) -> str:
        return f"GroupChatPanel(thread={self.thread!r})"

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        """Beside the widget, words for where there are no widgets, such as a web page made from the notebook."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options)
        where = "Open this notebook in JupyterLab or Jupyter Notebook, with jupyter_groupchat installed, to take part."
        bundle["text/plain"] = f"Group Chat: {self.thread}. {where}"
        bundle["text/html"] = f"<p><b>Group Chat: {escape(self.thread)}</b><br>{where}</p>"
        return bundle
