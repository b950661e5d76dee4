"""What people may call themselves: names that can be read, and that read as what they are. Pure."""

from __future__ import annotations

import re
import unicodedata

#: Characters of a name.
LONGEST = 60

#: Letters and symbols that show nothing.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_MARKS = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4}")
#: Controls, what changes the direction of text or hides in it, halves of characters, private ones, and line ends.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
#: Letters of other scripts that look like Latin ones, and what is hardly told apart in many a font.
_LOOKS_LIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u0442\u043d\u043a\u043c\u0432"
    "\u03b1\u03b5\u03bf\u03c1\u03c5\u03c7\u03b9\u03ba\u03bd\u03c4\u0131\u0261"
    "\u0251\u0475\u04cf\u051d\u0578\u0585"
    "l1|0",
    "aeopcyxijsdhthkmb" + "aeopuxikvt" + "ig" + "aviwno" + "iiio",
)


def cleaned(name: str) -> str:
    """The name with single spaces. Raises ValueError, in words for people."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name:
        raise ValueError("a name has at least one character")
    if len(name) > LONGEST:
        raise ValueError(f"a name has at most {LONGEST} characters")
    if any(unicodedata.category(character) in _HIDDEN for character in name):
        raise ValueError("a name holds no characters that are not seen or that turn text around")
    if _MARKS.search(unicodedata.normalize("NFD", name)):
        raise ValueError("a name holds at most three marks on one letter")
    if not any(unicodedata.category(character)[0] in "LNSP" and character not in _BLANK for character in name):
        raise ValueError("a name has at least one character that can be seen")
    return name


def skeleton(name: str) -> str:
    """What is left of a name when one only glances at it: for telling whether two could be mistaken."""
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_LOOKS_LIKE)
    return "".join(character for character in plain if character.isalnum())
