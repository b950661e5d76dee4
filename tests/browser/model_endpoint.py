"""A Chat Completions endpoint on the loopback that writes when a test says so, and keeps what it was sent."""

from __future__ import annotations

import base64
import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image

#: Upper bound of every wait, in seconds; a test that fails should not hang.
PATIENCE = 120


@dataclass
class Answer:
    """What the endpoint says when a request holds ``about``.

    It writes ``first`` at once, then waits until ``go_on`` is set and writes ``rest``. An ``endless`` answer goes on
    with words until the client hangs up. ``hung_up`` is set when the client left before the end. With ``model`` it is
    an answer of that model only. ``call`` is the name and the arguments of a tool that it calls at the end.
    """

    about: str
    first: str
    rest: str = ""
    endless: bool = False
    model: str | None = None
    call: tuple[str, dict[str, Any]] | None = None
    cites: tuple[str, str] | None = None  #: the address and the title of a page of the web
    go_on: threading.Event = field(default_factory=threading.Event)
    hung_up: threading.Event = field(default_factory=threading.Event)

    def pieces(self) -> Iterator[str]:
        """The text, piece by piece."""
        yield self.first
        word = 0
        # Slower after some words: on a busy machine a screen has to keep up with them.
        while self.endless and not self.go_on.wait(0.03 if word < 20 else 0.2):
            word += 1
            yield f" word{word}"
        if not self.go_on.wait(PATIENCE):
            return
        for piece in self.rest.split(" ") if self.rest else ():
            yield f" {piece}"


class ModelEndpoint:
    """The endpoint: ``base_url`` is what the server is given, ``requests`` the bodies that arrived.

    Its moderation flags texts that hold one of ``unfit``; ``checked`` are the texts that it was sent.
    """

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.may_draw = threading.Event()
        self.unfit: list[str] = []
        self.checked: list[str] = []
        #: The forms with recordings that arrived, and the authorization with which each did.
        self.recordings: list[bytes] = []
        self.keys: list[str] = []
        self._answers: list[Answer] = []
        self._of_recordings: tuple[int, Any, threading.Event] = (200, {"text": "I see."}, threading.Event())
        self._of_recordings[2].set()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path.endswith("/audio/transcriptions"):
                    endpoint.write_down(self, data)
                    return
                body = json.loads(data)
                if self.path.endswith("/moderations"):
                    endpoint.moderate(self, body["input"])
                    return
                endpoint.requests.append(body)
                if self.path.endswith("/images/generations"):
                    endpoint.draw(self)
                    return
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                endpoint.write(self, body)
                self.close_connection = True

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing: a failing test shows ``requests`` instead."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._http.server_port}/v1"

    def will_call(self, about: str, tool: str, **arguments: Any) -> Answer:
        """Call a tool when a request holds ``about``; what follows is ``will_answer`` about the result."""
        answer = self.will_answer(about, "")
        answer.call = tool, arguments
        return answer

    def will_answer(
        self, about: str, first: str, rest: str = "", *, endless: bool = False, model: str | None = None
    ) -> Answer:
        """Answer a request that holds ``about``; without ``rest`` and ``endless`` the whole answer comes at once."""
        answer = Answer(about, first, rest, endless, model)
        if not rest and not endless:
            answer.go_on.set()
        self._answers.insert(0, answer)
        return answer

    def will_write_down(self, text: str, *, wait: bool = False) -> threading.Event:
        """Say from now on that this is what recordings say; with ``wait`` once the event that is returned is set."""
        go_on = self.will_answer_recordings(200, {"text": text})
        if wait:
            go_on.clear()
        return go_on

    def will_answer_recordings(self, status: int, answer: Any) -> threading.Event:
        """Answer recordings so from now on."""
        go_on = threading.Event()
        go_on.set()
        self._of_recordings = (status, answer, go_on)
        return go_on

    def write_down(self, handler: BaseHTTPRequestHandler, form: bytes) -> None:
        """Answer a recording."""
        status, answer, go_on = self._of_recordings
        self.recordings.append(form)
        self.keys.append(handler.headers["Authorization"])
        go_on.wait(PATIENCE)
        data = json.dumps(answer).encode()
        try:
            handler.send_response(status)
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", str(len(data)))
            handler.end_headers()
            handler.wfile.write(data)
        except OSError:
            handler.close_connection = True

    def sent(self) -> str:
        """Everything that any request held, as text."""
        return "\n".join(json.dumps(request, ensure_ascii=False) for request in list(self.requests))

    def moderate(self, handler: BaseHTTPRequestHandler, text: str) -> None:
        """Say whether a text is unfit."""
        self.checked.append(text)
        flagged = any(word in text for word in self.unfit)
        result = {"flagged": flagged, "categories": {"violence": flagged}, "category_scores": {"violence": 0.5}}
        answer = json.dumps({"id": "1", "model": "moderation", "results": [result]}).encode()
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer)

    def write(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        """Stream the answer that fits ``body`` as server-sent events."""
        last = json.dumps(body["messages"][-2:], ensure_ascii=False)
        fitting = (answer for answer in self._answers if answer.model in (None, body["model"]))
        answer = next((answer for answer in fitting if answer.about in last), None)
        answer = answer or self.will_answer("\0", "Nothing in what was shared says so.")
        try:
            for piece in answer.pieces():
                self._event(handler, {"index": 0, "delta": {"content": piece}, "finish_reason": None})
            if answer.cites:
                url, title = answer.cites
                annotation = {"type": "url_citation", "url_citation": {"url": url, "title": title}}
                self._event(handler, {"index": 0, "delta": {"annotations": [annotation]}, "finish_reason": None})
            if answer.call:
                name, arguments = answer.call
                function = {"name": name, "arguments": json.dumps(arguments)}
                call = {"index": 0, "id": f"call_{len(self.requests)}", "type": "function", "function": function}
                self._event(handler, {"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None})
            self._event(handler, {"index": 0, "delta": {}, "finish_reason": "tool_calls" if answer.call else "stop"})
            handler.wfile.write(b"data: [DONE]\n\n")
        except OSError:
            answer.hung_up.set()

    def draw(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer as an images API does, once ``may_draw`` is set."""
        self.may_draw.wait(PATIENCE)
        data = io.BytesIO()
        Image.new("RGB", (480, 320), "seagreen").save(data, "PNG")
        made = json.dumps({"data": [{"b64_json": base64.b64encode(data.getvalue()).decode()}]}).encode()
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(made)))
        handler.end_headers()
        handler.wfile.write(made)

    def _event(self, handler: BaseHTTPRequestHandler, choice: dict[str, Any]) -> None:
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "loopback", "choices": [choice]}
        handler.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        handler.wfile.flush()

    @contextmanager
    def running(self) -> Iterator[ModelEndpoint]:
        """Serve until the block is left; answers that still wait are let go."""
        thread = threading.Thread(target=self._http.serve_forever, name="model endpoint", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            for answer in self._answers:
                answer.go_on.set()
            self._http.shutdown()
            self._http.server_close()
            thread.join()
