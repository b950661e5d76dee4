"""Secrets in what a model sees."""

from __future__ import annotations

import pytest

from jupyter_groupchat.cells.redaction import MARK, mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("key = sk-proj-abcdefghijklmnopqrstuvwx", f"key = {MARK}"),
        ("ghp_" + "a" * 36, MARK),
        ("AKIA" + "A" * 16, MARK),
        ("password = 'hunter22'", f"password = '{MARK}'"),
        ('{"api_key": "abcdefgh"}', f'{{"api_key": "{MARK}"}}'),
        ("postgresql://ana:s3cret@db/churn", f"postgresql://ana:{MARK}@db/churn"),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nafter", f"{MARK}\nafter"),
    ],
)
def test_a_secret_is_replaced_by_a_mark(text: str, masked: str) -> None:
    """What stands around it stays readable."""
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "sk-learn",
        "tokens = tokenizer('some text')",
        "password = os.environ['PW']",
        "max_tokens: 4096",
        "https://example.org:8080/x@y",
        "risk-assessment-of-the-whole-portfolio",
    ],
)
def test_what_only_resembles_one_stays(text: str) -> None:
    """A mask in the wrong place would mislead."""
    assert mask(text) == text
