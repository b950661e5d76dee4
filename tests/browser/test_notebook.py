"""The same panel elsewhere: in Jupyter Notebook, and in a cell's output."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen

WIDGET = 'GroupChatPanel(thread="Churn review")'
#: How many cells the notebook in front has, whether they are shown yet or not.
CELLS = "() => window.jupyterapp.shell.currentWidget.content.model.cells.length"


def test_a_thread_in_the_output_of_a_cell(ana: Screen, the_office: Office) -> None:
    """GroupChatPanel shows its thread in JupyterLab, beside the side panel, and one can write in both"""
    anas = Caller(the_office, "Ana")
    thread = anas.thread("Churn review", mode="mention")
    ana.open_thread("Churn review")
    ana.run_cell(WIDGET)
    ana.widget.sees_thread("Churn review")
    ana.widget.say("from the cell")
    ana.sees("from the cell")
    ana.say("from the side")
    ana.widget.sees("from the side")
    # The notebook's own keys must not act on what is typed in its output.
    cells = ana.page.evaluate(CELLS)
    ana.widget.messages.focus()
    ana.page.keyboard.type("ddb")
    assert ana.page.evaluate(CELLS) == cells
    anas.call("DELETE", f"threads/{thread}")
    expect(ana.panel).to_contain_text("This thread is not here any more")


def test_a_notebook_writes_once_its_person_lets_it(ana: Screen, the_office: Office) -> None:
    """code in the notebook may write in the thread after a click and not before, and what it wrote says so"""
    anas = Caller(the_office, "Ana")
    thread = anas.thread("Let in", mode="mention")
    ana.open_thread("Let in")
    ana.insert_cell('import jupyter_groupchat as gc\npanel = gc.GroupChatPanel(thread="Let in")\npanel')
    ana.run_cell("panel = gc")
    ana.widget.sees_thread("Let in")
    ana.insert_cell("panel.post('Trained in 2 h.')")
    ana.run_cell("panel.post('Trained")
    expect(ana.cell("panel.post('Trained")).to_contain_text("This notebook may not write here yet")
    ana.page.get_by_role("button", name="Let this notebook write here").last.click()
    expect(ana.page.get_by_text("This notebook writes here as Ana")).to_be_visible()
    ana.insert_cell("panel.post('Scored in 3 h.')")
    ana.run_cell("panel.post('Scored")
    ana.sees("Scored in 3 h.")
    newest = anas.call("GET", f"threads/{thread}/messages")["messages"][0]
    assert (newest["body"], newest["kind"], newest["author_name"]) == ("Scored in 3 h.", "kernel", "Ana")
    anas.call("DELETE", f"threads/{thread}")


def test_jupyter_notebook_has_the_panel_too(ana: Screen, ben: Screen, the_office: Office) -> None:
    """in Jupyter Notebook a button opens the panel, and a thread there is the one that others have in JupyterLab"""
    Caller(the_office, "Ana").thread("In Notebook", Caller(the_office, "Ben"))
    ana.open_thread("In Notebook")
    ben.page.goto(f"{the_office.url}notebooks/01_first_thread.ipynb")
    expect(ben.cell("pd.read_csv")).to_be_visible()
    ben.page.get_by_title("Open Group Chat").click()
    ben.open_thread("In Notebook")
    ben.say("hello from Notebook")
    ana.say("hello from Lab")
    ana.sees("hello from Notebook")
    ben.sees("hello from Lab")
    ben.share_cell("pd.read_csv")
    ben.say("this one")
    expect(ana.card).to_contain_text("pd.read_csv")
