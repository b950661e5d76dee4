"""Who may do what, who is looked after, and for how long what people write is kept."""

from __future__ import annotations

from traitlets import Bool, HasTraits, Int, List, Unicode


class PeopleTraits(HasTraits):
    """People: who may do what, how they come in, who is looked after, and what is kept of what they write."""

    operators = List(
        Unicode(),
        config=True,
        help="Usernames of those who keep the server: they read what everybody used and what was reported. "
        "Default: nobody.",
    )
    thread_creators = List(
        Unicode(),
        config=True,
        help="Usernames of those who may start threads; copies and imports are new threads, too. Default: everybody.",
    )
    invitation_links = Bool(
        True,
        config=True,
        help="Whether people may invite each other by link. Switched off, no link is made and none opens a thread.",
    )
    people_can_be_added = Bool(
        False,
        config=True,
        help="Whether members find people by name and add them to threads without a link: anybody who has used Group "
        "Chat since this was switched on. Only where people sign in under names of their own, as on a JupyterHub; "
        "where Jupyter gives everybody a random name, names say nothing.",
    )
    guests_allowed = Bool(
        False,
        config=True,
        help="Whether people may invite guests, who follow a link and need no account at this server: a page outside "
        "JupyterLab where they read one thread and write in it. Needs invitation_links. Switched off, it shuts out "
        "those who were in, too.",
    )
    guest_days = Int(30, min=1, max=366, config=True, help="After how many days a guest's access ends at the latest.")
    shielded_accounts = List(
        Unicode(),
        config=True,
        help="Usernames of people who are looked after, such as minors. In their threads the assistant is told "
        "shielded_instructions, and replies are checked with moderation_model.",
    )
    shielded_instructions = Unicode(
        "",
        config=True,
        help="What the model is told before anything else in threads that a shielded account is a member of.",
    )
    shielded_in_groups = Bool(
        True,
        config=True,
        help="Whether shielded accounts may be in threads with others. Switched off, they have threads of their "
        "own only.",
    )
    retention_days = Int(
        None,
        allow_none=True,
        min=7,
        config=True,
        help="Days after which messages, drafts and files are deleted, at least 7. An owner may choose fewer for a "
        "thread. Default: never.",
    )
    audit_bodies = Bool(
        False,
        config=True,
        help="Whether the audit log keeps what people wrote, too: what messages said before they were edited or "
        "deleted, shared cells, what tools were given, and what the model was told. People are told that it is so.",
    )
