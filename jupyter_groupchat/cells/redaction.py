"""Masks what looks like a key or a password before a model sees it. Pure.

People share cells with colleagues whom they trust with more than an endpoint. Only formats that cannot be mistaken are
masked; this is a safety net under people's care, not a guarantee.
"""

from __future__ import annotations

import re

MARK = "[secret removed]"

_KEYS = re.compile(
    r"""
    -----BEGIN[ A-Z]*PRIVATE[ ]KEY-----.*?(?:-----END[ A-Z]*PRIVATE[ ]KEY-----|\Z)
    | \b(?:
        sk-[A-Za-z0-9_-]{20,}                                  # OpenAI and its like
        | gh[pousr]_[A-Za-z0-9]{36,} | github_pat_\w{40,}      # GitHub
        | glpat-[\w-]{20,}                                     # GitLab
        | (?:AKIA|ASIA)[0-9A-Z]{16}                            # AWS key ids
        | AIza[\w-]{35}                                        # Google
        | xox[abprs]-[A-Za-z0-9-]{10,}                         # Slack
        | hf_[A-Za-z0-9]{30,}                                  # Hugging Face
        | pypi-[\w-]{50,} | npm_[A-Za-z0-9]{36}
        | eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}             # JSON Web Tokens
    )(?![\w-])
    """,
    re.VERBOSE | re.DOTALL,
)
# The value of an assignment whose name says what it is, and the password of an URL.
_ASSIGNED = re.compile(
    r"""(?P<keep>\b\w*(?:password|passwd|secret|token|api_?key|access_?key)\w*["']?\s*[:=]\s*["'])(?P<value>[^"'\s]{6,})(?=["'])""",
    re.IGNORECASE,
)
_URL = re.compile(r"(?P<keep>\b[a-z][a-z0-9+.-]*://[^\s/:@]+:)(?P<value>[^\s/@]+)(?=@)", re.IGNORECASE)


def mask(text: str) -> str:
    """The text with every secret replaced by ``MARK``."""
    for pattern in (_ASSIGNED, _URL):
        text = pattern.sub(rf"\g<keep>{MARK}", text)
    return _KEYS.sub(MARK, text)
