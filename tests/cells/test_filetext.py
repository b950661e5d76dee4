"""Files told to a model as text."""

from __future__ import annotations

import json

import pytest

from jupyter_groupchat.cells import filetext
from jupyter_groupchat.cells.filetypes import CSV, NOTEBOOK, TSV
from jupyter_groupchat.cells.tables import Table, from_text

CELLS = [
    {"cell_type": "markdown", "source": ["# Churn\n", "By plan."], "metadata": {}},
    {"cell_type": "code", "source": "df.head()", "execution_count": 3, "outputs": [{"text": "hidden"}], "metadata": {}},
    {"cell_type": "code", "source": "", "execution_count": None, "outputs": [], "metadata": {}},
]


@pytest.mark.parametrize(
    ("media_type", "text", "told"),
    [
        (CSV, "plan,rate\nbasic,0.187\n", "[1 row, 2 columns]\n\n| plan | rate |\n| basic | 0.187 |"),
        (CSV, "\ufeffplan;rate\r\nbasic;0,187\r\n", "[1 row, 2 columns]\n\n| plan | rate |\n| basic | 0,187 |"),
        (TSV, "a,b\tc\n1\t2", "[1 row, 2 columns]\n\n| a,b | c |\n| 1 | 2 |"),
        (CSV, 'a,b\n"two\nlines",x|y\n', "[1 row, 2 columns]\n\n| a | b |\n| two lines | x\\|y |"),
        (CSV, "a,b,c\n1\n", "[1 row, 3 columns]\n\n| a | b | c |\n| 1 |  |  |"),
        (CSV, "only\n", "[0 rows, 1 column]\n\n| only |"),
        (CSV, " \n", " \n"),
        ("text/plain", "Grüße\x1b[31m!\x1b[0m", "Grüße!"),
        (
            NOTEBOOK,
            json.dumps({"cells": CELLS}),
            "[3 cells, without outputs]\n\n# markdown\n# Churn\nBy plan.\n\n# code [3]\ndf.head()\n\n# code",
        ),
        (NOTEBOOK, '{"cells": [1]}', '{"cells": [1]}'),
    ],
)
def test_a_file_as_text(media_type: str, text: str, told: str) -> None:
    """Tables as tables with their counts, notebooks as their cells' sources, what is neither as it is."""
    assert filetext.tell(media_type, text.encode()) == filetext.Told(told, True)


def test_of_a_long_table_the_first_rows_are_told() -> None:
    """With how many there are; what is shown reads back as a table."""
    told = filetext.tell(CSV, b"n,square\n" + b"".join(b"%d,%d\n" % (n, n * n) for n in range(1_500)))
    assert told.text.startswith("[1,500 rows, 2 columns, the first 100 shown]")
    assert not told.whole
    (table,) = from_text(told.text)
    assert (table.columns, len(table.rows), table.rows[-1]) == (("n", "square"), 100, ("99", "9801"))


def test_hostile_tables_stay_small() -> None:
    """Many columns and long values are cut, and a field without end is told as it is."""
    wide = filetext.tell(CSV, b",".join([b"x" * 1_000] * 5_000))
    assert len(wide.text) < 100 * 210
    endless = filetext.tell(CSV, b'"' + b"x," * 200_000)
    assert len(endless.text.encode()) <= filetext.MAX_TEXT
    assert not endless.whole
    assert from_text(filetext.tell(CSV, b"a,b\n</file>,1\n").text) == [Table(("a", "b"), (("</file>", "1"),))]


@pytest.mark.parametrize(
    ("media_type", "data"), [("application/pdf", b"%PDF-1.7 words"), ("image/png", b"\x89PNG\xff")]
)
def test_what_is_no_text_is_said_to_be_unknown(media_type: str, data: bytes) -> None:
    """Nothing here reads a PDF, and the model is told so."""
    told = filetext.tell(media_type, data)
    assert (told.text, told.whole) == ("[only its name and size are known to you, not what is in it]", False)
