"""The two tools that a model has when nobody asked it: what else than talking it may do."""

from __future__ import annotations

from jupyter_groupchat.assistant.language_model import Tool

STAY_OUT = Tool(
    "stay_out",
    "Say nothing. The right choice unless a short remark would clearly help the group now.",
    {
        "type": "object",
        "properties": {
            "reason": {
                "type": "string",
                "description": "Why, in at most ten words, for members to read",
            }
        },
        "required": ["reason"],
        "additionalProperties": False,
    },
)

REACT = Tool(
    "react",
    "Put one emoji on the message and say nothing.",
    {
        "type": "object",
        "properties": {"emoji": {"type": "string", "description": "A single emoji"}},
        "required": ["emoji"],
        "additionalProperties": False,
    },
)

UNASKED = (STAY_OUT, REACT)
