"""The embedded reader, asked as every endpoint is: through the client, with requests that the context builds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from jupyter_groupchat.assistant import context, notebook_reader
from jupyter_groupchat.assistant.context import Ask, Model
from jupyter_groupchat.assistant.language_model import Finished, Request, TextDelta, ToolCall, Turn
from jupyter_groupchat.assistant.openai_model import OpenAIModel
from jupyter_groupchat.threads.queries import Conversation
from jupyter_groupchat.types import ASSISTANT, MessageRow, SharedCell
from tests.assistant.scenes import RATES, a_cell, a_thread, members, printed, raised, wrote

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

SOURCE = """\
rates = (df.query("tenure_months >= 3")
         .groupby("plan")["churned"]
         .agg(customers="size", rate="mean"))
rates.sort_values("rate").round(3)"""
TRACEBACK = (
    "---------------------------------------------------------------------------",
    "KeyError                                  Traceback (most recent call last)",
    "File ~/lib/pandas/core/indexes/base.py:3812, in Index.get_loc(self, key)",
    "   3811 try:",
    "-> 3812     return self._engine.get_loc(casted_key)",
    "",
    "Cell In[14], line 2",
    "      1 flagged = rates[rates['customers'] > 50]",
    "----> 2 flagged['rat']",
    "",
    "KeyError: 'rat'",
)
CELLS = (
    a_cell("s", SOURCE, RATES, number=12),
    a_cell(
        "e",
        "flagged = rates[rates['customers'] > 50]\nflagged['rat']",
        raised("KeyError", "'rat'", *TRACEBACK),
        number=14,
    ),
    a_cell("u", "threshold = 0.42\nprint(score)", printed("recall: 0.81\nprecision: 0.61\n"), number=13),
)


@pytest.fixture
async def reader() -> AsyncIterator[OpenAIModel]:
    """The reader as a model."""
    model = notebook_reader.notebook_reader(pause=0)
    yield model
    await model.close()


async def ask(
    reader: OpenAIModel,
    question: str,
    *before: MessageRow,
    cells: tuple[SharedCell, ...] = CELLS,
    asked: bool = True,
) -> tuple[str, ToolCall | None]:
    """What it answers: text, or a call."""
    about = wrote("ana", question, seq=9)
    conversation = Conversation(
        thread=a_thread(), members=members("ana", "mei"), messages=(*before, about), cells=cells
    )
    request, _ = context.build(
        conversation,
        Ask(about=about, asked_by="ana", asked=asked, why="a question to nobody in particular"),
        Model(name="notebook-reader", tokens=16_000),
        name="Assistant",
    )
    async with aclosing(reader.stream(request)) as stream:
        events = [event async for event in stream]
    call = next((event for event in events if isinstance(event, ToolCall)), None)
    return "".join(event.text for event in events if isinstance(event, TextDelta)), call


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("@Assistant what is the rate of basic?", "{}[12]: rate of basic is **0.187**."),
        ("how many customers does team have?", "{}[12]: customers of team is **611**."),
        (
            "which plan has the highest rate",
            "**basic** has the highest `rate`, 0.187 ({}[12]). The lowest is team with 0.041.",
        ),
        (
            "who has the fewest customers?",
            "**team** has the lowest `customers`, 611 ({}[12]). The highest is basic with 4212.",
        ),
        ("what is the recall?", "{}[13]: recall is **0.81**."),
        ("Wie hoch ist die rate von family?", "{}[12]: rate von family ist **0.121**."),
    ],
)
async def test_it_finds_a_value_and_says_where(reader: OpenAIModel, question: str, answer: str) -> None:
    """In a table or on a line of its own, in the language of the question."""
    text, call = await ask(reader, question)
    assert text.split("\n")[0] == answer.format("churn_model.ipynb ")
    assert call is None


async def test_where_no_single_number_answers_it_gives_the_ranges(reader: OpenAIModel) -> None:
    """ "Loses" is no column: it does not guess which one is meant."""
    text, _ = await ask(reader, "which plan loses most customers?")
    assert text.startswith(
        "churn_model.ipynb [12] has, by plan, from the lowest to the highest:\n\n"
        "- customers: 611 (team) to 4212 (basic)\n- rate: 0.041 (team) to 0.187 (basic)"
    )


async def test_it_summarises_a_table(reader: OpenAIModel) -> None:
    """Columns, rows, and the range of each number."""
    text, _ = await ask(reader, "Please summarise the table in [12]")
    assert text.startswith(
        "churn_model.ipynb [12] shows a table of 4 rows with the columns plan, customers, rate.\n\n"
        "- customers: 611 (team) to 4212 (basic)\n- rate: 0.041 (team) to 0.187 (basic)"
    )


async def test_it_explains_an_error_from_what_was_shared(reader: OpenAIModel) -> None:
    """Its name, its message, the line of the cell that raised it, and a hint from the other cells."""
    text, _ = await ask(reader, "why does it fail?")
    assert text.startswith(
        "churn_model.ipynb [14] ended with **KeyError**: 'rat'\nIt was raised in line 2:\n\n"
        "```python\nflagged['rat']\n```\n\nA column of nearly that name is `rate` in churn_model.ipynb [12]."
    )
    named = a_cell("n", "print(x)", raised("NameError", "name 'x' is not defined"), number=3)
    text, _ = await ask(reader, "what is wrong in [3]?", cells=(named, a_cell("d", "y = 1\nx = 2", number=2)))
    assert "`x` is assigned in churn_model.ipynb [2]; that cell has to run first." in text
    bad = a_cell("n", "fees.astype(float)", raised("ValueError", "could not convert string to float: 'free'"), number=5)
    fees = a_cell("d", "df", printed("   plan   fee\n0  plus   free\n1  basic  9"), number=4)
    text, _ = await ask(reader, "why does this fail?", cells=(bad, fees))
    assert "`free` is a value of the column `fee` in churn_model.ipynb [4]." in text
    assert "No shared cell shows an error" in (await ask(reader, "any errors?", cells=CELLS[:1]))[0]


async def test_it_quotes_code_that_can_be_inserted(reader: OpenAIModel) -> None:
    """Of a cell that is named, or the lines that define something."""
    text, _ = await ask(reader, "what does cell 12 do?")
    assert text.startswith(f"churn_model.ipynb [12]:\n\n```python\n{SOURCE}\n```\n\nIt assigns `rates`, calls ")
    text, _ = await ask(reader, "where is the threshold defined?")
    assert text.startswith("churn_model.ipynb [13]:\n\n```python\nthreshold = 0.42\n")


async def test_it_finds_what_somebody_said(reader: OpenAIModel) -> None:
    """With who and where."""
    said = wrote("mei", "I tightened the tenure filter yesterday.\nBasic still stands out.", seq=3)
    text, _ = await ask(reader, "who tightened the filter yesterday?", said)
    assert "Mei Tanaka, in message 3:\n\n> I tightened the tenure filter yesterday.\n> Basic still stands out." in text


async def test_it_says_what_it_is_and_when_it_finds_nothing(reader: OpenAIModel) -> None:
    """Once in a conversation, not under every answer."""
    note = "no language model"
    text, _ = await ask(reader, "Who are you?")
    assert note in text
    assert "churn_model.ipynb [12], churn_model.ipynb [14]" in text
    text, _ = await ask(reader, "what about the weather in Lisbon?")
    assert text.startswith("I find nothing about “weather”, “lisbon” in the 3 shared cells or in the newest messages.")
    assert note in text
    first, _ = await ask(reader, "what is the recall?")
    assert first.endswith("*")
    second, _ = await ask(
        reader, "what is the precision?", wrote("ana", "what is the recall?", seq=1), wrote(ASSISTANT, first, seq=2)
    )
    assert second == "churn_model.ipynb [13]: precision is **0.61**."
    assert "kein Sprachmodell" in (await ask(reader, "Was kannst du?"))[0]


@pytest.mark.parametrize(
    ("body", "text", "tool"),
    [
        ("which plan has the highest rate?", "**basic** has the highest `rate`", None),
        ("does anybody see why it fails?", "churn_model.ipynb [14] ended with **KeyError**", None),
        ("shall we have lunch?", "", "stay_out"),
        ("where is the filter?", "", "stay_out"),
        ("The rate of basic is 0.25", "churn_model.ipynb [12] has 0.187 for rate of basic, not 0.25.", None),
        ("rate of basic is 0.19, right?", "", "react"),
        ("look at [14]", "churn_model.ipynb [14] ended with **KeyError**", None),
        ("What we found so far: basic has the highest rate.", "", "stay_out"),
        ("How nice, no more errors!", "", "stay_out"),
    ],
)
async def test_unasked_it_speaks_only_where_a_cell_has_the_answer(
    reader: OpenAIModel, body: str, text: str, tool: str | None
) -> None:
    """Otherwise it stays out, with a reason; a statement that holds gets a nod."""
    said, call = await ask(reader, body, asked=False)
    assert said.startswith(text)
    assert bool(said) == bool(text)
    assert (call.name if call else None) == tool
    if tool == "stay_out":
        assert call
        assert call.arguments == {"reason": "the shared cells do not answer it"}


async def test_it_knows_only_what_the_request_holds(reader: OpenAIModel) -> None:
    """A cell that was withdrawn is unknown to it at once."""
    assert "0.187" in (await ask(reader, "what is the rate of basic?"))[0]
    text, _ = await ask(reader, "what is the rate of basic?", cells=())
    assert text.startswith("No cell is shared with this thread yet")


async def test_it_streams_and_counts(reader: OpenAIModel) -> None:
    """In small pieces, with token counts at the end."""
    request = Request(model="notebook-reader", turns=(Turn("user", "Who are you?"),))
    async with aclosing(reader.stream(request)) as stream:
        events = [event async for event in stream]
    assert len(events) > 3
    assert all(isinstance(event, TextDelta) and len(event.text) <= 24 for event in events[:-1])
    assert isinstance(events[-1], Finished)
    assert events[-1].prompt_tokens
    assert events[-1].completion_tokens


@pytest.mark.parametrize(
    "source",
    ["%matplotlib inline\n!ls", "def f(:\n  pass", "x = " + "(" * 500 + ")" * 500, "\x00", "", "```\nfence\n```"],
)
async def test_any_source_can_be_quoted(reader: OpenAIModel, source: str) -> None:
    """Magics, broken and nested code, fences."""
    cells = (a_cell("s", source, printed("| a | b |\n| 1 |\n\n" + "|" * 50), number=5),)
    text, _ = await ask(reader, "what does cell 5 do? highest a, summary table, error", cells=cells)
    assert text
