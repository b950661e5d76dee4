"""What is done from a terminal, on a chat that no server has open."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path

import pytest

from jupyter_groupchat.errors import StorageUnavailable
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.transfer.reading import read
from jupyter_groupchat.types import AuditBody
from jupyter_groupchat.wire.commands import MessageEdit, ThreadDelete
from tests.cli.conftest import Run
from tests.doubles import ANA, MANIFEST, Party
from tests.storage.raw import execute
from tests.storage.things import NOON

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

CHAT = {
    "messages": [{"id": "m1", "type": "msg", "body": "Hello", "sender": "ben", "time": 1_732_440_600.0}],
    "users": {"ben": {"username": "ben", "display_name": "Ben"}},
}


def test_without_a_chat_there_is_nothing_to_do(run: Run, folder: Path) -> None:
    """Commands that read one say where they looked, and make none."""
    for arguments in (
        ("export", "t1"),
        ("members", "list"),
        ("members", "add", "t1", "ben"),
        ("audit", "verify"),
        ("compact",),
        ("backup", "b.sqlite"),
    ):
        ran = run(*arguments)
        assert (ran.code, ran.said) == (1, "")
        assert f"There is no chat at {folder / 'chat.sqlite'} yet." in ran.complained
    assert not (folder / "chat.sqlite").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("export",), "It is called as: jupyter groupchat export THREAD"),
        (("export", "a", "b"), "It is called as: jupyter groupchat export THREAD"),
        (("export", "t1", "--fromat=markdown"), "There is no option --fromat."),
        (("import", "x.jsonl"), "Give a username with --owner."),
        (("members",), "It is called as: jupyter groupchat members"),
        (("members", "ban", "t1", "ben"), "It is one of list, add, remove, role, owner, not 'ban'."),
        (("members", "add", "t1"), "It is called as: jupyter groupchat members add THREAD USERNAME"),
        (("members", "role", "t1", "ben", "boss"), "A role is one of owner, member, annotator, reviewer, not 'boss'."),
        (("audit", "forge"), "The audit log can be verified and exported, not 'forge'."),
        (("audit", "versions"), "Earlier versions are those of a message: name it by its id."),
        (("audit", "verify", "m1"), "Earlier versions are those of a message: name it by its id."),
        (("backup",), "It is called as: jupyter groupchat backup FILE"),
        (("compact", "now"), "It is called as: jupyter groupchat compact"),
    ],
)
def test_what_is_not_understood_ends_with_2(run: Run, arguments: tuple[str, ...], words: str) -> None:
    """And says how the command is called."""
    ran = run(*arguments)
    assert ran.code == 2
    assert words in ran.complained


async def test_a_thread_is_exported(run: Run, full: Party, folder: Path) -> None:
    """To standard output, or to a new file for its owner alone; nothing is overwritten, nothing half done left."""
    ran = run("export", "--format=markdown", "--", full.thread)
    assert ran.code == 0
    assert ran.said.startswith("# Churn review\n")
    assert run("export", "--output=t.jsonl", "--", full.thread).code == 0
    assert stat.S_IMODE((folder / "t.jsonl").stat().st_mode) == 0o600
    with (folder / "t.jsonl").open("rb") as file:
        assert read(file, limit=10_000_000).title == "Churn review"
    again = run("export", "--output=t.jsonl", "--", full.thread)
    assert (again.code, again.complained) == (1, "t.jsonl exists. Nothing was overwritten; choose another name.\n")
    nowhere = run("export", "nowhere", "--output=n.jsonl")
    assert (nowhere.code, nowhere.complained) == (1, "There is no such thread, or you are not a member of it.\n")
    assert run("export", "--output=no/t.jsonl", "--", full.thread).code == 1
    assert [name for name in sorted(os.listdir(folder)) if "jsonl" in name] == ["t.jsonl"]


def test_a_file_is_imported(run: Run, store: Store, folder: Path) -> None:
    """As a thread of the person who is named; the audit log keeps which account did it."""
    (folder / "team.chat").write_text(json.dumps(CHAT), encoding="utf-8")
    ran = run("import", "team.chat", "--owner=ana", "--name=Ana")
    assert ran.code == 0
    assert ran.said.startswith("Imported 1 messages, 0 shared cells and 0 files.\n“team” is a thread of ana's now: ")
    assert "ana was in no thread before." in ran.complained
    with store.reading() as tx:
        (summary,) = tx.threads.of("ana")
        assert (summary.thread.title, summary.unread, summary.members[0].name) == ("team", 0, "Ana")
        entry, _ = tx.audit.list(summary.thread.id, 9)
        assert entry.details["by"].endswith(" at the command line")
    again = run("import", "team.chat", "--owner=ana", "--title=Other")
    assert (again.code, again.complained) == (0, "")


def test_a_file_that_is_wrong_is_not_imported(run: Run, store: Store, folder: Path) -> None:
    """The file and its line are named."""
    (folder / "x.jsonl").write_text('{"type": "thread", "format": "jupyter_groupchat"}\n', encoding="utf-8")
    ran = run("import", "x.jsonl", "--owner=ana")
    assert ran.code == 1
    assert ran.complained.startswith("x.jsonl: Line 1: version: Field required")
    assert ran.complained.endswith("Nothing was imported.\n")
    missing = run("import", "y.jsonl", "--owner=ana")
    assert (missing.code, missing.complained) == (1, "y.jsonl cannot be read: No such file or directory.\n")
    (folder / "team.chat").write_text(json.dumps(CHAT), encoding="utf-8")
    assert run("import", "team.chat", "--owner=assistant").code == 1
    with store.reading() as tx:
        assert tx.threads.all_ids() == []


async def test_members_are_mended(run: Run, party: Party) -> None:
    """Listed, added, given roles, made the owner, and removed."""
    thread = party.thread
    heads, row = run("members", "list").said.splitlines()
    assert heads.split() == ["THREAD", "OWNER", "MEMBERS", "MESSAGES", "TITLE"]
    assert row.split() == [thread, "ana", "2", "1", "Churn", "review"]
    added = run("members", "add", "--role=reviewer", "--name=Cleo", "--", thread, "cleo")
    assert (added.code, added.said) == (0, "cleo (Cleo) is in the thread as reviewer.\n")
    assert run("members", "role", "--", thread, "cleo", "annotator").said.endswith("as annotator.\n")
    assert run("members", "owner", "--", thread, "ben").code == 0
    assert run("members", "remove", "--", thread, "ana").said == "ana is no longer in the thread.\n"
    rows = run("members", "list", "--", thread).said.splitlines()
    assert [row.split()[:2] for row in rows[1:]] == [["ben", "owner"], ["cleo", "annotator"]]
    for arguments, words in (
        (("add", thread, "ben"), "ben is in the thread already. To change the role: members role."),
        (("role", thread, "ana", "member"), "ana is not in the thread. To let them in: members add."),
        (("remove", thread, "ben"), "A thread needs its owner. Make another person the owner first."),
        (("remove", thread, "ana"), "There is no such member in this thread."),
        (("list", "nowhere"), "There is no thread nowhere. All threads: jupyter groupchat members list"),
    ):
        ran = run("members", arguments[0], "--", *arguments[1:])
        assert (ran.code, ran.complained) == (1, f"{words}\n")


async def test_names_do_not_move_the_cursor(run: Run, party: Party, store: Store) -> None:
    """What people call themselves is shown without control characters."""
    with store.writing() as tx:
        tx.threads.update(party.thread, title="\x1b[2Jgone")
    assert "?[2Jgone" in run("members", "list").said


def test_the_audit_log_is_verified(run: Run, store: Store) -> None:
    """An empty one, a whole one and a broken one; and written out."""
    assert run("audit", "verify").said == "The audit log is empty.\n"
    assert run("audit", "export").said == ""
    with store.writing() as tx:
        for number in range(3):
            tx.audit.append("t1", "ana", "test", {"n": number}, NOON)
    whole = run("audit", "verify")
    lines = [json.loads(line) for line in run("audit", "export").said.splitlines()]
    assert [line["details"] for line in lines] == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert (whole.code, whole.said) == (
        0,
        f"All 3 lines of the audit log are as they were written. Last hash: {lines[-1]['hash']}\n",
    )
    execute(store, "UPDATE audit SET actor = 'eve' WHERE id = 2")
    broken = run("audit", "verify")
    assert (broken.code, broken.complained) == (1, "Line 2 of the audit log is not as it was written, or is missing.\n")


async def test_versions_of_a_message_are_written_out(run: Run, party: Party) -> None:
    """From the oldest to what it says now."""
    await party.post(ANA, "frist", id="m1")
    await party.do(ANA, MessageEdit, message="m1", body="first")
    found = [json.loads(line) for line in run("audit", "versions", "m1").said.splitlines()]
    assert [version["body"] for version in found] == ["frist", "first"]
    assert {(version["thread"], version["author"]) for version in found} == {(party.thread, "ana")}
    unknown = run("audit", "versions", "nothing")
    assert (unknown.code, unknown.complained) == (1, "Nothing is known of a message of that id.\n")


async def test_what_a_deleted_message_said_is_in_the_log_of_who_keeps_that(
    run: Run, party: Party, store: Store
) -> None:
    """Version by version, and in the export; where nothing was kept, when it was edited and deleted, and by whom."""
    await party.post(ANA, "second", id="m1")
    for action, actor, text in (("message.edit", "ana", "first"), ("message.delete", "ben", "second")):
        with store.writing() as tx:
            details = {"message": "m1", "author": "ana"}
            tx.audit.append(party.thread, actor, action, details, NOON, AuditBody(text=text, since=NOON))
    with store.writing() as tx:
        tx.messages.delete(party.thread, "m1")
    found = [json.loads(line) for line in run("audit", "versions", "m1").said.splitlines()]
    assert [(one["author"], one["body"], one["ended_by"]) for one in found] == [
        ("ana", "first", "ana"),
        ("ana", "second", "ben"),
    ]
    assert found[1]["written_at"] == found[0]["ended_at"] == NOON.isoformat()
    exported = [json.loads(line) for line in run("audit", "export").said.splitlines()]
    assert [line["body"] for line in exported if "body" in line] == ["first", "second"]
    assert run("audit", "verify").code == 0
    execute(store, "UPDATE audit_bodies SET body = 'nothing of the kind'")
    assert run("audit", "verify").code == 1
    execute(store, "DELETE FROM audit_bodies")
    assert run("audit", "verify").code == 0
    found = [json.loads(line) for line in run("audit", "versions", "m1").said.splitlines()]
    assert [(one["body"], one["ended_by"]) for one in found] == [(None, "ana"), (None, "ben")]


async def test_a_manifest_is_verified_too(run: Run, party: Party, store: Store) -> None:
    """What the log vouches for is looked at, by ``doctor`` as well."""
    await party.post(ANA, "how many?", id="m1")
    reply = await party.begin_reply("m1")
    await party.seal(reply, manifest=MANIFEST)
    assert run("audit", "verify").code == 0
    execute(store, "UPDATE manifests SET data = x'00'")
    found = run("audit", "verify")
    line = f"The manifest of the reply {reply} is not the one that it ended with."
    assert (found.code, line in found.complained) == (1, True)
    assert line in run("doctor").said


async def test_guests_are_told_apart_and_stay_out_of_what_is_brought_back(run: Run, store: Store) -> None:
    """Their pass is for the thread that they were in; what they wrote is in the other one, too."""
    service = ThreadService(store, policy=Policy(guests_allowed=True))
    await service.start()
    party = await Party.of(service, ANA)
    hana = await party.guest()
    await party.post(hana, "Before or after?")
    listed = run("members", "list", party.thread).said
    assert f"{hana.username}  guest until 20" in listed
    assert run("backup", "b.sqlite").code == 0
    done = run("restore", "b.sqlite", f"--thread={party.thread}")
    assert (done.code, done.complained) == (0, "Hana Sato was a guest and is not in it. Send them a new link.\n")
    new = done.said.splitlines()[0].split()[-1]
    assert [member["username"] for member in await service.members(ANA, new)] == ["ana"]
    assert (hana.username, "Before or after?") in [
        (message["author"], message["body"]) for message in await service.messages(ANA, new)
    ]
    added = run("members", "role", party.thread, hana.username, "member")
    assert (added.code, "reviewer, and nothing else" in added.complained) == (1, True)
    assert run("members", "remove", party.thread, hana.username).code == 0
    assert [member["username"] for member in await service.members(ANA, party.thread)] == ["ana"]
    await service.stop()


async def test_a_chat_is_backed_up_and_restored(run: Run, party: Party, folder: Path) -> None:
    """While somebody has it open, once it is said that this is meant; what was there is kept as another backup."""
    await party.post(ANA, "before")
    made = run("backup", "b.sqlite")
    assert made.code == 0
    assert made.said.startswith("b.sqlite holds 1 threads with 2 messages (schema ")
    assert run("backup", "b.sqlite").code == 1
    await party.post(ANA, "after")
    asked = run("restore", "b.sqlite")
    assert asked.code == 1
    assert asked.complained == "Nothing was changed: say --yes to replace the whole chat with it.\n"
    (row,) = run("members", "list").said.splitlines()[1:]
    assert row.split()[3] == "3"
    restored = run("restore", "b.sqlite", "--yes")
    assert restored.code == 0
    (kept,) = re.findall(r"What the chat was before is in (\S+);", restored.said)
    (row,) = run("members", "list").said.splitlines()[1:]
    assert row.split()[3] == "2"
    with pytest.raises(StorageUnavailable, match="put back from a backup"):
        await party.post(ANA, "by who knows nothing of it")
    assert run("restore", kept, "--yes", "--keep=k.sqlite").code == 0
    assert (folder / "k.sqlite").exists()
    (row,) = run("members", "list").said.splitlines()[1:]
    assert row.split()[3] == "3"


async def test_space_is_given_back(run: Run, party: Party, store: Store) -> None:
    """After much was written and deleted."""
    await party.fill(ANA, 300)
    with store.reading() as tx:
        assert tx.documents.large(2)
    ran = run("compact")
    assert ran.code == 0
    assert ran.said.startswith("Merged the logs of ")
    with store.reading() as tx:
        assert not tx.documents.large(2)
    assert (await party.post(ANA, "still here"))["seq"] == 301
    await party.do(ANA, ThreadDelete)
    assert run("compact").code == 0


def test_the_help_says_how_it_is_called(run: Run) -> None:
    """Of each subcommand, which are all in the list."""
    listed = run().said
    for name in ("export", "import", "members", "backup", "restore", "audit", "compact"):
        assert f"\n{name}\n" in listed
        ran = run(name, "--help")
        assert ran.code == 0
        assert f"jupyter groupchat {name}" in ran.said
