"""A walk over every operation of ``openapi.json``, with values that fit its schemas and values that do not."""

from __future__ import annotations

import asyncio
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

from jupyter_groupchat.server.openapi import document
from tests.server.client import Person
from tests.server.process import ServerProcess

#: What must be so, whatever was asked: no 5xx, no status and no content that the operation does not announce.
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
#: Of each operation, beside those at the edges of its schemas; each is called twice.
EXAMPLES = 3

schema = schemathesis.openapi.from_dict(document("http://127.0.0.1/"))


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
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_server_does_what_its_document_says(case: Case[Any], server: ServerProcess, there: dict[str, str]) -> None:
    """Every call, about things that are there and things that are not, is answered as announced, and never by a 5xx."""
    _call(case, server)
    if case.path_parameters:
        case.path_parameters = {name: there.get(name, value) for name, value in case.path_parameters.items()}
        _call(case, server)


def _call(case: Case[Any], server: ServerProcess) -> None:
    headers = {"Authorization": f"token {server.token('Ana')}"}
    case.call_and_validate(base_url=server.api.rstrip("/"), headers=headers, checks=CHECKS)
