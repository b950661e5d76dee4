"""A walk over every operation of ``openapi.json``, with values that fit its schemas and values that do not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from jupyter_groupchat.server import guests
from jupyter_groupchat.server.openapi import document
from tests.server.client import Guest, Person
from tests.server.process import ServerProcess

#: What must be so, whatever was asked: no 5xx, no status and no content that the operation does not announce.
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
#: Of each operation so many, the same ones every time, beside those at the edges of its schemas; each is called twice.
SOME = settings(
    max_examples=3,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)

schema = schemathesis.openapi.from_dict(document("http://127.0.0.1/"))
guests_schema = schemathesis.openapi.from_dict(guests.guests_document("http://127.0.0.1/"))


@pytest.fixture
def there(server: ServerProcess) -> dict[str, str]:
    """What there is of everything that a path may name."""
    return asyncio.run(_furnish(server))


async def _furnish(server: ServerProcess) -> dict[str, str]:
    ana, ben = Person(server, "Ana"), Person(server, "Ben")
    thread = await ana.new_thread()
    await ana.invite(thread, ben)
    made = await ana.ask("POST", f"threads/{thread}/invitations", {})
    posted = await ana.ask("POST", f"threads/{thread}/messages", {"body": "@ben hello"})
    await ana.ask("POST", f"threads/{thread}/files", "Some words.", name="notes.txt", id="f1")
    file = (await ana.ask("POST", f"threads/{thread}/files", "Some words.", name="notes.txt", id="f1"))["file"]["id"]
    cell = {"notebook": "a.ipynb", "cell_id": "c", "cell_type": "code", "source": "1", "outputs": []}
    await ana.ask("PUT", f"threads/{thread}/cells/s1", cell)
    return {
        "thread": thread,
        "username": "ben",
        "invitation": made["invitation"]["id"],
        "message": posted["message"]["id"],
        "file": file,
        "share": "s1",
        "emoji": "👍",
    }


@pytest.mark.slow  # all together
@schema.parametrize()
@SOME
def test_the_server_does_what_its_document_says(case: Case[Any], server: ServerProcess, there: dict[str, str]) -> None:
    """Every call, about things that are there and things that are not, is answered as announced, and never by a 5xx."""
    _call(case, server)
    if case.path_parameters:
        case.path_parameters = {name: there.get(name, value) for name, value in case.path_parameters.items()}
        _call(case, server)


@pytest.fixture(scope="module")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that lets guests in."""
    options = {"commands_per_second": 10_000.0, "assistant_enabled": False, "guests_allowed": True}
    config = {"ServerApp": {"trust_xheaders": True}}  # codes that are wrong count by address
    with ServerProcess(tmp_path_factory.mktemp("guests"), options=options, config=config) as server:
        yield server


@pytest.fixture
def guest(open_house: ServerProcess) -> tuple[Guest, dict[str, str]]:
    """Somebody who came by a link, with what there is in the thread."""
    return asyncio.run(_welcome(open_house))


async def _welcome(server: ServerProcess) -> tuple[Guest, dict[str, str]]:
    there = await _furnish(server)
    link = {"role": "reviewer", "expires_in": 86_400, "guest": True}
    made = await Person(server, "Ana").ask("POST", f"threads/{there['thread']}/invitations", link)
    guest = Guest(server)
    await guest.enter(made["invitation"]["code"])
    return guest, there


@pytest.mark.slow  # all together
@guests_schema.parametrize()
@SOME
def test_guests_are_answered_as_their_document_says(case: Case[Any], guest: tuple[Guest, dict[str, str]]) -> None:
    """The same for what is below the guests' page, with a pass and without one."""
    visitor, there = guest
    for headers in (visitor.headers, Guest(visitor.server).headers):
        case.call_and_validate(base_url=visitor.api.rstrip("/"), headers=headers, checks=CHECKS)
    if case.path_parameters:
        case.path_parameters = {name: there.get(name, value) for name, value in case.path_parameters.items()}
        case.call_and_validate(base_url=visitor.api.rstrip("/"), headers=visitor.headers, checks=CHECKS)


def _call(case: Case[Any], server: ServerProcess) -> None:
    headers = {"Authorization": f"token {server.token('Ana')}"}
    case.call_and_validate(base_url=server.api.rstrip("/"), headers=headers, checks=CHECKS)
