"""The panel as a kernel describes it; the browser tests show how it looks."""

from jupyter_groupchat import GroupChatPanel


def test_the_panel_names_its_thread_and_its_view() -> None:
    """the browser learns which thread to show, and that the lab extension draws it."""
    state = GroupChatPanel(thread="Churn review").get_state()
    assert state["thread"] == "Churn review"
    assert (state["_view_module"], state["_view_name"]) == ("jupyter-groupchat", "PanelView")
    assert (state["_model_module"], state["_model_name"]) == ("jupyter-groupchat", "PanelModel")


def test_the_panel_is_readable_without_widgets() -> None:
    """where there are no widgets, words say what would be here, and a title is no markup."""
    panel = GroupChatPanel("Churn <script>")
    bundle = panel._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == panel.model_id
    assert bundle["text/plain"].startswith("Group Chat: Churn <script>. Open this notebook")
    assert "Churn &lt;script&gt;" in bundle["text/html"]
    assert repr(panel) == "GroupChatPanel(thread='Churn <script>')"
