"""``jupyter groupchat``: what is done from a terminal."""

from __future__ import annotations

from jupyter_core.application import JupyterApp

from jupyter_groupchat import __version__
from jupyter_groupchat.server.extension import GroupChat


class GroupChatCommand(JupyterApp):
    """Group chat with an AI member, inside Jupyter.

    `jupyter groupchat --help-all` lists every option of the server extension.
    """

    name = "jupyter-groupchat"
    description = __doc__
    version = __version__
    classes = [GroupChat]  # noqa: RUF012
    subcommands = {  # noqa: RUF012
        "demo": ("jupyter_groupchat.server.demo.Demo", "Start JupyterLab with sign-in links for two people."),
        "export": ("jupyter_groupchat.cli.export.Export", "Write a thread to a file."),
        "import": ("jupyter_groupchat.cli.bring_in.Import", "Start a thread with what a file holds."),
        "members": ("jupyter_groupchat.cli.members.Members", "See who is in threads, and mend it."),
        "backup": ("jupyter_groupchat.cli.backups.Backup", "Copy the whole chat while servers run."),
        "restore": ("jupyter_groupchat.cli.backups.Restore", "Put a backup in the place of the chat."),
        "compact": ("jupyter_groupchat.cli.compact.Compact", "Give unused space back."),
        "usage": ("jupyter_groupchat.cli.usage.Usage", "Show what everybody used of the language model."),
        "reports": ("jupyter_groupchat.cli.reports.Reports", "Show what members reported, and close it."),
        "doctor": ("jupyter_groupchat.cli.doctor.Doctor", "Find out what is wrong with an installation."),
        "audit": ("jupyter_groupchat.cli.audit.Audit", "Verify the audit log, or write it out."),
    }

    def start(self) -> None:
        """Run the subcommand, or say which ones there are."""
        super().start()
        self.print_help()


def main() -> None:
    """The console script."""
    GroupChatCommand.launch_instance()
