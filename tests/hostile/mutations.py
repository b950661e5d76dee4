"""What becomes of honest bytes on a hostile way."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import strategies as st

#: Pieces that a parser of binary numbers may stumble over.
PIECES = (b"\xff" * 9 + b"\x7f", b"\x80" * 11, b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff\x0f", b"\0", b"\0\0\0\0")


#: Chance, by its seed. What takes many choices makes them so: hypothesis would need longer for them than the test does.
CHANCE: st.SearchStrategy[Random] = st.integers(0, 2**64 - 1).map(Random)


def mutated(honest: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """Bytes of ``honest`` with flipped bits, pieces cut out, doubled or put in."""
    return st.builds(_mutate, honest, CHANCE)


def _mutate(honest: bytes, chance: Random) -> bytes:
    data = bytearray(honest)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, max(0, len(data) - 1))
        match chance.choice(["flip", "cut", "double", "put", "end"]):
            case "flip" if data:
                data[at] ^= 1 << chance.randint(0, 7)
            case "cut":
                del data[at : at + chance.randint(1, 8)]
            case "double":
                data[at:at] = data[at : at + chance.randint(1, 8)]
            case "put":
                data[at:at] = chance.choice(PIECES)
            case _:
                del data[at:]
    return bytes(data)


#: JSON values, among them those that something is likely to stumble over.
HOSTILE: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**53,
    2**63,
    10**30,
    1.5,
    1e308,
    "",
    " \u200b\u202e",
    "\0",
    "x\0y",
    "../../etc/passwd",
    "'; DROP TABLE messages; --",
    "x" * 5_000,
    [],
    [[[[[[]]]]]],
    ["\0"],
    {},
    {"\0": 1},
    {"__proto__": {"author": "ana"}},
)
