"""Everything that this package raises on purpose.

GroupChatError
├── InvalidRequest         400  the request itself is wrong; nothing was changed
├── NotAllowed             403  a member asked for what the role does not allow
├── NotFound               404  no such thing, or the caller may not know that it exists
├── Conflict               409  the thing is not in a state that allows this
│   ├── ThreadFull         409  the thread has as many members as it may have
│   └── Outdated                what this was made from has changed since; make it anew
├── InvitationGone         410  expired, revoked or used up
├── TooLarge               413  over a size limit
├── RateLimited            429  over a rate or a quota; ``retry_after`` says when to come back
├── StorageUnavailable     503  the database did not take or give; nothing was changed
│   ├── SchemaTooNew            the database was written by a newer version
│   └── ChatReplaced            all of the chat was put back from a backup
└── ModelError             502  the language model gave no usable answer
    ├── ModelRefused            it refused the request or the key (401, 403, 404, 400)
    ├── ModelRateLimited        it asked to wait (429)
    ├── ModelWithheld           its answer was unfit for who would see it, or could not be checked
    ├── ModelUnavailable        it could not be reached, or timed out
    └── ModelBroke              its answer stopped in the middle or made no sense
"""

from __future__ import annotations

from typing import Any, ClassVar


class GroupChatError(Exception):
    """An error for the reader: what happened, what was kept, what to do.

    ``code`` and ``status`` (HTTP) are the class's; ``details`` holds JSON values for programs.
    """

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def to_json(self) -> dict[str, Any]:
        """The value of ``error`` in an answer, as in docs/wire.md."""
        return {"code": self.code, "message": self.message, "details": self.details}


class InvalidRequest(GroupChatError):
    """The request is malformed or names an impossible value."""

    code, status = "invalid_request", 400


class NotAllowed(GroupChatError):
    """The member's role does not allow this."""

    code, status = "not_allowed", 403


class NotFound(GroupChatError):
    """There is no such thing, or the caller may not see it."""

    code, status = "not_found", 404


class Conflict(GroupChatError):
    """The thing's state does not allow this."""

    code, status = "conflict", 409


class ThreadFull(Conflict):
    """No more members may join."""

    code = "thread_full"


class Outdated(Conflict):
    """What this was made from has changed since; made anew, it may be taken."""


class InvitationGone(GroupChatError):
    """The invitation expired, was revoked or is used up."""

    code, status = "invitation_gone", 410


class TooLarge(GroupChatError):
    """A body, a frame or a file is over its limit."""

    code, status = "too_large", 413


class RateLimited(GroupChatError):
    """Too many in too short a time. ``retry_after`` is in seconds."""

    code, status = "rate_limited", 429

    def __init__(self, message: str, *, retry_after: float, **details: Any) -> None:
        super().__init__(message, retry_after=retry_after, **details)
        self.retry_after = retry_after


class StorageUnavailable(GroupChatError):
    """The database is locked, full, read-only or away. Nothing was changed."""

    code, status = "storage_unavailable", 503


class SchemaTooNew(StorageUnavailable):
    """A newer version of this package wrote the database; it was left untouched."""


class ChatReplaced(StorageUnavailable):
    """All of the chat was put back from a backup since whoever asks began with it. Nothing was changed."""


class ModelError(GroupChatError):
    """The language model gave no usable answer; ``message`` is fit to show to members."""

    code, status = "model_error", 502


class ModelRefused(ModelError):
    """The endpoint refused: a wrong key, an unknown model, a request it cannot take."""

    code = "model_refused"


class ModelRateLimited(ModelError):
    """The endpoint asked to wait. ``retry_after`` in seconds, where it said so."""

    code = "model_rate_limited"

    def __init__(self, message: str, *, retry_after: float | None = None, **details: Any) -> None:
        super().__init__(message, **details)
        self.retry_after = retry_after


class ModelWithheld(ModelError):
    """The answer was found unfit for who would see it, or could not be checked."""

    code = "model_withheld"


class ModelUnavailable(ModelError):
    """The endpoint could not be reached, or did not answer in time."""

    code = "model_unavailable"


class ModelBroke(ModelError):
    """The answer stopped in the middle, or was not what the protocol allows."""

    code = "model_broke"
