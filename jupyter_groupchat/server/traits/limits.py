"""How large things are, how many there are of them, and how fast they come, at most."""

from __future__ import annotations

from traitlets import Enum, Float, HasTraits, Int, List

from jupyter_groupchat.cells.filetypes import WORDS


class LimitTraits(HasTraits):
    """How large, how many and how fast, at most."""

    body_bytes = Int(32_768, min=1, config=True, help="The longest message, in bytes of UTF-8.")
    members_per_thread = Int(
        20, min=1, config=True, help="How many people a thread may have, the assistant not counted."
    )
    threads_per_person = Int(1_000, min=1, config=True, help="How many threads one person may be a member of.")
    cells_per_thread = Int(100, min=1, config=True, help="How many cells may be shared with one thread at a time.")
    files_per_thread = Int(200, min=0, config=True, help="How many files one thread may hold at a time.")
    file_bytes = Int(10 * 1024 * 1024, min=1, config=True, help="The largest file, in bytes.")
    import_bytes = Int(
        32 * 1024 * 1024,
        min=1,
        config=True,
        help="The largest file that a person may import as a new thread, in bytes. The command line imports any.",
    )
    file_types = List(
        Enum(list(WORDS)),
        default_value=list(WORDS),
        config=True,
        help="Media types that files in threads may have, out of these. What a file is, its content says. "
        "An empty list switches files off.",
    )
    frame_bytes = Int(
        4 * 1024 * 1024,
        min=1024,
        config=True,
        help="The largest command or frame that a client may send, in bytes. Twice as much closes the connection.",
    )
    commands_per_second = Float(
        50.0,
        min=0.1,
        config=True,
        help="How many commands a second one person may give on all connections; four seconds' worth can be saved up.",
    )
    subscriptions = Int(256, min=1, config=True, help="How many documents one connection may have open.")
    send_queue_bytes = Int(
        8 * 1024 * 1024,
        min=64 * 1024,
        config=True,
        help="How much may wait for one client that does not read, in bytes, before it is disconnected.",
    )
