"""What people wrote stays where it was put."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import mistune
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_groupchat.transfer.quoting import fence, inline, quote

#: What may do harm in some place, and what makes up the places.
_PIECES = [
    *(
        "<evil>",
        "</blockquote>",
        "</evil>",
        "<!--",
        "-->",
        "<?x",
        "<!X",
        "<![CDATA[",
        "<evil\nx>",
        "&#106;",
        "&lt;evil&gt;",
    ),
    *("```", "````", "~~~", "~~~ a`b", "`", "``", "$$", "$", "|", "---", "===", "- ", "1. ", "> ", "# ", "    ", "\t"),
    *("[a]:", "[a]: http://evil.example", "[a]", "[^1]:", "[x](javascript:alert(1))", "![y](data:text/html,x)", "\\"),
    *(
        "\n",
        "\n",
        "\n\n",
        "\r",
        "\r\n",
        "\x0b",
        "\x0c",
        "\u2028",
        "\x85",
        " ",
        "word",
        "*",
        "**",
        "_",
        "https://a.example",
    ),
]
_render = mistune.create_markdown(
    escape=False, plugins=["table", "footnotes", "def_list", "strikethrough", "task_lists", "math", "url"]
)


class Outside(HTMLParser):
    """Tags of a page, and those of them that are in no block quote."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.outside: list[str] = []
        self.links: list[str] = []
        self.comments = 0
        self._depth = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src") and value]
        if tag == "blockquote":
            self._depth += 1
        elif not self._depth:
            self.outside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "blockquote"

    def handle_comment(self, data: str) -> None:
        self.comments += 1

    def handle_decl(self, decl: str) -> None:
        self.comments += 1

    handle_pi = unknown_decl = handle_comment


@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
def test_a_body_stays_in_its_quote(body: str) -> None:
    """Whatever it is made of: what follows is a heading as ever, no tag is the body's own, and no label a link."""
    page = Outside(str(_render(f"### before\n\n{quote(body)}\n\n### after\n\n[a] [^1]\n")))
    assert page.outside == ["h3", "h3", "p"]
    assert "evil" not in page.tags
    assert page.comments == 0
    assert not any(re.match(r"(?i)\s*(javascript|data):", link) for link in page.links)


@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
def test_a_name_stays_in_its_line(name: str) -> None:
    """A heading with it is one heading, without markup."""
    page = Outside(str(_render(f"### 1 · {inline(name)} · today\n\n*{inline(name) or 'x'}* (today)\n\nafter\n")))
    assert page.outside[0] == "h3"
    assert set(page.outside[1:]) <= {"p", "em", "a"}
    assert page.outside.count("p") == 2
    assert "evil" not in page.tags


@given(st.text(alphabet="`~ab<\n ", max_size=40))
def test_code_stays_in_its_fence(code: str) -> None:
    """Letter by letter."""
    html = str(_render(f"{fence(code, 'python')}\n\nafter\n"))
    assert html.endswith("<p>after</p>\n")
    assert Outside(html).outside == ["pre", "code", "p"]


@pytest.mark.parametrize(
    ("body", "quoted"),
    [
        ("Two\nlines", "> Two\n> lines"),
        ("a\n\nb", "> a\n>\n> b"),
        ("a < b && c > d", "> a < b && c > d"),
        ("<img src=x>", "> &lt;img src=x>"),
        ("`vector<int>` and <b>", "> `vector<\u2060int>` and &lt;b>"),
        ("see\n```cpp\nvector<int> v;\n```\ndone", "> see\n>\n> ```cpp\n> vector<int> v;\n> ```\n>\n> done"),
        ("1. do\n   ```py\n   x = 1\n   ```", "> 1. do\n>\n> ```py\n> x = 1\n> ```\n>"),
        ("~~~ a`b\n```\n~~~\n<evil>", ">\n> ````ab\n> ```\n> ````\n>\n> &lt;evil>"),
        ("- ```\n<evil>", "> - \u2060```\n> &lt;evil>"),
        ("[a]: http://evil.example", "> [a]\\: http://evil.example"),
        ("[x](JavaScript:go)", "> [x](JavaScript\u2060:go)"),
        ("# Not a heading of ours", "> # Not a heading of ours"),
        ("\x1b[2Jgone\u2028back\tand\x9b1m", "> [2Jgone\n> back\tand1m"),
    ],
)
def test_a_body_reads_as_it_was_meant(body: str, quoted: str) -> None:
    """Harmless text is left alone, and code with it."""
    assert quote(body) == quoted


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ana López", "Ana López"),
        ("# Ana\n\n<b>", "\\# Ana \\<b\\>"),
        ("Ana\u202egpj\x1b]0;", "Anagpj\\]0;"),
        ("👩‍💻", "👩‍💻"),
        ("*[x](y)*", "\\*\\[x\\](y)\\*"),
    ],
)
def test_a_name_is_shown_as_it_is(name: str, shown: str) -> None:
    """On one line, letter by letter."""
    assert inline(name) == shown
