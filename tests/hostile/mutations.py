"""What becomes of honest bytes on a hostile way."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

#: Pieces that a parser of binary numbers may stumble over.
PIECES = (b"\xff" * 9 + b"\x7f", b"\x80" * 11, b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff\x0f", b"\0", b"\0\0\0\0")


@st.composite
def mutated(draw: st.DrawFn, honest: st.SearchStrategy[bytes]) -> bytes:
    """Bytes of ``honest`` with flipped bits, pieces cut out, doubled or put in."""
    data = bytearray(draw(honest))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        match draw(st.sampled_from(["flip", "cut", "double", "put", "end"])):
            case "flip" if data:
                data[at] ^= 1 << draw(st.integers(0, 7))
            case "cut":
                del data[at : at + draw(st.integers(1, 8))]
            case "double":
                data[at:at] = data[at : at + draw(st.integers(1, 8))]
            case "put":
                data[at:at] = draw(st.sampled_from(PIECES))
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
