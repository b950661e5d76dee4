"""Threads on their way out and in: exports, and imports into new threads."""
