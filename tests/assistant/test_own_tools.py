"""Tools that an operator's packages bring, with the example of docs/tools.md as one of them."""

from __future__ import annotations

import asyncio
import logging
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from jupyter_groupchat.assistant import blocks, own_tools
from jupyter_groupchat.assistant.language_model import ToolCall
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.tooling import GROUP, Tool, ToolContext, ToolError
from tests.assistant.stage import ANA, BEN, Room, ScriptedModel, a_stage, until
from tests.assistant.test_tools import audited, manifest_of, results
from tests.doubles import PATIENCE

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

PAGE = Path(__file__).parents[2] / "docs" / "tools.md"
ENTRY_POINTS = """\
[jupyter_groupchat.tools]
exchange_rate = our_tools:ExchangeRate
broken = our_tools:Missing
forbidden = our_other_tools:Forbidden
"""


def installed(folder: Path) -> Path:
    """A folder with installed packages: the example, one that does not load, one that nobody allows."""
    described = folder / "our_tools-1.0.dist-info"
    described.mkdir(parents=True)
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: our-tools\nVersion: 1.0\n")
    (described / "entry_points.txt").write_text(ENTRY_POINTS)
    example, entry = re.findall(r"```(?:python|toml)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert 'exchange_rate = "our_tools:ExchangeRate"' in entry
    (folder / "our_tools.py").write_text(example)
    (folder / "our_other_tools.py").write_text("raise AssertionError('nobody allowed this')")
    return folder


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """These packages, where Python looks."""
    folder = installed(tmp_path / "site-packages")
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    sys.modules.pop("our_tools", None)


class Probe:
    """A tool that does what the test says."""

    name = "probe"
    description = "Does what a test says."

    def __init__(self, act: Callable[[dict[str, Any], ToolContext], Any]) -> None:
        self.parameters: dict[str, Any] = {"type": "object"}
        self.act = act

    def __call__(self, arguments: Any, context: ToolContext) -> Any:
        return self._awaited(arguments, context)

    async def _awaited(self, arguments: Any, context: ToolContext) -> Any:
        found = self.act(arguments, context)
        return await found if asyncio.iscoroutine(found) else found


class Plain(Probe):
    """A tool that is a function."""

    def __call__(self, arguments: Any, context: ToolContext) -> Any:
        return self.act(arguments, context)


async def ask(folder: Path, model: ScriptedModel, tool: Tool, **settings: Any) -> tuple[Room, str]:
    """What a reply says and what the model was told, when it calls a tool once."""
    model.say("why", ToolCall("a", tool.name, settings.pop("arguments", {"x": [1]})))
    model.then("why", "Because.")
    async with a_stage(folder, model, own_tools=(tool,), **settings) as stage:
        room = await stage.party(BEN)
        await room.post(ANA, "@assistant why?")
        reply = await room.replied()
        assert (reply.status, reply.body) == ("complete", "Because.")
        await audited(room, 1)
        (block,) = blocks.read(results(model.requests[-1])[0])
        assert block.attributes["tool"] == tool.name
        assert (reply.reply["tools"][0]["status"] == "failed") == (block.attributes.get("failed") == "yes")
        return room, block.text


async def test_the_example_of_the_page_works(
    packages: Path, tmp_path: Path, model: ScriptedModel, caplog: pytest.LogCaptureFixture
) -> None:
    """Found among installed packages, offered, called and answered; broken and forbidden ones are left out."""
    with caplog.at_level(logging.WARNING):
        (tool,) = own_tools.load(["search_thread", "exchange_rate", "broken", "absent"])
    assert "The tool broken (our_tools:Missing) cannot be used" in caplog.text
    assert "absent, which is not there" in caplog.text
    assert "nobody allowed" not in caplog.text
    _, said = await ask(tmp_path, model, tool, arguments={"currency": "chf"})
    assert said == "One euro buys 0.93 CHF."
    assert [tool.name for tool in model.requests[0].tools] == ["exchange_rate"]


async def test_the_example_says_why_it_has_no_result(packages: Path, tmp_path: Path, model: ScriptedModel) -> None:
    """In its own words."""
    (tool,) = own_tools.load(["exchange_rate"])
    _, said = await ask(tmp_path, model, tool, arguments={"currency": "xyz"})
    assert said == "The controllers have no rate for XYZ."


def entry(name: str, value: str) -> EntryPoint:
    """An entry point."""
    return EntryPoint(name, value, GROUP)


def test_a_star_allows_whatever_is_installed(packages: Path, caplog: pytest.LogCaptureFixture) -> None:
    """And what is broken is still left out."""
    assert [tool.name for tool in own_tools.load(["*"])] == ["exchange_rate"]
    assert "forbidden" in caplog.text


@pytest.mark.parametrize(
    ("name", "changes", "why"),
    [
        ("other", {}, "entry point must have the tool's name"),
        ("search_thread", {"name": "search_thread"}, "there is a tool of that name"),
        ("get weather", {"name": "get weather"}, "other characters"),
        ("exchange_rate", {"description": " "}, "no description"),
        ("exchange_rate", {"parameters": {"type": "string"}}, "no JSON Schema of"),
        ("exchange_rate", {"parameters": {"type": "object", "required": 7}}, "not of type"),
    ],
)
def test_what_is_no_tool_is_left_out(
    packages: Path, caplog: pytest.LogCaptureFixture, name: str, changes: dict[str, Any], why: str
) -> None:
    """And the log says why."""
    (tool,) = own_tools.load(["exchange_rate"])
    kind = type("Changed", (type(tool),), changes)
    module = sys.modules["our_tools"]
    module.Changed = kind  # type: ignore[attr-defined]
    assert own_tools.load([name], [entry(name, "our_tools:Changed")]) == ()
    assert why in caplog.text


def test_what_cannot_be_called_is_no_tool(packages: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nor is what is something else altogether."""
    assert own_tools.load(["RATES"], [entry("RATES", "our_tools:RATES")]) == ()
    assert own_tools.load(["x"], [entry("x", "types:SimpleNamespace")]) == ()


async def test_a_tool_is_told_for_whom_it_works_and_nothing_else(tmp_path: Path, model: ScriptedModel) -> None:
    """Thread, title, username; what it does with its arguments changes no record."""
    seen: list[Any] = []

    def act(arguments: dict[str, Any], context: ToolContext) -> str:
        seen.append(context)
        arguments["x"].append("changed")
        return "fine"

    room, said = await ask(tmp_path, model, Probe(act))
    assert said == "fine"
    assert seen == [ToolContext(thread_id=room.party.thread, thread_title="Churn review", username="ana")]
    call = model.requests[-1].turns[-2].calls[0]
    assert call.arguments == {"x": [1]}


def _raise(error: BaseException) -> Any:
    raise error


async def test_nothing_acts_for_a_guest(tmp_path: Path, model: ScriptedModel) -> None:
    """Neither the operator's tools nor pictures nor the web: they read the thread, and so does what answers them."""
    model.say("why", "Because.")
    tool = Probe(lambda *_: "done")
    chosen = {"own_tools": (tool,), "image_model": "painter", "web_search": True, "policy": Policy(guests_allowed=True)}
    async with a_stage(tmp_path, model, **chosen) as stage:
        room = await stage.party()
        hana = await room.party.guest()
        for number, who in enumerate((hana, ANA), 1):
            await room.post(who, "@assistant why?")
            await room.replied(number)
        guests, members = model.requests
        assert ([tool.name for tool in guests.tools], guests.web) == ([], False)
        assert ({tool.name for tool in members.tools}, members.web) == ({"probe", "make_image"}, True)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda *_: _raise(ToolError("No such\ncity.")), "No such city."),
        (lambda *_: _raise(RuntimeError("secret-detail")), "It failed; the server's log says why."),
        (lambda *_: _raise(asyncio.CancelledError()), "It gave up."),
        (lambda *_: _raise(SystemExit(3)), "It failed; the server's log says why."),
        (lambda *_: _raise(StopIteration()), "It failed; the server's log says why."),
        (lambda *_: 42, "Its result is no text."),
        (lambda *_: asyncio.sleep(3600), "It did not answer within 0.2 seconds."),
    ],
)
async def test_a_tool_that_fails_takes_no_reply_with_it(
    tmp_path: Path, model: ScriptedModel, act: Any, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A clear line for the model and for members; what is nobody's business is in the log only."""
    _, text = await ask(tmp_path, model, Probe(act), tool_timeout=0.2)
    assert text == said


async def test_a_tool_that_cannot_be_cancelled_holds_nobody_up(tmp_path: Path, model: ScriptedModel) -> None:
    """It is left to itself."""
    over = threading.Event()

    async def stubborn(*_: Any) -> str:
        while not over.is_set():
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0.01)
        return "too late"

    _, text = await ask(tmp_path, model, Probe(stubborn), tool_timeout=0.1)
    over.set()
    assert "did not answer" in text


@pytest.mark.parametrize("kind", ["function", "coroutine"])
async def test_a_tool_that_blocks_holds_nobody_up(tmp_path: Path, model: ScriptedModel, kind: str) -> None:
    """People are acknowledged, and others are answered, while it blocks; then it has its say."""
    go_on = threading.Event()

    def block(*_: Any) -> str:
        assert go_on.wait(PATIENCE)
        return "fine"

    async def block_in_a_coroutine(*_: Any) -> str:
        return block()

    model.say("why", ToolCall("a", "probe", {}))
    model.then("why", "Because.")
    tool = Probe(block_in_a_coroutine) if kind == "coroutine" else Plain(block)
    async with a_stage(tmp_path, model, own_tools=(tool,), tool_timeout=PATIENCE) as stage:
        room, other = await stage.party(BEN), await stage.party(BEN)
        await room.post(ANA, "@assistant why?")
        await until(lambda: room.replies and room.replies[0].reply.get("tools"))
        try:
            posted = await room.post(BEN, "Meanwhile, lunch.")
            await other.post(BEN, "@assistant hello")
            assert (await other.replied()).body == "I see."
            assert room.message(posted).body == "Meanwhile, lunch."
            assert room.replies[0].reply["tools"][0]["status"] == "running"
        finally:
            go_on.set()
        assert (await room.replied()).body == "Because."
        assert "fine" in results(model.requests[-1])[0]


async def test_a_function_that_never_ends_is_left_to_itself(tmp_path: Path, model: ScriptedModel) -> None:
    """The reply goes on when its time is over."""
    over = threading.Event()
    _, text = await ask(tmp_path, model, Plain(lambda *_: str(over.wait(PATIENCE))), tool_timeout=0.1)
    over.set()
    assert text == "It did not answer within 0.1 seconds."


async def test_megabytes_are_cut(tmp_path: Path, model: ScriptedModel) -> None:
    """To 32 kB, and to what is left of the request; with a mark, and with what looks like a delimiter made harmless."""
    _, text = await ask(tmp_path, model, Probe(lambda *_: "head </result>\x1b[31m" + "x" * 5_000_000 + "tail"))
    assert "left out" in text
    assert text.startswith("head </result>x")
    assert text.endswith("tail")
    assert len(text) <= 32 * 1024
    _, text = await ask(tmp_path, model, Probe(lambda *_: "x" * 5_000_000), context_tokens=2_000)
    assert "left out" in text
    assert len(text) < 2_000 * 4


async def test_a_schema_with_a_fault_that_shows_late_fails_the_call(tmp_path: Path, model: ScriptedModel) -> None:
    """Such as a reference to nowhere."""
    tool = Probe(lambda *_: "fine")
    tool.parameters = {"type": "object", "properties": {"x": {"$ref": "#/nowhere"}}}
    _, text = await ask(tmp_path, model, tool)
    assert "schema is wrong" in text


async def test_the_operators_tools_are_in_the_manifest(tmp_path: Path, model: ScriptedModel) -> None:
    """As offered and as used."""
    model.say("why", ToolCall("a", "probe", {"x": 1}))
    model.then("why", "Because.")
    async with a_stage(tmp_path, model, own_tools=(Probe(lambda *_: "fine"),)) as stage:
        room = await stage.party(BEN)
        await room.post(ANA, "@assistant why?")
        await until(lambda: room.replies)
        manifest = await manifest_of(room, (await room.replied()).id)
        assert manifest["tools"] == ["probe"]
        assert [(use["name"], use["arguments"]) for use in manifest["used"]] == [("probe", {"x": 1})]
