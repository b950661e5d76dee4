"""Two people on one machine: a JupyterLab on the loopback interface where the token in a link says who somebody is."""

from __future__ import annotations

import hmac
import os
import secrets
import sys
import webbrowser
from pathlib import Path

from jupyter_core.application import JupyterApp
from jupyter_core.paths import jupyter_data_dir
from jupyter_server.auth import IdentityProvider, User
from jupyter_server.serverapp import ServerApp
from tornado import web
from traitlets import Bool, Dict, Int, List, Unicode, default
from traitlets.config import Config

_STEPS = """\
  1. Open {first}'s link. In another browser, or a private window, open {second}'s.
  2. As {first}: open Group Chat in the right sidebar and start a thread. Choose Invite, and open its link as {second}.
  3. As {first}: run the notebook's cells, pick one, and choose "Share with thread" in its toolbar.
  4. Ask @assistant about it, and watch the answer come in on both screens.
  5. Invite a guest: another link, with the role Guest. Open it in a third browser, which has no sign-in.
  6. Go on with 02_group.ipynb: a group labels data, writes from its cells, and settles a rule.

Stop it with Control-C. Threads are kept in {database}
"""


class TokenPerPerson(IdentityProvider):
    """Knows people by the tokens of their sign-in links, and afterwards by Jupyter's cookie. For demos and tests."""

    people = Dict(
        key_trait=Unicode(),
        value_trait=Unicode(),
        config=True,
        help="Each person's token and display name; the username is the name in lower case.",
    )

    @default("token")
    def _token_default(self) -> str:
        return ""  # there is no token that is everybody's

    async def get_user_token(self, handler: web.RequestHandler) -> User | None:
        """Who the token in the link or in the header belongs to."""
        return self._person(self.get_token(handler) or "")

    def process_login_form(self, handler: web.RequestHandler) -> User | None:
        """The same, typed into the sign-in page."""
        return self._person(handler.get_argument("password", default=""))

    def user_from_cookie(self, cookie_value: str) -> User | None:
        """Who an earlier sign-in was by. Another server on the same address may have left somebody unknown."""
        user = super().user_from_cookie(cookie_value)
        known = {name.lower() for name in self.people.values()}
        return user if user is not None and user.username in known else None

    def _person(self, token: str) -> User | None:
        name = None
        for key, value in self.people.items():
            if hmac.compare_digest(key.encode(), token.encode()):
                name = value
        return None if name is None else User(username=name.lower(), name=name, display_name=name, initials=name[0])


class Demo(JupyterApp):
    """JupyterLab with Group Chat, and a sign-in link for each of two people."""

    name = "jupyter-groupchat-demo"
    description = __doc__ or ""

    port = Int(8888, min=0, max=65_535, config=True, help="Where to listen; the next free port when it is taken.")
    root_dir = Unicode(
        config=True, help="The folder that JupyterLab shows. Default: notebooks/ when there is one here."
    )
    browser = Bool(True, config=True, help="Whether to open the first person's link in a browser.")
    people = List(Unicode(), ["Ana", "Ben"], minlen=2, config=True, help="Who gets a link.")

    aliases = {"port": "Demo.port", "root-dir": "Demo.root_dir"}  # noqa: RUF012
    flags = {  # noqa: RUF012
        "no-browser": ({"Demo": {"browser": False}}, "Open no browser."),
        "debug": ({"Application": {"log_level": 10}}, "Log everything."),
    }

    @default("root_dir")
    def _root_dir_default(self) -> str:
        return "notebooks" if Path("notebooks").is_dir() else "."

    def start(self) -> None:
        """Run until stopped."""
        super().start()
        tokens = {secrets.token_hex(24): name for name in self.people}
        server = self._server(tokens)
        server.io_loop.add_callback(self._welcome, server, tokens)
        server.start()

    def _server(self, tokens: dict[str, str]) -> ServerApp:
        database = f"sqlite:///{Path(jupyter_data_dir(), 'groupchat', 'demo.sqlite').absolute()}"
        config = Config(
            {
                "GroupChat": {"database_url": database, "guests_allowed": True},
                "ServerApp": {
                    "allow_root": os.geteuid() == 0 if hasattr(os, "geteuid") else False,
                    "answer_yes": True,
                    "identity_provider_class": TokenPerPerson,
                    "ip": "127.0.0.1",
                    "log_level": self.log_level,
                    "open_browser": False,
                    "port": self.port,
                    "root_dir": str(Path(self.root_dir).absolute()),
                },
                "TokenPerPerson": {"people": tokens},
            }
        )
        config.merge(self.config)
        type(self).clear_instance()  # there can be one application only
        server = ServerApp.instance(config=config)
        server.initialize(argv=[], starter_extension="lab")
        return server

    def _welcome(self, server: ServerApp, tokens: dict[str, str]) -> None:
        links = {name: self._link(server, name, token) for token, name in tokens.items()}
        first, second = self.people[:2]
        width = max(map(len, links))
        lines = ["", "Group Chat is running.", ""]
        lines += [f"  {name:<{width}}  {link}" for name, link in links.items()]
        database = server.config.GroupChat.database_url
        steps = _STEPS.format(first=first, second=second, database=database.removeprefix("sqlite:///"))
        sys.stdout.write("\n".join([*lines, "", steps, ""]))
        sys.stdout.flush()
        if self.browser:
            webbrowser.open(links[first])

    def _link(self, server: ServerApp, name: str, token: str) -> str:
        tours = sorted(Path(self.root_dir).glob("*.ipynb"))
        notebook = f"/tree/{tours[0].name}" if tours else ""
        # A workspace each: otherwise the second browser would take over, and rearrange, the first one's.
        return f"http://127.0.0.1:{server.port}{server.base_url}lab/workspaces/{name.lower()}{notebook}?token={token}"
