"""The tools that come with the assistant, as models are told of them."""

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

#: What else than talking a model may do when nobody asked it.
UNASKED = (STAY_OUT, REACT)

SEARCH_THREAD = Tool(
    "search_thread",
    "Search this group chat for messages that hold all of the given words, newest first: for what was said before "
    "the messages that you see.",
    {
        "type": "object",
        "properties": {
            "query": {
                "type": "string",
                "minLength": 1,
                "description": "One to three distinctive words; the last may be the beginning of one",
            }
        },
        "required": ["query"],
        "additionalProperties": False,
    },
)

READ_CELL = Tool(
    "read_cell",
    "Read a cell that was shared with this chat and that you see cut, or only listed in <more_cells>.",
    {
        "type": "object",
        "properties": {
            "cell": {
                "type": ["string", "integer"],
                "description": "Its number, as 12 of [12], or its id where several have that number",
            }
        },
        "required": ["cell"],
        "additionalProperties": False,
    },
)

#: Those that look at the thread itself.
OF_THREAD = (SEARCH_THREAD, READ_CELL)
MAKE_IMAGE = Tool(
    "make_image",
    "Make a picture and show it with your reply. Only where somebody asks for a picture; plots of data are made in "
    "the notebook.",
    {
        "type": "object",
        "properties": {
            "prompt": {
                "type": "string",
                "minLength": 1,
                "maxLength": 4000,
                "description": "What it shows, in a few sentences; its maker sees nothing else",
            }
        },
        "required": ["prompt"],
        "additionalProperties": False,
    },
)

#: What manifests call it when the endpoint may search the web by itself.
WEB_SEARCH = "web_search"

#: Names that no tool of an operator can have.
BUILT_IN = frozenset([*(tool.name for tool in (*UNASKED, *OF_THREAD, MAKE_IMAGE)), WEB_SEARCH])
