"""The assistant's replies as jobs, their manifests, and its decisions."""

from __future__ import annotations

from jupyter_groupchat.reply_types import Act, Decision, DecisionRecord, JobStatus, Manifest, SeenCell, SeenFile
from tests.storage.things import Stage, a_job, minutes


def test_a_job_comes_back_as_written(stage: Stage) -> None:
    """And its status as it was set last."""
    with stage.store.writing() as tx:
        tx.replies.add(a_job(asked=False))
        assert tx.replies.get("r1") == a_job(asked=False)
        tx.replies.set_status("r1", JobStatus.COMPLETE, minutes(1))
        tx.replies.set_status("nothing", JobStatus.COMPLETE, minutes(1))
        assert tx.replies.get("r1") == a_job(asked=False, status=JobStatus.COMPLETE)
        assert tx.replies.get("nothing") is None


def test_jobs_of_dead_servers_are_found_by_their_leases(stage: Stage) -> None:
    """A server that lives renews all of its own; finished jobs need no lease."""
    with stage.store.writing() as tx:
        tx.replies.add(a_job("r1", created_at=minutes(1)))
        tx.replies.add(a_job("r2", status=JobStatus.QUEUED))
        tx.replies.add(a_job("r3", server="s2", created_at=minutes(2)))
        tx.replies.add(a_job("r4", status=JobStatus.FAILED))
        assert [job.id for job in tx.replies.unfinished()] == ["r2", "r1", "r3"]
        left = tx.replies.unfinished()[-1].lease_until
        tx.replies.renew("s1", minutes(10))
        assert [job.lease_until for job in tx.replies.unfinished()] == [minutes(10), minutes(10), left]
        tx.replies.set_status("r3", JobStatus.INTERRUPTED, minutes(2))
        assert [job.id for job in tx.replies.unfinished()] == ["r2", "r1"]


def test_a_manifest_comes_back_as_written(stage: Stage) -> None:
    """A second one for the same reply replaces it."""
    first = Manifest(
        model="m",
        instructions="Be kind: ü",
        messages=("m1", "m2"),
        messages_cut=("m1",),
        cells=(SeenCell(id="c", notebook="n", cell_id="1", execution_count=None, content_hash="h", cut=True),),
        files=(SeenFile(id="f", name="a.csv", cut=False),),
        tools=("search",),
        prompt_tokens=10,
        completion_tokens=20,
        counted_by="endpoint",
    )
    second = Manifest(
        model="m", instructions="", messages=(), messages_cut=(), cells=(), files=(), tools=(),
        prompt_tokens=0, completion_tokens=0, counted_by="estimate",
    )  # fmt: skip
    with stage.store.writing() as tx:
        tx.replies.add(a_job())
        assert tx.replies.manifest("r1") is None
        for manifest in (first, second):
            tx.replies.put_manifest("r1", manifest)
            assert tx.replies.manifest("r1") == manifest


def test_decisions_are_listed_newest_first(stage: Stage) -> None:
    """Each with its message and time."""
    decisions = [
        DecisionRecord(
            message=f"m{n}",
            decision=Decision(act=Act.REACT, reason="Ana was asked", by="model", emoji="👍", model="m", tokens=n),
            at=minutes(n),
        )
        for n in range(3)
    ]
    with stage.store.writing() as tx:
        for kept in decisions:
            tx.decisions.add("t1", kept.message, kept.decision, kept.at)
        assert tx.decisions.list("t1", 2) == [decisions[2], decisions[1]]
        assert tx.decisions.list("nowhere", 2) == []
