"""Everything that is kept: tables, the document log, files, and the bus between servers.

Nothing is imported here: ``storage.versions`` is asked at server start, where SQLAlchemy would cost too much.
"""
