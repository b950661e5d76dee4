"""What replicas leave behind in the C library's heap."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Return freed memory to the system, where the C library can: by itself it keeps nearly all that replicas took."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:  # glibc's; others return it by themselves, or never
        trim(0)
