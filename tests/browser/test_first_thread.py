"""The walk of the README: two people, a shared cell, a question, an answer that both watch."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen


def test_two_people_ask_about_a_shared_cell(ana: Screen, ben: Screen, the_office: Office) -> None:
    """Ana invites Ben by link, shares a cell and asks; both see the answer while it is written, and what it saw."""
    answer = the_office.model.will_answer("which plan loses", "The basic plan:", "37 % of its customers left.")
    ana.start_thread("Who leaves?", about="01_first_thread.ipynb")
    ben.join(ana.invite(), "Who leaves?")
    expect(ana.messages).to_contain_text("Ben joined")

    ana.run_cell("pd.read_csv")
    number = ana.run_cell("by_plan.sort_values")
    ana.share_cell("by_plan.sort_values")
    ana.say("@assistant which plan loses most customers?")
    for screen in (ana, ben):
        expect(screen.card).to_contain_text("by_plan.sort_values")
        expect(screen.card.get_by_role("row").filter(has_text="basic")).to_contain_text("0.3")
        expect(screen.reply).to_contain_text("The basic plan:")
        expect(screen.reply).to_have_attribute("aria-busy", "true")
        expect(screen.button("Stop", within=screen.reply)).to_be_visible()
    answer.go_on.set()
    for screen in (ana, ben):
        expect(screen.reply).to_contain_text("The basic plan: 37 % of its customers left.")
        expect(screen.reply).to_have_attribute("aria-busy", "false")
        expect(screen.button("Stop", within=screen.reply)).to_have_count(0)

    ben.reply.get_by_role("button", name=re.compile("^saw 1 cell")).click()
    expect(ben.dialog).to_contain_text(f"Cell {number}")
    expect(ben.dialog).to_contain_text("loopback")
    ben.button("Close", within=ben.dialog).last.click()

    sent = the_office.model.sent()
    assert "by_plan.sort_values" in sent
    assert "matplotlib" not in sent, "a cell that nobody shared went to the model"
    assert "C0001" not in sent, "an output that nobody shared went to the model"


def test_a_shared_cell_follows_the_notebook(ana: Screen, ben: Screen, the_office: Office) -> None:
    """what the sharer runs shows on the other's screen; once withdrawn, it is gone from there"""
    Caller(the_office, "Ana").thread("Live cell", Caller(the_office, "Ben"))
    ana.open_thread("Live cell")
    ben.open_thread("Live cell")
    ana.insert_cell("print(6 * 7)")
    ana.run_cell("print(6 * 7)")
    ana.share_cell("print(6 * 7)")
    ana.say("look")
    expect(ben.card).to_contain_text("42")
    ana.cell("print(6 * 7)").locator(".cm-content").fill("print(6 * 9)")
    ana.run_cell("print(6 * 9)")
    expect(ben.card).to_contain_text("print(6 * 9)")
    expect(ben.card).to_contain_text("54")
    ana.button("Withdraw: take this cell out of the thread", within=ana.card).click()
    expect(ben.messages).to_contain_text("This cell is no longer shared.")
    expect(ben.messages).not_to_contain_text("54")


def test_either_can_stop_a_reply(ana: Screen, ben: Screen, the_office: Office) -> None:
    """Stop ends a long reply on both screens, keeps what came, and hangs up on the model"""
    answer = the_office.model.will_answer("a very long story", "Once upon a time", endless=True)
    Caller(the_office, "Ana").thread("Stop it", Caller(the_office, "Ben"))
    ana.open_thread("Stop it")
    ben.open_thread("Stop it")
    ana.say("@assistant tell a very long story")
    expect(ben.reply).to_contain_text("Once upon a time word1 word2")
    ben.button("Stop", within=ben.reply).click()
    for screen in (ana, ben):
        expect(screen.reply).to_contain_text("Stopped")
        expect(screen.reply).to_contain_text("Once upon a time word1 word2")
        expect(screen.reply).to_have_attribute("aria-busy", "false")
    assert answer.hung_up.wait(60), "the model was left writing"


def test_code_of_a_reply_goes_into_the_notebook(ana: Screen, the_office: Office) -> None:
    """ "Insert below" puts the code under the active cell and does not run it"""
    code = "customers.groupby('support_calls').size()"
    the_office.model.will_answer("count the calls", f"Like this:\n\n```python\n{code}\n```\n")
    Caller(the_office, "Ana").thread("Code")
    ana.open_thread("Code")
    ana.cell("pd.read_csv").locator(".jp-InputArea-editor").click()
    ana.say("@assistant how do I count the calls?")
    expect(ana.reply).to_have_attribute("aria-busy", "false")
    ana.button("Insert below", within=ana.reply).click()
    inserted = ana.cell(code)
    expect(inserted).to_be_visible()
    expect(inserted.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\s*\]"))


def test_a_cell_says_that_it_changed_since_the_answer(ana: Screen, the_office: Office) -> None:
    """the card of a shared cell and the answer that saw an earlier version both say so"""
    anas = Caller(the_office, "Ana")
    thread = anas.thread("Sums", mode="mention")
    cell = {"notebook": "sums.ipynb", "cell_id": "c1", "cell_type": "code", "outputs": [], "execution_count": 1}
    anas.call("PUT", f"threads/{thread}/cells/s1", {**cell, "source": "1 + 1"})
    the_office.model.will_answer("what is the sum", "It is ", "two.").go_on.set()
    anas.post(thread, "@assistant what is the sum?", cells=["s1"])
    ana.open_thread("Sums")
    expect(ana.reply).to_contain_text("It is two.")
    expect(ana.reply).to_have_attribute("aria-busy", "false")
    expect(ana.card).not_to_contain_text("Changed since")
    anas.call("PUT", f"threads/{thread}/cells/s1", {**cell, "source": "1 + 2", "execution_count": 2})
    expect(ana.card).to_contain_text("Changed since")
    expect(ana.reply).to_contain_text("Answer may be stale: cell [2] changed")
