"""A shared cell as the block that a model reads. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from jupyter_groupchat.assistant import blocks, budget
from jupyter_groupchat.assistant.budget import Counter
from jupyter_groupchat.cells import redaction, render
from jupyter_groupchat.types import SharedCell

#: In the place of a picture that is not sent.
UNSEEN = "[a picture that you cannot see]"

_LEFT_OUT = "[left out]"
#: What is printed of a picture, and tells nothing of it.
_REPR = re.compile(r"<Figure size [^>\n]*>|<[\w.]+ object at 0x[0-9a-f]+>|<PIL\.[^>\n]*>")


class Part(NamedTuple):
    """The source, or an output with its type."""

    tag: str
    kind: str | None
    text: str


class Fitted(NamedTuple):
    """A cell's block and what it takes. ``cut`` when it is not all of the cell."""

    text: str
    tokens: int
    cut: bool


def parts(cell: SharedCell, of_picture: Callable[[Mapping[str, Any]], str] = lambda output: UNSEEN) -> list[Part]:
    """What a cell says, secrets masked. ``of_picture`` is what to say of an output that has no text."""
    found = [Part("source", None, redaction.mask(cell.source))]
    for output in cell.outputs:
        found.append(Part("output", output["output_type"], _told(output, of_picture)))
    return found


def _told(output: Mapping[str, Any], of_picture: Callable[[Mapping[str, Any]], str]) -> str:
    text, pictured = redaction.mask(render.as_text(output)), render.has_image(output)
    if not text or (pictured and _REPR.fullmatch(text)):
        return of_picture(output)
    return f"{text}\n{of_picture(output)}" if pictured else text


def about(cell: SharedCell, names: Mapping[str, str]) -> dict[str, object]:
    """What a cell's block says of it; ``names`` are those of people by username."""
    return {
        "notebook": cell.notebook,
        "n": cell.execution_count,
        "type": cell.cell_type,
        "shared_by": names.get(cell.shared_by, cell.shared_by),
    }


def fit(
    about: Mapping[str, object], parts: Sequence[Part], limit: int, count: Counter, *, id: str | None = None
) -> Fitted | None:
    """The block, its longest parts cut so that it takes at most ``limit`` tokens; None where nothing worthwhile fits.

    ``id`` is told with a cell that is cut.
    """
    text = _block(about, parts)
    tokens = count(text)
    if tokens <= limit:
        return Fitted(text, tokens, False)
    about = {**about, "id": id}
    frame = count(_block(about, [part._replace(text=_LEFT_OUT) for part in parts]))
    shorter = budget.share([part.text for part in parts], limit - frame, count)
    if not any(shorter):
        return None
    kept = [part._replace(text=text or _LEFT_OUT) for part, text in zip(parts, shorter, strict=True)]
    text = _block(about, kept)
    return Fitted(text, count(text), True)


def _block(about: Mapping[str, object], parts: Sequence[Part]) -> str:
    return blocks.wrap("cell", "\n".join(blocks.block(part.tag, part.text, type=part.kind) for part in parts), **about)
