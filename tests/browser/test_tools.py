"""What the assistant looks up for a reply, as people see it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen


def test_a_search_is_seen_by_both(ana: Screen, ben: Screen, the_office: Office) -> None:
    """The question leads to a search in what the request does not hold; both see it, the answer and the record."""
    caller = Caller(the_office, "Ben")
    thread = Caller(the_office, "Ana").thread("Long talk", caller, mode="mention")
    caller.post(thread, "The zebra prices were raised in June.")
    for number in range(205):
        caller.post(thread, f"Number {number}.")
    for reader in (caller, Caller(the_office, "Ana")):
        reader.call("PUT", f"threads/{thread}/read", {"seq": 206})
    the_office.model.will_call("what about the zebra", "search_thread", query="zebra prices")
    the_office.model.will_answer("zebra prices were raised", "Ben said that they were raised in June.")
    ana.open_thread("Long talk")
    ben.open_thread("Long talk")
    ben.write("@assistant what about the zebra")
    for screen in (ana, ben):
        expect(screen.reply).to_contain_text("Ben said that they were raised in June.")
        expect(screen.reply.get_by_role("list", name="Tools used")).to_have_text(
            "Searched the thread for “zebra prices”"
        )
    first, second = (body for body in the_office.model.requests if "what about the zebra" in str(body))
    assert "zebra prices were raised" not in str(first["messages"])
    assert "zebra prices were raised" in second["messages"][-1]["content"]
    ana.reply.get_by_role("button", name="saw", exact=False).click()
    expect(ana.dialog).to_contain_text("Tools used")
    expect(ana.dialog).to_contain_text('search_thread({"query":"zebra prices"})')
    ana.button("Close", within=ana.dialog).last.click()


def test_a_cell_is_read_in_full(ana: Screen, ben: Screen, the_office: Office) -> None:
    """One that did not fit into the request; a call that goes wrong says why, and the answer comes all the same."""
    caller = Caller(the_office, "Ana")
    thread = caller.thread("Long cell", Caller(the_office, "Ben"))
    for number in (4, 5):
        source = "\n".join(f"row_{line} = {line}  # of {number}" for line in range(4_000))
        cell = {"notebook": "long.ipynb", "cell_id": f"c{number}", "cell_type": "code", "source": source}
        caller.call("PUT", f"threads/{thread}/cells/long{number}", {**cell, "execution_count": number})
    the_office.model.will_call("what is in the fourth", "read_cell", cell=4)
    the_office.model.will_call("row_0 = 0  # of 4", "read_cell", cell=9)
    the_office.model.will_answer("No such cell", "It assigns rows; there is no ninth cell.")
    ana.open_thread("Long cell")
    ben.open_thread("Long cell")
    ana.write("@assistant what is in the fourth and the ninth")
    for screen in (ana, ben):
        expect(screen.reply).to_contain_text("It assigns rows")
        lines = screen.reply.get_by_role("list", name="Tools used").get_by_role("listitem")
        expect(lines).to_have_text(
            ["Read cell [4]", "Reading of cell [9]: failed. No such cell is shared with this thread now."]
        )
