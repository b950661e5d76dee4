"""Programs that take part in threads, against a real server."""

from __future__ import annotations

import threading
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from jupyter_groupchat.errors import InvitationGone, NotAllowed, NotFound, RateLimited, TooLarge
from jupyter_groupchat.kernel.aio import AsyncThreadClient
from jupyter_groupchat.kernel.client import ThreadClient, ThreadHandle
from jupyter_groupchat.types import MessageKind, MessageStatus, Mode
from tests.server.process import ServerProcess


def _invite(thread: ThreadHandle, other: ThreadClient) -> ThreadHandle:
    return other.join(thread.invite().partition("groupchat-join=")[2])


def test_what_a_program_posts_is_there_for_others(ana: ThreadClient, ben: ThreadClient) -> None:
    """messages, edits, reactions and deletions of one program are what another one reads"""
    thread = ana.create("Posts", mode=Mode.QUIET)
    bens = _invite(thread, ben)
    first = thread.post("The nightly run is done.")
    answer = bens.post("Thanks.", reply_to=first.id)
    thread.edit(first.id, "The nightly run is done: 12 rows.")
    bens.react(first.id, "👍")
    gone = bens.post("Oops.")
    bens.delete(gone.id)
    people = [message for message in thread.messages() if message.kind is MessageKind.HUMAN]
    assert [message.body for message in people] == ["The nightly run is done: 12 rows.", "Thanks.", ""]
    assert people[0].reactions == {"👍": ("ben",)}
    assert people[0].edited_at is not None
    assert (people[1].reply_to, people[1].author_name, answer.seq) == (first.id, "Ben", people[1].seq)
    assert people[2].deleted


def test_threads_are_found_by_title_and_messages_by_words(ana: ThreadClient) -> None:
    """a thread opens by its title or its id, and a search finds what was said in it"""
    thread = ana.create("Pelican census", mode=Mode.QUIET)
    thread.post("Eleven pelicans on the northern pier.")
    assert ana.thread("Pelican census").id == ana.thread(thread.id).id == thread.id
    assert [hit["thread_id"] for hit in ana.search("pelicans pier")] == [thread.id]
    with pytest.raises(NotFound, match="no thread 'Puffin census'"):
        ana.thread("Puffin census")


def test_refusals_are_the_servers(ana: ThreadClient, ben: ThreadClient, server: ServerProcess) -> None:
    """what the server refuses comes as the error that it is, in its words"""
    thread = ana.create("Refusals", mode=Mode.QUIET)
    with pytest.raises(NotFound, match="not a member"):
        ThreadHandle(ben._link, thread.id, "Refusals").post("Let me in.")
    with pytest.raises(TooLarge):
        thread.post("x" * 40_000)
    with pytest.raises(InvitationGone):
        ben.join("no-such-code")
    with ThreadClient(server.url, "wrong-token") as stranger:
        with pytest.raises(NotAllowed):
            stranger.threads()
        with pytest.raises(NotAllowed):
            stranger.create("Mine")


def test_the_assistant_is_asked_about_a_shared_value(ana: ThreadClient) -> None:
    """a program shares a value, asks about it and gets the whole answer, which saw the value"""
    thread = ana.create("Rates", mode=Mode.MENTION)
    rates = pd.DataFrame({"plan": ["team", "basic"], "rate": [0.041, 0.187]})
    share = thread.share(rates, "rates")
    answer = thread.ask("Which plan has the highest rate?", cells=[share])
    assert answer.status is MessageStatus.COMPLETE
    assert answer.kind is MessageKind.ASSISTANT
    assert "basic" in answer.body
    assert list(answer.reply["seen"]["cells"]) == [share]


def test_a_stream_shows_a_reply_as_it_grows(ana: ThreadClient, ben: ThreadClient) -> None:
    """another member's program sees the reply piece by piece, each piece an addition, up to its end"""
    thread = ana.create("Streams", mode=Mode.MENTION)
    thread.post("Before anybody listened.")
    heard = _invite(thread, ben).stream(timeout=60)
    question = thread.post("@assistant what was said here?")
    bodies: list[str] = []
    for message in heard:
        assert message.body != "Before anybody listened."
        if message.reply.get("about") == question.id:
            bodies.append(message.body)
            if message.status is not MessageStatus.STREAMING:
                break
    assert all(later.startswith(earlier) for earlier, later in pairwise(bodies))
    assert bodies[-1]


def test_a_crash_of_the_server_loses_and_doubles_nothing(server: ServerProcess) -> None:
    """what is posted while the server is down arrives once when it is back, and a stream goes on"""
    with ThreadClient(server.url, server.token("Ana")) as client:
        thread = client.create("Crash", mode=Mode.QUIET)
        heard = thread.stream(timeout=60)
        thread.post("before")
        server.kill()
        posting = threading.Thread(target=thread.post, args=("while it was down",))
        posting.start()
        server.start()
        posting.join(60)
        assert [next(heard).body, next(heard).body] == ["before", "while it was down"]
        people = [message.body for message in thread.messages() if message.kind is MessageKind.HUMAN]
        assert people == ["before", "while it was down"]


@pytest.mark.anyio
async def test_the_same_with_await(server: ServerProcess) -> None:
    """the asynchronous client posts, asks and streams like the blocking one"""
    async with AsyncThreadClient(server.url, server.token("Ana")) as client:
        thread = await client.create("Awaited", mode=Mode.MENTION)
        heard = await thread.stream()
        post = await thread.post("hello")
        assert post.id in [message.id for message in await thread.messages()]
        answer = await thread.ask("what was said?")
        assert answer.status is MessageStatus.COMPLETE
        assert (await anext(heard)).id == post.id
        await heard.aclose()
        assert thread.id in [row["id"] for row in await client.threads()]


def test_a_program_without_replies_left_hears_so(tmp_path: Path) -> None:
    """whoever asks for more than there is gets the assistant's own words, and not silence until the time is up"""
    options = {"replies_per_day": 1}
    with ServerProcess(tmp_path, options=options) as server, ThreadClient(server.url, server.token("Ana")) as client:
        thread = client.create("Scarce", mode=Mode.MENTION)
        assert thread.ask("Hello?").status is MessageStatus.COMPLETE
        with pytest.raises(RateLimited) as refused:
            thread.ask("And again?")
        assert refused.value.retry_after > 1
        assert refused.value.details["until"]
        assert thread.messages()[-1].body == "@assistant And again?"
