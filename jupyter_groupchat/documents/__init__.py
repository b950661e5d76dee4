"""The schemas of the shared documents."""

# ``jupyter_ydoc`` loads every document that is registered with it, ours among them, while it is imported. Imported
# here, it finds ours not yet begun; imported by one of ours, it would find that one half done.
import jupyter_ydoc  # noqa: F401
