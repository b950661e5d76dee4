"""Tables as HTML, as printed text and as text for the model."""

from __future__ import annotations

from jupyter_groupchat.cells import tables
from jupyter_groupchat.cells.tables import Table

FRAME = """<div><style scoped>.dataframe {}</style><table border="1" class="dataframe"><thead>
<tr><th></th><th>customers</th><th>rate</th></tr><tr><th>plan</th><th></th><th></th></tr></thead>
<tbody><tr><th>team</th><td>611</td><td>0.041</td></tr>
<tr><th>basic</th><td>4212</td><td>0.187</td></tr></tbody></table></div>"""


def test_a_data_frame_keeps_its_index_as_a_named_column() -> None:
    """pandas writes the index's name in a second header row."""
    (table,) = tables.from_html(FRAME)
    assert table == Table(("plan", "customers", "rate"), (("team", "611", "0.041"), ("basic", "4212", "0.187")))


def test_spans_repeat_their_cell() -> None:
    """A grouped index is told on every row, and a grouped header on every column."""
    html = (
        '<table><tr><th></th><th colspan="2">rate</th></tr><tr><th>plan</th><th>min</th><th>max</th></tr>'
        '<tr><th rowspan="2">basic</th><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr>'
        "<tr><th>team</th><td>5</td><td>6</td></tr></table>"
    )
    (table,) = tables.from_html(html)
    assert table == Table(
        ("plan", "rate min", "rate max"), (("basic", "1", "2"), ("basic", "3", "4"), ("team", "5", "6"))
    )


def test_broken_and_hostile_html_gives_what_there_is() -> None:
    """Unclosed tags are read as browsers do, and a span has a limit."""
    assert tables.from_html("<table><tr><td>a<td>b<tr><td>1<td>2") == (Table(("a", "b"), (("1", "2"),)),)
    (wide,) = tables.from_html('<table><tr><td colspan="99999" rowspan="99999">x</td></tr><tr><td>y</table>')
    assert len(wide.columns) == tables.MAX_SPAN
    assert tables.from_html("<table></table><p>no</p>") == ()


def test_what_is_written_reads_back() -> None:
    """The reader parses what the model is shown."""
    table = Table(("plan", "note"), (("basic", "a | b"), ("", "")))
    assert tables.from_text("before\n\n" + tables.to_text(table) + "\n\nafter") == [table]


def test_printed_frames_are_read() -> None:
    """``print(frame)`` leaves columns two blanks apart, with or without an index."""
    assert tables.from_text("    plan  rate\n0   team  0.04\n1  basic  0.19") == [
        Table(("", "plan", "rate"), (("0", "team", "0.04"), ("1", "basic", "0.19")))
    ]
    assert tables.from_text("plan   rate\nteam   0.04") == [Table(("plan", "rate"), (("team", "0.04"),))]
    assert tables.from_text("a line of text\nand another one") == []


def test_a_printed_series_is_a_table_of_two_columns() -> None:
    """With its index's name and its own, where it has them."""
    named = "city\nBerlin    100.5\nLyon       98.5\nName: sales, dtype: float64"
    assert tables.from_text(named) == [Table(("city", "sales"), (("Berlin", "100.5"), ("Lyon", "98.5")))]
    bare = "0      7\n      ..\n199    9\nLength: 200, dtype: int64"
    assert tables.from_text(bare) == [Table(("", ""), (("0", "7"), ("..", ".."), ("199", "9")))]
    assert tables.from_text("dtype: int64") == []


def test_a_row_of_dots_stands_for_others() -> None:
    """What is known is the rest."""
    table = Table(("", "a"), (("0", "1"), ("...", "..."), ("9", "2")))
    assert not table.is_whole
    assert table.known == (("0", "1"), ("9", "2"))
    assert Table(("", "a"), (("0", "..."),)).is_whole
