"""The words by which a message is known for a stop, a greeting or thanks, in one place. Pure; questions have their own.

Languages: English, German, French, Spanish, Italian, Portuguese, Dutch. A language is added by adding its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from jupyter_groupchat.assistant import questions


def listed(text: str, separator: str | None = None) -> frozenset[str]:
    """The words of a text, or its phrases between separators, as a set."""
    return frozenset(" ".join(phrase.split()) for phrase in text.split(separator))


#: The whole message, once the assistant's name, "please" and punctuation are taken away.
STOP = listed(
    """stop; stop it; stop that; stop talking;
    be quiet; quiet; hush; shush; shut up; enough; that's enough; cancel; not now;
    stopp; halt; ruhe; sei still; sei ruhig; still; aufhören; hör auf; schluss; genug; jetzt nicht; nicht jetzt;
    arrête; arrête-toi; stoppe; silence; tais-toi; ça suffit; pas maintenant;
    para; párate; detente; silencio; cállate; basta; ya basta; ahora no;
    ferma; fermati; smetti; zitto; silenzio; non ora;
    pare; pára; silêncio; cala-te; chega; agora não;
    hou op; ophouden; stil; wees stil; genoeg; niet nu""",
    ";",
)

#: A message of nothing but these asks for no answer: greetings, thanks, agreement.
SMALL_TALK = listed(
    """hi hello hey hiya howdy morning evening welcome bye goodbye cheers there all everyone everybody team folks good
    thanks thank thx ty you very so much a lot again ok okay k yes yep yeah yup no nope sure fine great nice cool
    perfect agreed right exactly done understood got it makes sense sounds lgtm that's that this is to me
    hallo servus moin tag morgen abend tschüss willkommen guten zusammen alle danke dankeschön vielen dank dir euch sehr
    schön ja jo nein klar gut super prima toll genau passt stimmt richtig einverstanden erledigt verstanden das ist für
    mich
    bonjour salut bonsoir bienvenue merci beaucoup oui non d'accord parfait
    hola buenas buenos días tardes adiós gracias muchas sí vale claro perfecto
    ciao buongiorno buonasera salve grazie mille bene va certo perfetto
    olá oi bom dia obrigado obrigada sim não beleza
    hoi dag goedemorgen bedankt goed klopt"""
)

#: Characters at each end of a message that are looked at, and of the longest message that can be a stop.
ENDS, LONGEST_STOP = 2_000, 200

_PLEASE = r"please|pls|bitte|s'il te plaît|s'il vous plaît|por favor|per favore|alsjeblieft"
_HELLO = r"hi|hello|hey|ok|okay|so|hallo|servus|moin|bonjour|salut|hola|ciao|olá|oi|hoi|dear|liebe|lieber"
#: What a sentence begins with that tells nothing.
_OPENING = re.compile(
    rf"\A(?:(?:{_HELLO}|all|everyone|thanks|thank\s+you|danke|merci|nice|great|cool|good|interesting|hm+|wait|btw|sorry|well|ah"
    r"|oh|yes|no|right|please|bitte)\s*[,;:!–—]+\s*)+",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?:[^.!?？؟\n]|[.](?=\S))+[.!?？؟]*")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_QUOTE = re.compile(r"^>.*$", re.MULTILINE)
_URL = re.compile(r"\bhttps?://\S+|\bwww\.\S+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")


def spoken(body: str) -> str:
    """What a message says in its own words: without code, quotes and links. Of a long one, its two ends."""
    if len(body) > 2 * ENDS:
        body = f"{body[:ENDS]}\n{body[-ENDS:]}"
    return _URL.sub(" ", _QUOTE.sub(" ", _CODE.sub(" ", body))).strip()


def telling(body: str) -> str:
    """What it says without greetings, thanks and the like, where it says more than that."""
    said = spoken(body)
    sentences = [_OPENING.sub("", sentence.strip(), count=1) for sentence in _SENTENCE.findall(said)]
    return " ".join(sentence for sentence in sentences if not is_small_talk(sentence)) or said


def words(text: str) -> list[str]:
    """Its words, in lower case."""
    return [word.replace("’", "'").lower() for word in _WORD.findall(text)]


def is_stop(body: str, names: Iterable[str]) -> bool:
    """Whether the message, apart from the assistant's name and "please", tells to stop."""
    if len(body) > LONGEST_STOP:
        return False
    rest = re.sub(rf"@?\b(?:{_any(names)})\b", " ", body, flags=re.IGNORECASE)
    rest = re.sub(rf"\b(?:{_PLEASE})\b|^\s*(?:{_HELLO})\b", " ", rest, flags=re.IGNORECASE)
    rest = " ".join(re.sub(r"[^\w'’\- ]", " ", rest).replace("’", "'").lower().split())
    return rest in STOP


def addresses(body: str, names: Iterable[str], *, asking: bool = False) -> bool:
    """Whether the message begins by speaking to somebody of these names: "Sage, look", "hey Sage look".

    With ``asking`` a bare name before a question counts too: "Sage why is that". "Sage is slow today" never does.
    """
    said = body.strip()
    start = re.match(rf"(?:(?:{_HELLO})[\s,]+)?@?(?:{_any(names)})(?=\W|$)(\s*[,:;–—!?])?", said, re.IGNORECASE)
    if start is None:
        return False
    rest = said[start.end() :].strip()
    greeted = re.match(rf"(?:{_HELLO})\b", said, re.IGNORECASE) is not None
    return not rest or start.group(1) is not None or greeted or (asking and is_question(rest))


def is_question(body: str) -> bool:
    """Whether any sentence of the message asks something."""
    return questions.asks(spoken(body))


def goes_on(body: str) -> bool:
    """Whether the message is the end of a question that was asked before: "and by plan"."""
    return questions.goes_on(spoken(body))


def is_small_talk(body: str) -> bool:
    """Whether the message is nothing but thanks, agreement, a greeting, emoji or links."""
    said = words(spoken(body))
    return len(said) <= 8 and all(word in SMALL_TALK for word in said)


def _any(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or r"(?!)"
