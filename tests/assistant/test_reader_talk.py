"""A talk with the notebook reader about notebooks/01_first_thread.ipynb and more, as people hold it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from time import monotonic

import pytest

from jupyter_groupchat.assistant import notebook_reader
from jupyter_groupchat.assistant.openai_model import OpenAIModel
from jupyter_groupchat.types import ASSISTANT, MessageRow, SharedCell
from tests.assistant.scenes import a_cell, html, printed, raised, wrote
from tests.assistant.test_notebook_reader import ask
from tests.cells.test_render import png

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


def frame(*lines: str, shape: str = "") -> dict[str, object]:
    """A data frame as pandas shows it, from its lines."""
    head, *body = ([f"<{tag}>{cell}</{tag}>" for cell in line.split("|")] for line, tag in _tagged(lines))
    rows = "".join(f"<tr>{''.join(row)}</tr>" for row in body)
    return html(f"<table><thead><tr>{''.join(head)}</tr></thead><tbody>{rows}</tbody></table><p>{shape}</p>")


def _tagged(lines: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(line, "td" if place else "th") for place, line in enumerate(lines)]


def shown(text: str) -> dict[str, object]:
    """A result that is text."""
    return {"output_type": "execute_result", "execution_count": 1, "data": {"text/plain": text}, "metadata": {}}


PLOT = {
    "output_type": "display_data",
    "data": {"image/png": png(), "text/plain": "<Figure size 600x260 with 1 Axes>"},
    "metadata": {},
}
BOOK = "01_first_thread.ipynb"
PLANS = a_cell(
    "plans",
    'customers.groupby("plan").agg(customers=("customer", "size"), rate=("churned", "mean"))',
    frame("plan|customers|rate", "basic|515|0.371", "family|265|0.177", "plus|342|0.164", "team|78|0.090"),
    number=2,
    notebook=BOOK,
)
REGIONS = a_cell(
    "regions",
    'customers.groupby("region")["churned"].agg(["size", "mean"])',
    frame("region|size|mean", "East|254|0.232", "North|326|0.252", "South|325|0.262", "north|58|0.241"),
    number=3,
    notebook=BOOK,
)
FEES = a_cell(
    "fees",
    'fees = customers["monthly_fee"]\nfees.astype(float).mean()',
    raised("ValueError", "could not convert string to float: 'free'", "----> 2 fees.astype(float).mean()"),
    number=5,
    notebook=BOOK,
)
MEAN = a_cell(
    "mean",
    'numbers = pd.to_numeric(fees, errors="coerce")',
    shown("{'mean': 19.15, 'left out': 34}"),
    number=6,
    notebook=BOOK,
)
PICTURE = a_cell("plot", 'ax.bar(rates)\nax.set(ylabel="left")', PLOT, number=4, notebook=BOOK)
TEXT = a_cell(
    "text",
    "## Cleaning\n\nWe drop customers with fewer than 3 months.",
    number=None,
    notebook=BOOK,
    cell_type="markdown",
)
CELLS = (PICTURE, MEAN, FEES, REGIONS, PLANS, TEXT)


@pytest.fixture
async def reader() -> AsyncIterator[OpenAIModel]:
    """The reader as a model."""
    model = notebook_reader.notebook_reader(pause=0)
    yield model
    await model.close()


async def told(
    reader: OpenAIModel, question: str, *before: MessageRow, cells: tuple[SharedCell, ...] = CELLS, asked: bool = True
) -> str:
    """What it answers, without the line that says what it is."""
    text, call = await ask(reader, question, *before, cells=cells, asked=asked)
    return (call.name if call else "") or text.partition("\n\n*I")[0]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "@assistant which plan has the highest rate?",
            "**basic** has the highest `rate`, 0.371 ({}[2]). The lowest is",
        ),
        ("Nice, which plan has the highest rate?", "**basic** has the highest `rate`, 0.371"),
        ("@assistant which region has the highest mean?", "**South** has the highest `mean`, 0.262 ({}[3])"),
        ("@assistant which region is worst?", "{}[3] has, by region, from the lowest to the highest:\n\n- size: 58"),
        ("@assistant how many customers are on basic?", "{}[2]: customers of basic is **515**."),
        ("@assistant how many plans are there?", "{}[2] has 4 rows, by plan."),
        ("@assistant what is the mean fee?", "{}[6]: mean is **19.15**."),
        ("@assistant how many were left out?", "{}[6]: left out is **34**."),
        (
            "@assistant what is the difference between basic and plus?",
            "{}[2]:\n\n- basic: customers 515, rate 0.371\n- plus: customers 342, rate 0.164",
        ),
        ("@assistant what should we do about basic?", "{}[2]:\n\n- basic: customers 515, rate 0.371"),
        ("@assistant quel est le taux de basic ?", "{}[2]:\n\n- basic: customers 515, rate 0.371"),
        ("@assistant compare the regions", "{}[3]:\n\n| region | size | mean |\n| --- | --- | --- |\n| East | 254 |"),
        (
            "@assistant why does this fail?",
            "{}[5] ended with **ValueError**: could not convert string to float: 'free'",
        ),
        (
            "@assistant what does the plot show?",
            "{}[4] draws a picture, which I cannot see. Its code:\n\n```python\nax.bar",
        ),
        ("@assistant what does [6] do?", "{}[6]:\n\n```python\nnumbers = "),
        ("@assistant who shared the regions?", "Mei Tanaka shared {}[3]."),
        (
            "@assistant summarise what we found so far",
            "What the shared cells show:\n\n- {}[4] draws a picture, which I cannot see.\n"
            "- {}[6]: mean 19.15, left out 34\n- {}[5] ended with `ValueError`.\n- {}[3], 4 rows by region: size 58",
        ),
        ("@assistant which customers are dropped?", "The closest that I find:\n\n{}\n\n> We drop customers with fewer"),
        ("@assistant can you run [6] again?", "I cannot run or write code, or draw"),
        ("@assistant write a function that sorts plans", "I cannot run or write code"),
        ("@assistant hello", "Hello. Ask me for a value"),
        ("@assistant ???", "Hello. Ask me for a value"),
        ("@assistant thanks, that helps", "You are welcome."),
        ("@assistant 谢谢", "You are welcome."),
        ("@assistant danke!", "Gern."),
        ("@assistant you are wrong", "I may have looked in the wrong place."),
        ("@assistant was ist der Unterschied zwischen basic und plus?", "{}[2]:\n\n- basic: customers 515"),
        ("@assistant what about Lisbon?", "I find nothing about “lisbon” in the 6 shared cells"),
        ("@assistant what is the average churn?", "The closest that I find:"),
    ],
)
async def test_it_answers_as_a_colleague_would_who_only_looks_things_up(
    reader: OpenAIModel, question: str, answer: str
) -> None:
    """Right, short, with the place; or it says what it cannot do, or has not found."""
    place = f"{BOOK} "
    answer = answer.replace("\n\n{}\n\n", f"\n\n{BOOK}:\n\n").replace("{}", place)
    assert (await told(reader, question)).startswith(answer)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("and by customers?", "**basic** has the highest `customers`, 515"),
        ("and by region?", f"{BOOK} [3] has, by region, from the lowest to the highest:"),
        ("and the lowest?", "**team** has the lowest `rate`, 0.090"),
        ("what about plus?", f"{BOOK} [2]: rate of plus is **0.164**."),
        ("and by country?", "I find nothing about “country” in the 6 shared cells"),
        ("and why does it fail?", f"{BOOK} [5] ended with **ValueError**"),
    ],
)
async def test_a_question_goes_on_with_the_one_before(reader: OpenAIModel, question: str, answer: str) -> None:
    """Of the same person, past what others said; a column or a row takes the place of the one before."""
    before = (
        wrote("ana", "@assistant which plan has the highest rate?", seq=1),
        wrote(ASSISTANT, "Basic.", seq=2, reply_to="m1"),
        wrote("mei", "@assistant which region is the largest?", seq=3),
        wrote(ASSISTANT, "North.", seq=4, reply_to="m3"),
        wrote("ana", "and by customers?", seq=5),
    )
    assert (await told(reader, question, *before)).startswith(answer)


async def test_what_somebody_said_is_looked_for_in_their_messages(reader: OpenAIModel) -> None:
    """Not in cells, and what others said is not theirs; what they asked is found where that is asked for."""
    talk = (
        wrote("mei", "Refunds count as negative fees.", seq=1),
        wrote("ana", "Do refunds count?", seq=2),
        wrote("mei", "Lunch?", seq=3),
    )
    said = await told(reader, "@assistant what did Mei say about refunds?", *talk)
    assert said == "Mei Tanaka, in message 1:\n\n> Refunds count as negative fees."
    said = await told(reader, "@assistant what did Mei say about prices?", *talk)
    assert said == "I find nothing that Mei Tanaka said about “prices” in the newest messages."
    said = await told(reader, "@assistant what did Mei ask?", *talk)
    assert said == "Mei Tanaka, in message 3:\n\n> Lunch?"


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("Does anybody know which region has the highest mean?", "**South** has the highest `mean`"),
        ("what is the mean fee?", "stay_out"),
        ("why is the rate of team the lowest?", "stay_out"),
        ("why does [5] fail?", f"{BOOK} [5] ended with **ValueError**"),
        ("does the error matter?", "stay_out"),
        ("should I run [5] again?", "stay_out"),
        ("which region is worst?", "stay_out"),
        ("how many plans are there?", "stay_out"),
        ("what does the plot show?", "stay_out"),
        ("hello everybody, shall we start?", "stay_out"),
    ],
)
async def test_unasked_it_gives_no_answer_that_might_be_another(reader: OpenAIModel, body: str, answer: str) -> None:
    """Only one that explains every word of the question."""
    assert (await told(reader, body, asked=False)).startswith(answer)


STORES = a_cell(
    "stores",
    'stores = pd.read_csv("stores.csv")\nstores',
    frame("|store|sales", "0|S000|7", "1|S001|37", "...|...|...", "199|S199|163", shape="200 rows × 2 columns"),
    number=21,
    notebook="stores.ipynb",
)
CITIES = a_cell(
    "cities",
    'stores.groupby("city").sales.mean()',
    shown("city\nBerlin    100.5\nLyon       98.5\nName: sales, dtype: float64"),
    number=35,
    notebook="stores.ipynb",
)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "@assistant which store has the highest sales?",
            "stores.ipynb [21] shows only a part of its table of 200 rows",
        ),
        ("@assistant how many stores are there?", "stores.ipynb [21] has 200 rows, by store."),
        ("@assistant what are the sales of S001?", "stores.ipynb [21]: sales of S001 is **37**."),
        (
            "@assistant describe the stores table",
            "stores.ipynb [21] shows a part of a table of 200 rows with the columns",
        ),
        (
            "@assistant which city has the highest sales?",
            "**Berlin** has the highest `sales`, 100.5 (stores.ipynb [35])",
        ),
    ],
)
async def test_of_a_table_whose_middle_is_missing_it_claims_nothing(
    reader: OpenAIModel, question: str, answer: str
) -> None:
    """What is shown of it can be quoted; another table does not stand in for it."""
    assert (await told(reader, question, cells=(CITIES, STORES))).startswith(answer)


async def test_of_a_long_traceback_it_tells_the_line_of_the_cell(reader: OpenAIModel) -> None:
    """However deep the packages are between it and the error."""
    deep = (
        f"File /opt/lib/deep/module_{n}.py:{n}, in call_{n}(x)\n---> {n}     return call_{n + 1}(x)" for n in range(400)
    )
    own = "Cell In[22], line 5\n      4 groups = split(stores)\n----> 5 report = [mean(group) for group in groups]"
    source = "def mean(values):\n    return sum(values) / len(values)\n\ngroups = split(stores)\n"
    source += "report = [mean(group) for group in groups]"
    cell = a_cell(
        "e", source, raised("ZeroDivisionError", "division by zero", own, *deep), number=22, notebook="s.ipynb"
    )
    assert await told(reader, "@assistant where does it fail?", cells=(cell,)) == (
        "s.ipynb [22] ended with **ZeroDivisionError**: division by zero\nIt was raised in line 5:\n\n"
        "```python\nreport = [mean(group) for group in groups]\n```"
    )


async def test_of_cells_with_the_same_words_it_names_the_one_that_is_meant(reader: OpenAIModel) -> None:
    """By what else the question says; where it says nothing else, all of them."""
    cells = tuple(
        a_cell(
            part,
            f'score = model.score(X_{part}, y_{part})\nprint("score", score)',
            printed(f"score: {value}\n"),
            number=n,
        )
        for part, value, n in (("train", 0.98, 31), ("valid", 0.84, 32), ("test", 0.81, 33))
    )
    assert await told(reader, "@assistant what is the test score?", cells=cells) == (
        "churn_model.ipynb [33]: score is **0.81**."
    )
    assert (await told(reader, "@assistant what is the score?", cells=cells)).count("score is **") == 3


async def test_a_cell_of_text_is_quoted_as_text(reader: OpenAIModel) -> None:
    """Not as code, with a picture's place not taken for words."""
    text = await told(reader, "@assistant what about tenure?", cells=(PICTURE, a_cell(
        "t", "Tenure is counted in months.", number=None, cell_type="markdown"
    )))  # fmt: skip
    assert text == "The closest that I find:\n\nchurn_model.ipynb:\n\n> Tenure is counted in months."


async def test_a_large_request_is_read_in_no_time(reader: OpenAIModel) -> None:
    """Many long tables and outputs, and a question that nothing answers."""
    rows = "\n".join(f"row{n}   {n}   {n * 7 % 100}" for n in range(300))
    cells = tuple(a_cell(f"s{n}", f"x{n} = {n}", printed(f"name   a   b\n{rows}\n"), number=n) for n in range(12))
    began = monotonic()
    assert "I find nothing" in await told(reader, "@assistant which wombat has the highest altitude?", cells=cells)
    assert monotonic() - began < 10
