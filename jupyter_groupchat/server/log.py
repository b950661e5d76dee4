"""Structured log lines: an event's name and its fields as JSON, never what people wrote."""

from __future__ import annotations

import json
import logging


class Notes:
    """Writes to a logger. The fields are also in the record's ``groupchat`` attribute, for a formatter of one's own."""

    def __init__(self, logger: logging.Logger | logging.LoggerAdapter[logging.Logger]) -> None:
        self._logger = logger

    def debug(self, event: str, **fields: object) -> None:
        """What happens all the time."""
        self._write(logging.DEBUG, event, fields)

    def info(self, event: str, **fields: object) -> None:
        """What happens seldom."""
        self._write(logging.INFO, event, fields)

    def warning(self, event: str, **fields: object) -> None:
        """What somebody should look at."""
        self._write(logging.WARNING, event, fields)

    def critical(self, event: str, **fields: object) -> None:
        """What keeps the chat from working."""
        self._write(logging.CRITICAL, event, fields)

    def broke(self, where: str, error: BaseException) -> None:
        """A mistake of ours, with the traceback but without the error's own text, which may hold what people wrote."""
        bare = RuntimeError(type(error).__name__).with_traceback(error.__traceback__)
        fields: dict[str, object] = {"where": where, "error": type(error).__name__}
        self._write(logging.ERROR, "broke", fields, (RuntimeError, bare, error.__traceback__))

    def _write(self, level: int, event: str, fields: dict[str, object], exc_info: object = None) -> None:
        if self._logger.isEnabledFor(level):
            text = json.dumps({"event": event, **fields}, ensure_ascii=False, default=str)
            record = {"groupchat": {"event": event, **fields}}
            self._logger.log(level, "groupchat %s", text, extra=record, exc_info=exc_info)  # type: ignore[arg-type]
