"""What a thread is exported as, in each format."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from typing import Any

import nbformat
import pytest

from jupyter_groupchat.errors import NotFound
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.transfer.exporting import Format, export, file_name, media_type
from jupyter_groupchat.transfer.reading import read
from jupyter_groupchat.transfer.records import RECORDS
from jupyter_groupchat.transfer.source import Source
from jupyter_groupchat.wire.commands import CellDelete, MemberDelete, MessageEdit, ThreadDelete, ThreadLeave
from tests.doubles import ANA, BEN, EVE, Party
from tests.transfer.conftest import CSV, NOW, png

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


def exported(source: Source, format: Format) -> str:
    """The whole file."""
    return b"".join(export(source, format, NOW)).decode()


async def test_lines_hold_everything(source: Source, full: Party) -> None:
    """Each as its record says, the messages as the server answers them, images with their bytes."""
    lines = [json.loads(line) for line in exported(source, Format.JSONL).split("\n")[:-1]]
    for line in lines:
        RECORDS[line["type"]].model_validate_json(json.dumps(line), strict=True)
    head, *between, end = lines
    assert (head["format"], head["version"], head["title"]) == ("jupyter_groupchat", 2, "Churn review")
    assert (head["instructions"], head["exported_at"]) == ("Be brief.\n# Always.", "2026-11-24T09:30:00.000Z")
    assert head["model"] is None
    kinds = [line["type"] for line in between]
    assert kinds == sorted(kinds, key=["member", "cell", "file", "message"].index)
    assert end == {"type": "end", "members": 2, "cells": 2, "files": 2, "messages": kinds.count("message")}
    table, plot = (line for line in between if line["type"] == "file")
    assert (table["name"], base64.b64decode(table["data"])) == ("rates.csv", CSV)
    assert (plot["media_type"], plot["data"], plot["uploaded_by"]) == ("image/png", png(), "ana")
    assert [line["username"] for line in between if line["type"] == "member"] == ["ana", "ben"]
    picture = next(line for line in between if line["type"] == "cell" and line["id"] == "s1")["outputs"][2]
    assert picture["data"] == {"image/png": png(), "text/plain": "<Figure>"}
    messages = [{**line, "thread_id": full.thread} for line in between if line["type"] == "message"]
    for message in messages:
        del message["type"]
    assert messages == (await full.service.messages(BEN, full.thread, limit=256))[::-1]


async def test_markdown_reads_well(source: Source) -> None:
    """Who said what and when, what it answers, what it shows, and what became of it."""
    text = exported(source, Format.MARKDOWN)
    assert text.startswith("# Churn review\n\nExported from Jupyter on 2026-11-24 09:30 UTC. Started on ")
    assert "Members: Ana (owner), Ben (member)." in text
    assert "> Be brief.\n> # Always." in text
    assert "### In \\[7\\] of churn.ipynb, shared by Ana\n\n```python\nfit(churn)\n```\n\n```text\nfitting\n```" in text
    assert "basic" in text
    assert "Pictures that are not in this document: image/png. The export as a notebook holds them." in text
    assert "> Look at the *basic* plan.\n\n- With In \\[7\\] of churn.ipynb\n- 👍 Ben\n- 👩‍💻 Ana\n" in text
    assert (
        "> Is 0.2 &lt;b>high&lt;/b>?\n\n- In reply to 1 · Ana: “Look at the \\*basic\\* plan.”\n- Pinned by Ana\n"
        in text
    )
    assert "- Marked as agreed by Ana\n" in text
    assert "*This message was deleted.*" in text
    assert "never mind" not in text
    assert " · edited\n\n> second\n" in text
    assert "> Yes: **twice** the mean.\n" in text
    assert "- Written by tiny\n" in text
    assert "- This reply failed: The model could not be reached.\n" in text
    assert "- This reply was still being written.\n" in text
    assert "> Two files\n\n- With the file rates.csv\n- With the file plot.png\n" in text
    assert "Ben with Ana · " in text
    assert "*Ben joined.* (" in text


async def test_a_notebook_is_a_valid_one(source: Source, full: Party) -> None:
    """Messages are Markdown cells; a shared cell follows the first message that shows it, with outputs and images."""
    notebook = nbformat.reads(exported(source, Format.IPYNB), as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    cells = notebook.cells
    assert cells[0].source.startswith("# Churn review\n")
    at = next(number for number, cell in enumerate(cells) if cell.metadata.groupchat.get("message") == "m1")
    assert cells[at].source.startswith("#### 1 · Ana · ")
    code = cells[at + 1]
    assert (code.cell_type, code.source, code.execution_count) == ("code", "fit(churn)", 7)
    assert [output.output_type for output in code.outputs] == ["stream", "execute_result", "display_data", "error"]
    assert code.outputs[2].data["image/png"] == png()
    assert code.metadata.groupchat == {"cell": "c1", "notebook": "churn.ipynb", "shared_by": "ana"}
    assert (cells[-1].cell_type, cells[-1].source) == ("markdown", "# Aim")  # no message shows it
    assert sum(cell.cell_type == "code" for cell in cells) == 1
    files = next(cell for cell in cells if cell.metadata.groupchat.get("message") == "m6")
    assert files.source.endswith("- With the file plot.png\n\n![plot.png](attachment:file-1.png)")
    assert files.attachments == {"file-1.png": {"image/png": png()}}


async def test_it_is_read_page_by_page(party: Party, store: Store) -> None:
    """What comes in the middle of an export is left out, what is edited meanwhile comes as it is then."""
    await party.fill(ANA, 600)
    pieces: Iterator[bytes] = export(Source(store, party.thread), Format.JSONL, NOW)
    first = [next(pieces) for _ in range(4)]  # the head, two members and a page
    await party.post(ANA, "too late")
    last = (await party.service.messages(ANA, party.thread, before_seq=601, limit=1))[0]
    await party.do(ANA, MessageEdit, message=last["id"], body="changed")
    values: list[Any] = [json.loads(line) for line in b"".join([*first, *pieces]).decode().split("\n")[:-1]]
    messages = [value["body"] for value in values if value["type"] == "message"]
    assert messages == ["Ben joined.", *(f"number {number}" for number in range(599)), "changed"]
    assert values[-1]["messages"] == 601


async def test_only_members_read(source: Source, full: Party, store: Store) -> None:
    """A stranger is told that there is no such thread; who is removed, or whose thread is deleted, gets no further."""
    with pytest.raises(NotFound):
        list(export(Source(store, full.thread, EVE), Format.JSONL, NOW))
    with pytest.raises(NotFound):
        list(export(Source(store, "nowhere"), Format.MARKDOWN, NOW))
    begun = [export(source, format, NOW) for format in Format]
    for pieces in begun:
        next(pieces)
    await full.do(ANA, MemberDelete, username="ben")
    operators = export(Source(store, full.thread), Format.IPYNB, NOW)
    next(operators)
    await full.do(ANA, ThreadDelete)
    for pieces in [*begun, operators]:
        with pytest.raises(NotFound):
            list(pieces)


async def test_an_image_that_is_gone_leaves_a_note(full: Party, store: Store) -> None:
    """A cell that is withdrawn while an export is under way keeps its place."""
    pieces = export(Source(store, full.thread), Format.IPYNB, NOW)
    first = next(pieces)
    await full.do(ANA, CellDelete, share="s1")
    notebook = nbformat.reads((first + b"".join(pieces)).decode(), as_version=4)
    (code,) = (cell for cell in notebook.cells if cell.cell_type == "code")
    assert code.outputs[2].data == {"text/plain": "<Figure>"}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Churn review", "Churn-review.md"),
        ("../../etc/passwd", "etc-passwd.md"),
        ("Frühling: 春?\r\nX: y", "Frühling-春-X-y.md"),
        ("...", "thread.md"),
        ("x" * 200, f"{'x' * 80}.md"),
    ],
)
def test_a_file_is_named_for_its_thread(title: str, name: str) -> None:
    """In a way that no system trips over."""
    assert file_name(title, Format.MARKDOWN) == name
    assert media_type(Format.MARKDOWN).startswith("text/markdown")


async def test_guests_are_marked(store: Store) -> None:
    """Who had no account is told apart, in each format, also once they are gone; such a file can be imported."""
    service = ThreadService(store, policy=Policy(guests_allowed=True))
    await service.start()
    party = await Party.of(service, ANA)
    hana, noor = await party.guest(), await party.guest("Noor")
    await party.post(hana, "Before or after?")
    await party.post(noor, "After.")
    await party.do(noor, ThreadLeave)
    source = Source(store, party.thread, ANA)
    lines = [json.loads(line) for line in exported(source, Format.JSONL).split("\n")[:-1]]
    until = {line["name"]: line["guest_until"] for line in lines if line["type"] == "member"}
    assert until["Ana"] is None
    assert until["Hana Sato"] == (await service.members(ANA, party.thread))[1]["guest_until"]
    said = {
        line["author"]: line["author_name"] for line in lines if line["type"] == "message" and line["kind"] == "human"
    }
    assert said == {hana.username: "Hana Sato", noor.username: "Noor"}
    text = exported(source, Format.MARKDOWN)
    assert "Members: Ana (owner), Hana Sato (guest)." in text
    assert "Noor (guest) ·" in text
    imported = read(io.BytesIO(exported(source, Format.JSONL).encode()), limit=1_000_000)
    thread = (await service.bring_in(ANA, imported))["thread"]["id"]
    authors = {m["author"]: m["author_name"] for m in await service.messages(ANA, thread) if m["kind"] == "import"}
    assert authors == {f"import:{hana.username}": "Hana Sato", f"import:{noor.username}": "Noor"}
    await service.stop()
