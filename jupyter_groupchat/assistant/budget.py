"""Counting tokens, and cutting texts to a number of them."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from jupyter_groupchat.cells.render import cut_middle

#: Tokens of a text, for one model.
Counter = Callable[[str], int]

#: What an image costs in the budget. Endpoints differ; this is a middle value of theirs.
IMAGE_TOKENS = 800
#: What is left of a text below this many tokens would tell nothing.
WORTHWHILE = 40

_ENCODINGS = "https://openaipublic.blob.core.windows.net/encodings"
_HASHES = {
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
}
# Encoding takes more than linear time in the length of a word: a megabyte without a blank would block for minutes.
_PIECE = 2_000


def estimate(text: str) -> int:
    """Four bytes of UTF-8 a token: close for English, and not far off for scripts of longer characters."""
    return (len(text.encode("utf-8", "replace")) + 3) // 4


@cache
def counter(model: str) -> Counter:
    """Counts with the model's own encoding where it is known and already on this machine, else by ``estimate``.

    tiktoken would download an encoding that it lacks; this never lets it.
    """
    import tiktoken

    try:
        name = tiktoken.encoding_name_for_model(model)
    except KeyError:
        return estimate
    if not _is_here(name):
        return estimate
    encoding = tiktoken.get_encoding(name)

    def count(text: str) -> int:
        pieces = (text[start : start + _PIECE] for start in range(0, len(text), _PIECE))
        return sum(len(encoding.encode_ordinary(piece)) for piece in pieces)

    return count


def cut(text: str, tokens: int, count: Counter) -> str:
    """The text cut in the middle to at most ``tokens``, with a visible mark; empty where nothing worthwhile fits."""
    total = count(text)
    if total <= tokens:
        return text
    if tokens < WORTHWHILE:
        return ""
    size = len(text.encode("utf-8", "replace")) * tokens // total
    while size > 0:
        shorter = cut_middle(text, size)
        if count(shorter) <= tokens:
            return shorter
        size = size * 9 // 10
    return ""


def share(texts: Sequence[str], tokens: int, count: Counter) -> list[str]:
    """The texts cut to at most ``tokens`` together: short ones stay whole, the long ones share what is left."""
    sizes = [count(text) for text in texts]
    shorter = list(texts)
    left = max(tokens, 0)
    for done, place in enumerate(sorted(range(len(texts)), key=sizes.__getitem__)):
        shorter[place] = cut(texts[place], left // (len(texts) - done), count)
        left -= count(shorter[place])
    return shorter


def _is_here(encoding: str) -> bool:
    """Whether tiktoken would find the encoding in its cache and accept it."""
    if encoding not in _HASHES:
        return False
    chosen = os.environ.get("TIKTOKEN_CACHE_DIR", os.environ.get("DATA_GYM_CACHE_DIR"))
    folder = Path(tempfile.gettempdir(), "data-gym-cache") if chosen is None else Path(chosen)
    name = hashlib.sha1(f"{_ENCODINGS}/{encoding}.tiktoken".encode(), usedforsecurity=False).hexdigest()
    try:
        return chosen != "" and hashlib.sha256((folder / name).read_bytes()).hexdigest() == _HASHES[encoding]
    except OSError:
        return False
