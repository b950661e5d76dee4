"""What each Jupyter server of ``compose.yaml`` is told. Jupyter reads it, with ``c`` in place."""

import json
import os
from pathlib import Path

c = get_config()  # type: ignore[name-defined]  # noqa: F821

c.ServerApp.ip = "0.0.0.0"
c.ServerApp.port = 8888
c.ServerApp.base_url = os.environ["BASE_URL"]
c.ServerApp.open_browser = False
# Who asks, and by which protocol, the proxy says: nothing but the proxy can reach the server.
c.ServerApp.allow_remote_access = True
c.ServerApp.trust_xheaders = True

# The same people on every server. Put your own identity provider here; what counts is its usernames.
c.ServerApp.identity_provider_class = "jupyter_groupchat.server.demo.TokenPerPerson"
c.TokenPerPerson.people = json.loads(Path(os.environ.get("PEOPLE", "/etc/jupyter/people.json")).read_text())

c.GroupChat.database_url = os.environ["DATABASE_URL"]
