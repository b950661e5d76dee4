"""What cells do and show, and who shared them. Pure."""

from __future__ import annotations

import ast
import re

from jupyter_groupchat.assistant.reader.numbers import values_of
from jupyter_groupchat.assistant.reader.question import Question
from jupyter_groupchat.assistant.reader.quoting import fenced, quoted, tabled
from jupyter_groupchat.assistant.reader.wording import CODE, PICTURE, SHARED, WHO
from jupyter_groupchat.assistant.request_text import FILE, Cell

#: Lines of an output that is shown with its cell.
_LINES = 6


def sharer(question: Question) -> str | None:
    """Who shared the cell that is asked about."""
    if not question.has(WHO) or not question.has(SHARED):
        return None
    about = [cell for cell in question.seen.cells if question.relevance(cell, "")]
    cells = question.seen.named or sorted(about, key=lambda cell: -question.relevance(cell, ""))
    told = [cell for cell in cells if "shared_by" in cell.told][:1]
    return question.say("shared", place=told[0].place, by=told[0].told["shared_by"]) if told else None


def picture(question: Question) -> str | None:
    """The code that drew what cannot be seen, of which labels and titles can be read."""
    if not question.has(PICTURE):
        return None
    drawn = [cell for cell in question.cells if cell.has_picture]
    if not drawn:
        return None
    cell = max(drawn, key=lambda cell: (cell in question.seen.named, question.relevance(cell, "")))
    if cell.kind == FILE or not cell.source.strip():
        return question.say("unseen", place=cell.place)
    return f"{question.say('unseen code', place=cell.place)}\n\n{fenced(cell.source)}"


def code(question: Question) -> str | None:
    """What a cell that was named is and shows, or the lines that assign what was named."""
    if named := [cell for cell in question.seen.named if cell.source.strip()]:
        return _whole(question, named[0])
    if not question.has(CODE):
        return None
    for cell in question.cells:
        for number, line in enumerate(cell.source.split("\n")):
            target = re.match(r"\s*(?:def|class)?\s*([\w.\[\]\"', ]+?)\s*(?:[-+*/|&]?=(?!=)|\()", line)
            if target and question.names(target.group(1)):
                lines = cell.source.split("\n")[number : number + 4]
                return f"{question.say('code', place=cell.place)}\n\n{fenced(chr(10).join(lines))}"
    return None


def _whole(question: Question, cell: Cell) -> str:
    said = question.say("code", place=cell.place)
    if cell.kind != "code":
        return f"{said}\n\n{quoted(cell.source)}"
    return f"{said}\n\n{fenced(cell.source)}{_does(question, cell.source)}{_shows(question, cell)}"


def _does(question: Question, source: str) -> str:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    nodes = [*ast.walk(tree)]
    stored = [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    called = [
        node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
    ]
    parts = [
        question.say(key, names=", ".join(f"`{name}`" for name in list(dict.fromkeys(names))[:6]))
        for key, names in (("assigns", stored), ("calls", called))
        if names
    ]
    return f"\n\n{question.say('it does', what=', '.join(parts))}" if parts else ""


def _shows(question: Question, cell: Cell) -> str:
    """What its outputs are, in short."""
    if cell.has_picture:
        return f"\n\n{question.say('it draws')}"
    for table in cell.tables:
        return f"\n\n{question.say('shows')}\n\n{shown}" if (shown := tabled(table)) else ""
    named = [f"{one.label} {one.text}" for one in values_of(cell)][:_LINES]
    if named:
        return f"\n\n{question.say('shows')} {', '.join(named)}."
    texts = [text for kind, text in cell.outputs if kind != "error" and text.strip()]
    lines = "\n".join(texts).split("\n")
    return f"\n\n{question.say('shows')}\n\n{fenced(chr(10).join(lines[:_LINES]), '')}" if texts else ""
