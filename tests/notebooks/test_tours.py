"""The notebooks that people meet first run, and the data that they ship with is what its recipe makes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import cast

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
TOURS = sorted(NOTEBOOKS.glob("*.ipynb"))

pytestmark = pytest.mark.notebooks


def read(path: Path) -> NotebookNode:
    """A notebook as it is committed."""
    return cast(NotebookNode, nbformat.read(path, as_version=4))


@pytest.fixture(scope="module")
def first_thread() -> NotebookNode:
    """The first tour, run from top to bottom in its own folder."""
    notebook = read(NOTEBOOKS / "01_first_thread.ipynb")
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    return notebook


def outputs(notebook: NotebookNode, cell_id: str) -> list[NotebookNode]:
    """What the cell of that id shows."""
    return next(cell.outputs for cell in notebook.cells if cell.id == cell_id)


def test_only_the_cell_that_says_so_fails(first_thread: NotebookNode) -> None:
    """the tour runs to its end; the one error is the instructive one, and its last line says what is wrong"""
    errors = {
        cell.id: output.evalue
        for cell in first_thread.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "error"
    }
    assert errors == {"fee": "could not convert string to float: 'free'"}


def test_the_table_says_what_the_text_asks_about(first_thread: NotebookNode) -> None:
    """the table by plan is an HTML table with its numbers, and the basic plan loses most"""
    (table,) = outputs(first_thread, "by-plan")
    assert "<table" in table.data["text/html"]
    plans = [line.split()[0] for line in table.data["text/plain"].splitlines()[2:]]
    assert plans == ["basic", "family", "plus", "team"]


def test_the_figure_is_a_small_picture(first_thread: NotebookNode) -> None:
    """the one figure comes as a PNG that fits what a thread takes"""
    pictures = [output for output in outputs(first_thread, "by-tenure") if "image/png" in output.get("data", {})]
    assert len(pictures) == 1
    assert len(pictures[0].data["image/png"]) < 60_000


@pytest.mark.parametrize("path", TOURS, ids=lambda path: path.name)
def test_a_tour_is_committed_as_its_author_wrote_it(path: Path) -> None:
    """a committed notebook holds no outputs and no execution counts, and every cell has a readable id of its own"""
    cells = read(path).cells
    assert [cell.id for cell in cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count)] == []
    ids = [cell.id for cell in cells]
    assert len(set(ids)) == len(ids)
    assert all(name.replace("-", "").isalpha() for name in ids)


def test_the_data_is_what_its_recipe_makes(tmp_path: Path) -> None:
    """running the recipe again gives the table that ships, byte for byte"""
    made = tmp_path / "churn.csv"
    subprocess.run([sys.executable, ROOT / "scripts" / "make_churn_data.py", made], check=True, timeout=60)
    assert made.read_bytes() == (NOTEBOOKS / "data" / "churn.csv").read_bytes()
