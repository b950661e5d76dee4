"""What errors say, and what the other cells tell about them. Pure."""

from __future__ import annotations

import difflib
import re

from jupyter_groupchat.assistant.reader.question import Question, stems
from jupyter_groupchat.assistant.reader.quoting import fenced, one_line
from jupyter_groupchat.assistant.reader.wording import ERROR
from jupyter_groupchat.assistant.request_text import Cell, Failure


def error(question: Question) -> str | None:
    """An error that is asked about, or that a cell which is named ended with."""
    asks = question.has(ERROR) or any(word.endswith("error") for word in question.words)
    named = [cell for cell in question.seen.named if cell.failure]
    if not asks and not named:
        return None
    if asks and not named and question.seen.named:
        return question.say("no error in", place=question.seen.named[0].place)
    failed = [cell for cell in question.cells if cell.failure]
    if not failed:
        return question.say("no error") if not question.seen.tools else None
    # Of several, the one that is asked for by its name.
    called = [cell for cell in failed if cell.failure and cell.failure.name.lower() in question.words]
    return _told(question, (named or called or failed)[0])


def is_all(question: Question) -> bool:
    """Whether an error is all that is asked about, but for the number of its cell."""
    known = stems(" ".join(ERROR))
    return all(term in known or term.isdigit() for term in question.terms)


def _told(question: Question, cell: Cell) -> str:
    """What a cell's error says, the line that raised it, and what the other shared cells tell about it."""
    failure = cell.failure
    assert failure is not None
    key = "error" if failure.value else "error bare"
    lines = [question.say(key, place=cell.place, name=failure.name, value=one_line(failure.value))]
    if failure.line:
        lines.append(f"{question.say('line', number=failure.line[0])}\n\n{fenced(failure.line[1])}")
    if hint := _hint(question, failure):
        lines.append(f"\n{hint}" if failure.line else hint)
    return "\n".join(lines)


def _hint(question: Question, failure: Failure) -> str | None:
    quoted = re.search(r"['\"]([^'\"]+)['\"]", failure.value)
    name = quoted.group(1) if quoted else ""
    if failure.name == "NameError" and name:
        return _assigned(question, name)
    if failure.name == "ModuleNotFoundError":
        return question.say("module")
    hints = [_similar(question, failure, name), _is_value(question, name)] if name else []
    if failure.value.startswith("could not convert string to float"):
        hints.append(question.say("to number"))
    return " ".join(filter(None, hints)) or None


def _assigned(question: Question, name: str) -> str:
    assigned = re.compile(rf"^\s*(?:def |class |import |from .* import .*)?\b{re.escape(name)}\b\s*[=(]", re.MULTILINE)
    where = next((cell for cell in question.seen.cells if assigned.search(cell.source)), None)
    return question.say("no name", name=name, place=where.place) if where else question.say("no name at all", name=name)


def _similar(question: Question, failure: Failure, name: str) -> str | None:
    if failure.name != "KeyError":
        return None
    columns = {column: cell for cell in question.seen.cells for table in cell.tables for column in table.columns}
    similar = difflib.get_close_matches(name, [column for column in columns if column], 1)
    return question.say("similar", name=similar[0], place=columns[similar[0]].place) if similar else None


def _is_value(question: Question, name: str) -> str | None:
    for cell in question.seen.cells:
        for table in cell.tables:
            for row in table.rows:
                if name in row and (column := table.columns[row.index(name)]):
                    return question.say("value in", name=name, column=column, place=cell.place)
    return None
