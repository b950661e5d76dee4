"""What a script does over REST in a person's name: the ground that a walk starts from."""

from __future__ import annotations

import json
import urllib.request
from typing import Any
from urllib.parse import quote

from tests.browser.model_endpoint import PATIENCE
from tests.browser.office import Office


class Caller:
    """A person's REST calls with the token of their link."""

    def __init__(self, office: Office, name: str) -> None:
        self._base = f"{office.url}groupchat/api/"
        self._token = office.token(name)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of an answer; an HTTPError when the server refused."""
        request = urllib.request.Request(
            self._base + quote(path, safe="/?=&"),
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self._token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)

    def thread(self, title: str, *others: Caller, role: str = "member", **settings: Any) -> str:
        """A new thread, with others in it; its id."""
        thread: str = self.call("POST", "threads", {"title": title, **settings})["thread"]["id"]
        for other in others:
            made = self.call("POST", f"threads/{thread}/invitations", {"role": role})
            other.call("POST", "invitations/accept", {"code": made["invitation"]["code"]})
        return thread

    def post(self, thread: str, body: str, **fields: Any) -> str:
        """Write a message; its id."""
        made = self.call("POST", f"threads/{thread}/messages", {"body": body, **fields})
        message: str = made["message"]["id"]
        return message
