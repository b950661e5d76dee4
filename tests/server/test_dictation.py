"""Dictation on a running server, with an endpoint that writes recordings down on the loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.assistant.test_recording import wav, webm
from tests.browser.model_endpoint import ModelEndpoint
from tests.server.client import Person, Refused
from tests.server.process import PATIENCE, ServerProcess

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def dictated(tmp_path_factory: pytest.TempPathFactory, model: ModelEndpoint) -> Iterator[ServerProcess]:
    """A server with a model for recordings of at most 100,000 bytes."""
    options = {"base_url": model.base_url, "transcription_model": "whisper-1", "file_bytes": 100_000}
    with ServerProcess(tmp_path_factory.mktemp("dictated"), options=options) as server:
        yield server


async def test_a_recording_is_written_down_and_kept_nowhere(dictated: ServerProcess, model: ModelEndpoint) -> None:
    """the endpoint gets the sound with its model's name, the caller the text; the server's files hold neither."""
    ana = Person(dictated, "Ana")
    assert (await ana.ask("GET", "me"))["dictation"] == {"seconds": 300, "bytes": 100_000}
    model.will_write_down("  Which cutoff\n do we take?  ")
    answer = await ana.ask("POST", "transcriptions", wav(2))
    assert answer == {"text": "Which cutoff do we take?"}
    heard = model.recordings[-1]
    assert wav(2) in heard
    assert b"whisper-1" in heard
    assert b'filename="recording.wav"' in heard
    kept = b"".join(path.read_bytes() for path in dictated.folder.rglob("*") if path.is_file())
    assert b"Which cutoff" not in kept
    assert wav(2)[:200] not in kept
    assert b'"media_type":"audio/wav"' in kept  # the line in the audit log


async def test_recordings_go_to_the_endpoint_that_is_named_for_them(tmp_path: Path, model: ModelEndpoint) -> None:
    """with its own key, where no other endpoint is set; and to nobody where its options are wrong."""
    chosen = {"model": "whisper-own", "base_url": model.base_url, "api_key": "sk-own"}
    with ServerProcess(tmp_path / "own", options={"transcription_model": chosen}) as server:
        ana = Person(server, "Ana")
        model.will_write_down("Thirty days.")
        assert await ana.ask("POST", "transcriptions", wav(2)) == {"text": "Thirty days."}
        assert b"whisper-own" in model.recordings[-1]
        assert model.keys[-1] == "Bearer sk-own"
        assert "sk-own" not in server.text()
    wrong = {"transcription_model": {"model": "whisper", "base_url": "nowhere"}}
    with ServerProcess(tmp_path / "wrong", options=wrong) as server:
        code, answer = await Person(server, "Ana").call("GET", "me")
    assert code == 503
    assert answer["error"]["message"].startswith("GroupChat.transcription_model has a base_url that is no address")


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "no recording"),
        (b"<svg onload=alert(1)>", 400, "no recording"),
        (webm(0, 400_000), 413, "5 minutes"),
        (wav(20), 413, "100,000 bytes"),
    ],
)
async def test_what_cannot_be_written_down_is_refused(
    dictated: ServerProcess, model: ModelEndpoint, body: bytes, status: int, words: str
) -> None:
    """before the endpoint hears of it, in words that say why."""
    asked = len(model.recordings)
    found, answer = await Person(dictated, "Ana").call("POST", "transcriptions", body)
    assert (found, words in answer["error"]["message"]) == (status, True)
    assert len(model.recordings) == asked


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (200, {"text": " \n"}, "Nothing was understood"),
        (404, {"error": {"message": "no such model"}}, "does not know the model “whisper-1”"),
        (500, {"error": {"message": "secret-of-the-endpoint"}}, "failed (status 500)"),
        (200, {"unexpected": True}, "no transcription"),
    ],
)
async def test_a_failing_endpoint_is_told_in_words(
    dictated: ServerProcess, model: ModelEndpoint, status: int, answer: dict[str, Any], words: str
) -> None:
    """and the next recording can be sent."""
    ana = Person(dictated, "Ana")
    model.will_answer_recordings(status, answer)
    found, refused = await ana.call("POST", "transcriptions", wav(1))
    assert (found, words in refused["error"]["message"]) == (502, True), refused
    assert "secret-of" not in json.dumps(refused)
    model.will_write_down("Again.")
    assert (await ana.ask("POST", "transcriptions", wav(1)))["text"] == "Again."


async def test_one_recording_at_a_time(dictated: ServerProcess, model: ModelEndpoint) -> None:
    """for each person; others do not wait for it. A kernel's ticket is not enough."""
    ana, ben = Person(dictated, "Ana"), Person(dictated, "Ben")
    go_on = model.will_write_down("Slowly.", wait=True)
    asked = len(model.recordings)
    first = asyncio.ensure_future(ana.ask("POST", "transcriptions", wav(1)))
    async with asyncio.timeout(PATIENCE):
        while len(model.recordings) == asked:  # noqa: ASYNC110 - the endpoint is in another thread
            await asyncio.sleep(0.01)
    with pytest.raises(Refused, match="already"):
        await ana.ask("POST", "transcriptions", wav(1))
    go_on.set()
    assert (await first)["text"] == "Slowly."
    assert (await ben.ask("POST", "transcriptions", wav(1)))["text"] == "Slowly."
    thread = await ana.new_thread()
    ticket = (await ana.ask("POST", f"threads/{thread}/tickets", {}))["ticket"]["value"]
    headers = {"Authorization": f"groupchat-ticket {ticket}"}
    status, answer = await ana.call("POST", "transcriptions", wav(1), headers=headers)
    assert (status, answer["error"]["code"]) == (403, "not_allowed")


async def test_it_is_off_unless_the_operator_switches_it_on(ana: Person, tmp_path: Path) -> None:
    """``me`` says so, and the call does."""
    assert (await ana.ask("GET", "me"))["dictation"] is None
    with pytest.raises(Refused, match="not switched on") as refused:
        await ana.ask("POST", "transcriptions", wav(1))
    assert refused.value.code == "conflict"
