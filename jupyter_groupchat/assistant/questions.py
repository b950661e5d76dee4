"""Whether people ask something, where they leave the question mark out as they do in a chat. Pure.

A question word alone makes no question: "What we found", "Which is why", "How nice". What counts is the order of the
words: in a question the verb stands before the one that it is about. In doubt it is none, since the assistant
rather misses a question than answers a statement.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_BE = r"(?:is|are|was|were|am|isn'?t|aren'?t|wasn'?t|weren'?t)"
_DO = r"(?:do|does|did|don'?t|doesn'?t|didn'?t)"
_OTHER = (
    r"(?:has|have|had|hasn'?t|haven'?t|hadn'?t|can|can'?t|cannot|could|couldn'?t|will|won't|would|wouldn'?t|should"
    r"|shouldn'?t|shall|may|might|must)"
)
_VERB = rf"(?:{_BE}|{_DO}|{_OTHER})"
_PERSON = r"(?:i|we|you|they|he|she|it)"
_SOMEBODY = (
    r"(?:there|my|our|your|his|her|their|any|anyone|anybody|anything|someone|somebody|something|everyone|everybody"
    r"|everything|nobody|nothing|people|some)"
)
_THING = r"(?:this|that|these|those|the|a|an|its)"
_SUBJECT = rf"(?:{_PERSON}|{_SOMEBODY}|{_THING})"
#: Verbs after "which" where it goes on with what was said before: "Which means that ...".
_GOES_ON = (
    r"(?:mean|explain|make|show|suggest|bring|lead|remind|leave|give|say|seem|look|work|fit|confirm|prove|matter|help"
    r"|happen|turn|tell|raise|add|come|go|take|need|get|sound|cause|depend)(?:s|ed)?\b"
    r"|(?:meant|made|brought|led|left|gave|said|told|came|went|took|got|in|by|also|then|again|never|always|only|just)\b"
)
_WHAT_VERBS = (
    r"(?:matters|mattered|happened|happens|changed|changes|helped|helps|remains|counts|worked|works|surprised|surprises"
    r"|bothers|follows|struck|strikes|remained|stands\s+out|stood\s+out|came\s+out)"
)

#: A question whatever ends it.
_CERTAIN = re.compile(
    rf"""(?:
    (?:why|how)\s+{_VERB}\b | (?:why|how|when|where|who|what)'(?:s|re|d|ll)\b | (?:when|where|whom|whose)\s+{_VERB}\b
    | (?:what|who)\s+{_VERB}\b | which\s+{_DO}\s+(?!not\b) | which\s+{_OTHER}\s+(?:{_PERSON})\b
    | (?:what|whose|which|how)\s+(?:exactly|else)\s+{_VERB}\b
    | how\s+(?!{_SUBJECT}\b)[\w-]+\s+(?:(?!{_SUBJECT}\b|{_VERB}\b)[\w-]+\s+){{0,3}}{_VERB}\b
    | how\s+(?:many|much)\s+of\s+{_SUBJECT}\s+(?:[\w-]+\s+){{0,2}}{_VERB}\b
    | (?:what|which|whose)\s+(?!{_SUBJECT}\b|{_VERB}\b|{_GOES_ON}|{_WHAT_VERBS}\b)[\w-]+
        \s+{_VERB}\s+(?:{_PERSON}|this|that|the)\b
    | (?:what|how)\s+about\b | what\s+if\b | how\s+come\b | why\s+not\b
    | (?:{_BE}|doesn'?t|does|didn'?t|has|hasn'?t)\s+(?:{_PERSON}|{_SOMEBODY})\b
    | did\s+(?:(?!it\b){_PERSON}|{_SOMEBODY})\b
    | (?:{_BE}|doesn'?t|does|has|hasn'?t)\s+(?:{_THING}|one|all|both|[\w.]+\s+(?:right|wrong|correct|true|ok|okay))\b
        (?!.*[.!]$)
    | (?:can|can'?t|could|couldn'?t|would|wouldn'?t|should|shouldn'?t|will|won't|shall|might)\s+{_SUBJECT}\b
    | (?:do|don'?t|have|haven'?t|had)\s+(?:i|we|you|they|people|any|anyone|anybody|others)\b | may\s+(?:i|we)\b
    | (?:anyone|anybody)\s+(?:know|knows|got|seen|tried|else|here|remember|remembers|understand|understands|up|able
        |familiar|using|have|has)\b
    | (?:(?:i|we)(?:'m|\s+am|\s+was|'re|\s+are)?\s+(?:just\s+)?)?
        (?:wonder|wondering|curious)\s+(?:about\s+)?(?:why|how|what|when|where|who|which|whether|if)\b
    | i(?:'d|\s+would)\s+(?:like|love)\s+to\s+(?:know|understand)\b
    | (?:tell|show|remind)\s+(?:me|us)\s+(?:why|how|what|when|where|who|which|whether|if)\b
    | est-ce\s+qu | qu'est-ce\s+qu
    )""",
    re.IGNORECASE | re.VERBOSE,
)
#: A question where nothing marks it as a statement.
_LIKELY = re.compile(
    rf"""(?:
    (?:why|how|what|when|where|who|whom|whose|which)(?:\s+(?:so|else|then|now|though|exactly|again|for|next))?\s*$
    | which\s+(?:is|are|was|were)\s+(?:it|which|better|worse|right|wrong|correct|\w+er|(?:the\s+)?(?:\w+est|best|worst
        |most|least|right|wrong|correct))\b
    | which\s+(?:has|have|had)\s+the\b | which\s+of\b
    | (?:which|whose)\s+(?!{_SUBJECT}\b|{_VERB}\b|{_GOES_ON}|why\b)[\w-]+
    | what\s+(?!{_SUBJECT}\b|{_VERB}\b)[\w-]+ | who\s+(?!{_SUBJECT}\b|{_VERB}\b|knows\b|cares\b)[\w-]+
    | did(?:n'?t)?\s+(?:it|this|that|{_THING}\s+[\w-]+)\s+(?!(?:already|too|now|today|yesterday|before|again)\b)\w+
    | how\s+(?:many|much)\b(?!\s+(?:[\w-]+\s+)?{_PERSON}\b) | how\s+to\b
    | why\s+(?:so|only|just|bother|exactly|\w+ing)\b | why\s+(?:this|that|these|those|the)(?:\s+[\w-]+)?\s*$
    | any\s+(?:idea|ideas|thoughts|objections|news|suggestions|opinions|reason|chance|luck|clue|volunteers)\b
        (?!\s+(?:{_VERB}|welcome)\b)
    | (?:kann|könnte|kannst|könntest|weiß|weißt|hat|hast|ist|sind|gibt|soll|sollen|können|wollen|müssen|darf|dürfen)\s+
        (?:jemand|wer|man|wir|ich|du|es|das|die|der|den|dies|diese)\b | (?:habt|seid|könnt|wisst)\s+ihr\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_GERMAN_VERB = (
    r"(?:ist|sind|war|waren|hat|haben|hatte|hast|habt|kann|können|könnte|soll|sollen|sollte|muss|müssen|wird|werden"
    r"|würde|macht|machen|bedeutet|heißt|geht|gibt|kommt|kommen|zeigt|zeigen|sagt|sagen|liegt|läuft|passiert|fehlt"
    r"|stimmt|sieht|meint|meinst|denkst|denkt|willst|wollen|bist|seid|darf|dürfen|steigt|sinkt|fällt|braucht"
    r"|brauchen|funktioniert|verliert|verlieren)"
)
_DUTCH_VERB = (
    r"(?:is|zijn|was|waren|heeft|hebben|kan|kunnen|moet|moeten|doet|doen|betekent|gaat|komt|zit|staat|wordt|worden"
    r"|werkt)"
)
#: The same in other languages; here, too, the verb comes first, or the word is one that only asks.
_ELSEWHERE = re.compile(
    rf"""(?:
    (?:was|warum|wieso|weshalb|wo|woher|wohin|wann|wer|wem|wen|wozu)\s+(?:genau\s+|denn\s+|eigentlich\s+)?{_GERMAN_VERB}\b
    | wie\s+(?:(?!(?:wir|ich|du|er|sie|es|man|das|die|der)\b)\w+\s+){{0,2}}{_GERMAN_VERB}\b | wie\s+viele?\b
    | welche[rsmn]?\s+\w+ | (?:warum|wieso|weshalb|wo|wann|wer|welche[rs]?)(?:\s+(?:denn|nicht|das|genau|nun))?\s*$
    | pourquoi\b | combien\b | où\s+(?:est|sont|se|trouve)\b | quel(?:le)?s?\s+(?!dommage|surprise|horreur|bonheur)\w+
    | comment\s+(?:est|sont|ça|faire|fait|va|vont|se|peut|puis|expliquer)\b
    | por\s+qué\b | (?:cómo|dónde|cuándo|quién(?:es)?|cuál(?:es)?)\s+\w+ | cuánt[oa]s?\b
    | qué\s+(?!buen[oa]|bien|bonit|pena|lástima|rar[oa]|interesante|horror|mal\b|suerte)\w+
    | (?:che\s+)?cosa\s+(?:è|sono|fa|ne|significa|vuol|dice|succede)\b | dove\s+(?:è|sono|si|sta|posso)\b | come\s+mai\b
    | qual[ei]?\s+\w+ | quant[ie]\s+\w+ | perché\s*$
    | por\s+que\b | quais\s+\w+ | quant[oa]s\s+\w+ | o\s+que\s+(?:é|são|significa|faz|acontece|houve|foi)\b
    | onde\s+(?:está|estão|fica|é)\b
    | (?:wat|waar|wie|wanneer|waarom)\s+{_DUTCH_VERB}\b
    | hoe\s+(?:(?!(?:we|ik|je|het|de)\b)\w+\s+){{0,2}}{_DUTCH_VERB}\b
    | welke?\s+\w+ | hoeveel\b | waarom\s*$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
#: What reads like a question up to here and is none.
_STATEMENT = re.compile(
    rf"""(?:
    what\s+(?:a|an)\b | what\s+{_WHAT_VERBS}\s+(?:[\w-]+\s+)?{_BE}\b
    | what(?:'s|\s+{_VERB})\s+(?:(?!(?:that|which|who|when|if|and|or)\b)[\w'-]+\s+){{1,4}}(?:is|was)\b
        (?!\s+(?:{_PERSON}|not)\b)
    | what(?:'s|\s+is|\s+was)\s+(?:more|worse|better)\s*, | (?:should|were|had)\s+{_SUBJECT}\b[^?]*, | were\s+it\b
    | who\s+(?:knows|cares)\b | how\s+\w+\s+of\s+you\b | how\s+dare\b
    | was\s+(?!genau\b|denn\b|eigentlich\b)\w+,?\s+(?:ist|sind|war)\b | was\s+{_GERMAN_VERB}\s*,
    )""",
    re.IGNORECASE | re.VERBOSE,
)
#: A clause with a question word as what a statement is about: "Why it fails is unclear".
_IS_OPEN = re.compile(
    r"\b(?:is|are|remains?|seems?)\s+(?:still\s+)?(?:unclear|unknown|open|beyond|another|anyone's|anybody's|irrelevant)\b",
    re.IGNORECASE,
)
#: "What is new: ..." heads what follows, where "what does this mean: ..." asks about it.
_HEADING = re.compile(
    rf"(?:what|who|which)(?:'s|\s+{_BE}|\s+{_OTHER}(?!\s+{_PERSON}\b))\b|was\s+(?:ist|war)\b", re.IGNORECASE
)

_LEAD = re.compile(
    r"""(?:[-*•]\s+ | \(\s* | @[\w.\-]+[\s,:]* | ¿\s*
    | (?:and|but|so|or|then|also|well|now|ok|okay|hm+|ah|oh|wait|btw|sorry|please|pls|hi|hello|hey|thanks|thank\s+you
    |sure|yes|no|right|nice|great|cool|good|interesting|odd|strange|weird|all|everyone|everybody|folks|team|there|guys
    |actually|und|aber|oder|also|denn|bitte|hallo|danke|et|mais|ou|y|pero|e|ma|o|mas|en|maar)\b[\s,;:!–—-]+
    | (?:[\w']+\s+){0,2}question\s*[,:–—-]+\s*)""",
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE = re.compile(r"((?:[^.!?？؟…:\n]|[.:](?=\S))+)([.!?？؟…:]*)")
#: Words of somebody else inside a sentence.
_QUOTED = re.compile(r"\"[^\"\n]{1,300}\"|“[^”\n]{1,300}”|„[^“”\n]{1,300}[“”]|«[^»\n]{1,300}»|»[^«\n]{1,300}«")
_MARKS = "?？؟"
#: The end of a question whose beginning was asked before.
_FRAGMENT = re.compile(
    r"""(?:and|or|und|oder|et|ou|y|o|e|en|of)\s+
    (?:by|for|in|per|without|with|on|at|nach|für|ohne|mit|im|bei|je|par|pour|sans|por|para|sin|con|senza|voor|zonder)\s+
    [\w\[\]%-]+(?:\s+[\w\[\]%-]+){0,2}""",
    re.IGNORECASE | re.VERBOSE,
)


class _Sentence(NamedTuple):
    """What it says without "and" or "hm,", and how it ends."""

    text: str
    end: str
    last: bool  #: nothing is said after it


def asks(said: str) -> bool:
    """Whether any sentence asks something. ``said`` is what somebody says in their own words."""
    own = _QUOTED.sub(" … ", said)
    # Nothing but a quotation, or nothing but "??", is all that there is.
    own = own if re.search(r"\w", own) else said
    if not re.search(r"\w", own):
        return any(mark in own for mark in _MARKS)
    return any(_asks(sentence) for sentence in _sentences(own))


def goes_on(said: str) -> bool:
    """Whether it reads as the end of a question that was asked before: "and by plan", "und in Berlin"."""
    return _FRAGMENT.fullmatch(said.strip(" .…")) is not None


def _sentences(said: str) -> list[_Sentence]:
    found = [(text.replace("’", "'").strip(), end) for text, end in _SENTENCE.findall(said)]
    last = max((place for place, (text, _) in enumerate(found) if re.search(r"\w", text)), default=-1)
    return [_Sentence(_without_lead(text), end, place >= last) for place, (text, end) in enumerate(found)]


def _without_lead(text: str) -> str:
    while (lead := _LEAD.match(text)) and lead.end() < len(text):
        text = text[lead.end() :]
    return text


def _asks(sentence: _Sentence) -> bool:
    text, end, last = sentence
    if any(mark in end for mark in _MARKS):
        return True
    heads = ":" in end and not last
    if _STATEMENT.match(text) or (heads and _HEADING.match(text)):
        return False
    if _IS_OPEN.search(text) and not _CERTAIN.match(text):
        return False
    if _CERTAIN.match(text + end):
        return True
    ended = "." in end or "!" in end or heads
    return not ended and bool(_LIKELY.match(text) or ("," not in text and _ELSEWHERE.match(text)))
