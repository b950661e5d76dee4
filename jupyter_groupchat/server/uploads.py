"""Files on their way in."""

from __future__ import annotations

from tornado import web

from jupyter_groupchat.server.handlers import ApiHandler


@web.stream_request_body
class UploadHandler(ApiHandler):
    """Takes a file as it comes. What is over the limit is read, so that the refusal can be heard, and not held."""

    _size = 0

    def initialize(self, limit: str) -> None:
        """``limit`` is the name of the option that says how large the file may be. Nothing has come yet."""
        self._limit: int = getattr(self.chat, limit)
        self._pieces: list[bytes] = []

    def data_received(self, chunk: bytes) -> None:
        """Keep a piece. One piece over the limit is enough to refuse the file by."""
        if self._size <= self._limit:
            self._pieces.append(chunk)
            self._size += len(chunk)

    def body(self) -> bytes:
        """The file, or more of it than there may be."""
        return b"".join(self._pieces)
