"""The guard that no test can reach a model that costs money, or any other machine, by accident."""

from __future__ import annotations

import os
from collections.abc import Iterator
from ipaddress import ip_address

import httpx2
import pytest


class PaidModelRequested(BaseException):
    """A test tried to reach another machine. No ``except Exception`` can swallow it."""


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(autouse=True, scope="session")
def no_paid_models() -> Iterator[None]:
    """Keys are taken out of the environment, for this process and its children; connections stay on the loopback."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("OPENAI_", "AZURE_OPENAI_"))]:
            patch.delenv(name)
        reach = httpx2.AsyncHTTPTransport.handle_async_request

        async def stay_here(transport: httpx2.AsyncHTTPTransport, request: httpx2.Request) -> httpx2.Response:
            if not is_loopback(request.url.host):
                raise PaidModelRequested(f"a test tried to reach {request.url.host}")
            return await reach(transport, request)

        patch.setattr(httpx2.AsyncHTTPTransport, "handle_async_request", stay_here)
        yield
