"""Full-text search: the same on either database."""

from __future__ import annotations

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jupyter_groupchat.storage import words
from tests.storage.things import Stage, minutes


def bodies(stage: Stage, query: str, username: str = "ana", thread_id: str | None = None, limit: int = 50) -> list[str]:
    """What the person finds."""
    with stage.store.reading() as tx:
        found = tx.messages.search(query, username=username, thread_id=thread_id, limit=limit)
        return [message.body for message in found]


def test_all_words_must_be_there_and_the_last_may_be_a_beginning(stage: Stage) -> None:
    """In any order and case, with or without accents; the newest first."""
    stage.post("The churn in Zürich rose", created_at=minutes(1))
    stage.post("Zurich: churning continues", created_at=minutes(2))
    stage.post("snake_case and x2.5", created_at=minutes(3))
    assert bodies(stage, "zurich CHURN") == ["Zurich: churning continues", "The churn in Zürich rose"]
    assert bodies(stage, "churn zürich") == ["The churn in Zürich rose"]
    assert bodies(stage, "rose churn") == ["The churn in Zürich rose"]
    assert bodies(stage, "chu") == ["Zurich: churning continues", "The churn in Zürich rose"]
    assert bodies(stage, "case") == ["snake_case and x2.5"]
    assert bodies(stage, "fell") == []
    assert bodies(stage, "chu", limit=1) == ["Zurich: churning continues"]


def test_languages_without_spaces_are_found_by_parts_of_a_sentence(stage: Stage) -> None:
    """A part in the middle, a single sign, and Korean by the beginning of a word."""
    stage.post("三月の解約率が上がった")
    stage.post("해지율이 올랐다")
    assert bodies(stage, "解約率") == ["三月の解約率が上がった"]
    assert bodies(stage, "率") == ["三月の解約率が上がった"]
    assert bodies(stage, "率解") == []
    assert bodies(stage, "해지율") == ["해지율이 올랐다"]


def test_only_threads_of_the_person_are_searched(stage: Stage) -> None:
    """Neither by naming the thread nor in all of them does a stranger find anything."""
    stage.thread("t2", "carla", "bob")
    stage.post("shared word", created_at=minutes(5))
    stage.post("word of theirs", "carla", "t2", created_at=minutes(2))
    assert bodies(stage, "word") == ["shared word"]
    assert bodies(stage, "word", thread_id="t2") == []
    assert bodies(stage, "word", thread_id="nowhere") == []
    assert bodies(stage, "word", "bob") == ["shared word", "word of theirs"]
    assert bodies(stage, "word", "bob", "t2") == ["word of theirs"]
    assert bodies(stage, "word", "dora") == []
    with stage.store.writing() as tx:
        tx.members.remove("t2", "bob")
    assert bodies(stage, "word", "bob") == ["shared word"]


def test_an_edited_message_is_found_by_its_new_words_only(stage: Stage) -> None:
    """Also after it was edited back and forth."""
    message = stage.post("apples and pears")
    for body in ("pears and plums", "apples and pears", "plums"):
        with stage.store.writing() as tx:
            tx.messages.set_body("t1", message.id, body, (), minutes(1))
    assert bodies(stage, "plums") == ["plums"]
    assert bodies(stage, "pears") == bodies(stage, "apples") == []


def test_hostile_queries_are_just_words(stage: Stage) -> None:
    """No operator of either index works, and nothing fails."""
    stage.post("plain text")
    operators = ['"', "' OR 1=1 --", "a AND", "NOT", "NEAR(a b, 5)", "words:a", "a*b*", "(", "^a", "{a}:b", "-a", ":*"]
    operators += ["a & | ! <->", "''", "a:*A", "\\", "%_", " ", ""]
    signs = ["\x00", "😀", "\u202e", "ﷺ", "ﬀ", "İ", "ß", "\ud800", "x" * 100_000, "a " * 10_000]
    for query in operators + signs:
        assert bodies(stage, query) == [], query
        assert bodies(stage, query, thread_id="t1") == [], query


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=80))
@example("e\u0301te\u0301")
@example("İstanbul")
def test_a_message_is_found_by_any_of_its_words(stage: Stage, text: str) -> None:
    """Whatever characters it is made of; afterwards it can be deleted without a trace."""
    message = stage.post(text)
    for query in words.of_query(text):
        assert text in bodies(stage, query, limit=1_000), query
    with stage.store.writing() as tx:
        tx.messages.delete("t1", message.id)
    for query in words.of_query(text):
        assert text not in bodies(stage, query, limit=1_000), query


def test_enormous_messages_are_indexed_up_to_a_bound(stage: Stage) -> None:
    """A megabyte of different words does not fail, nor does a word of a megabyte."""
    stage.post(" ".join(f"word{n}" for n in range(100_000)))
    stage.post("x" * 1_000_000)
    assert len(bodies(stage, "word17")) == 1
    assert len(bodies(stage, "xxx")) == 1
    assert bodies(stage, "word99999") == []


def test_words_of_a_text_and_of_a_query() -> None:
    """Runs of Han and Kana become pairs, other runs words."""
    assert words.of_text("Don't_stop, don't!") == ["don", "t", "stop"]
    assert words.of_text("価格は100円") == ["価格", "格は", "は", "100", "円"]
    assert words.of_query("格は1") == ["格は", "1"]
    assert words.of_query("…—!") == []
