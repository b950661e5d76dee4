"""What is a question, with and without its mark: a table of what people write in a chat."""

from __future__ import annotations

import pytest

from jupyter_groupchat.assistant import manners, phrases
from jupyter_groupchat.reply_types import Act
from jupyter_groupchat.types import ASSISTANT
from tests.assistant.scenes import a_scene, wrote

QUESTIONS = """
why is basic so high
what does the filter do
does anyone know what the filter does
which plan
which plan loses most customers
which one is right
which is it
which is better
which would you pick
which of these is newer
which has the highest rate
how many customers does team have
how many of the customers have left
how many rows
how high is the rate
how do we filter
how come it fails
how about July
how to share a cell
how often do they call
what about basic
what happened
what went wrong in [14]
what's the recall
what time is the meeting
what if we drop it
what else
what plan has the highest rate
What is the rate.
what is the rate that is highest
who tightened the filter yesterday
whose cell is this
where is the threshold defined
when did we drop them
why
why not
Why not use the median
why though
why so high
why this one
so why is that
And what is the recall
hm, why does it fail
wait, what
Quick question: why is that
One question - how do we merge
Can you run it again
could somebody look at [12]
Should we drop it
is it live
are the labels merged
Is basic right
do you see it
did you merge
have we got the new file
has anyone seen this
Don't we need the filter
may I share it
any idea why
any objections
Anybody seen this
I wonder why basic is so high
Wondering whether we should drop it
I'm curious how you did that
I'd like to know how it works
tell me why it fails
show me which plan is worst
Really?
What?!
??
(why?)
Thanks! Can you also share the plot
I merged them. why is it still wrong
- why is that
Why does this fail:
What is wrong here:
what does this mean: KeyError 'rat'
why is v1.2 slower
which version is 1.2
Nobody knows: why is it so high
@Ben why is that
“Why?”
how nice is that
did it work
did the merge work
Is this right: x
How well does it work
has the filter changed
were they dropped
Was ist die Rate
warum sinkt sie
Wie hoch ist die rate von family
welche Tarife
wer hat das geändert
warum nicht
Weiß jemand, woran das liegt
kannst du das prüfen
Gibt es Fehler
pourquoi ça
combien de clients
Quel tarif perd le plus
comment ça marche
est-ce que c'est bon
¿Por qué
por qué baja
cuál es la tasa
qué es esto
quale piano
come mai
por que caiu
quais planos
wat is dat
hoe hoog is het
waarom
hoeveel klanten
それはなぜ？
لماذا؟
"""
STATEMENTS = """
What we found so far: churn falls.
What we found so far
What I mean is that basic is high.
What a mess
What an odd table.
What matters is the filter
What happened was that I forgot the filter.
What is interesting is that team stays
What's more, team grows.
What is new: the filter.
What can be improved: the docs.
What changed: the filter.
What it does
Which is why we dropped it.
Which is why
Which is fine
Which means we can ship
which explains the drop
Which would be odd.
Which I did
Which does not matter.
Which was odd
Which plan we chose: basic.
How nice!
How nice
How strange that is
How high it is!
How many we lost is unclear.
How it works: first the filter.
How we did it
How kind of you
When I ran it, it failed
When we drop them the rate rises.
When the filter is on, it falls
Where the filter is set, nothing changes
Where we stand: 3 of 5 done.
Why this matters: we bill on it.
Why it fails is unclear.
Why I ask: the board wants it.
Who knows.
Who drops the filter, breaks the rate.
Should you need it, ask me.
Were it not for basic, we would be fine.
do it
Do the merge first
Have a look
Have it ready by noon
Don't do that
May the best model win
Any thoughts are welcome.
Anyone can do it
I asked why
I know why it fails
She asked whether we ship.
I don't care how
No idea why
I wonder.
Let me know what you think
Tell Ana why
Ben asked "why is that?" and left.
He said “can you look?”
Sie fragte „warum?“ und ging.
I merged it. Which is what you wanted.
Comment on [12] please
It can be done
Whatever.
Whenever you like
However, it works
Whichever is faster
Is.
Was wir bisher fanden: sie sinkt.
Was fehlt, ist der Filter.
Was fehlt ist der Filter.
Wie gesagt, es ist der Filter
Wie schön!
Wie immer
Wo das herkommt, ist unklar.
Wenn das so ist
Können wir machen.
Kann man so machen.
Que du bonheur
Quel dommage
Quand on filtre, ça baisse
Come detto
Che bello!
Como dito
Qué bueno
Quando filtriamo scende
Perché il filtro è attivo
Cosa strana
Wat we vonden
Hoe leuk!
Quem sabe
ok
see https://x.org/?a=b
The rate is 0.187. Which is high.
Thanks, that is what I meant
Does the trick.
Did the merge, all good.
Did that already
Did it.
Was the filter.
Has the wrong label.
Who we are
Had I known, I would have said so.
What we should do is merge
How well it works
I did what you asked
"""


def lines(table: str) -> list[str]:
    """Its cases."""
    return table.strip().split("\n")


@pytest.mark.parametrize("body", lines(QUESTIONS))
def test_a_question_is_known(body: str) -> None:
    """Most people leave the mark out; the order of the words tells."""
    assert phrases.is_question(body)


@pytest.mark.parametrize("body", lines(STATEMENTS))
def test_a_question_word_alone_asks_nothing(body: str) -> None:
    """Clauses, exclamations, requests, headings, and what others are quoted with."""
    assert not phrases.is_question(body)


@pytest.mark.parametrize(
    ("body", "asks"),
    [
        ("```python\nwhy?\n```\n`x?`\n> really?\nsee www.x.org/?", False),
        ("See `x`. Is it?", True),
        ("Why does this fail:\n```\ndf['rat']\n```", True),
        ("What we found:\n- churn falls\n- basic stands out", False),
        ("What we found:\n- churn falls\n- why does basic stand out", True),
        ("> What is the rate?\n0.187", False),
        ("> 0.187\nfor which plan", False),
        ("> 0.187\nwhich plan is that", True),
        ("", False),
        ("?", True),
    ],
)
def test_code_and_quotes_ask_nothing(body: str, asks: bool) -> None:
    """What stands around them counts."""
    assert phrases.is_question(body) is asks


def test_a_statement_with_a_question_word_is_left_alone() -> None:
    """The model is not asked, and nobody is told that it stayed out."""
    message = wrote("ana", "What we found so far: churn falls.")
    decision = manners.decide(message, a_scene())
    assert (decision.act, decision.reason) == (Act.STAY_OUT, "nothing was asked")
    assert not manners.is_shown(decision, message, a_scene())
    assert not manners.needs_history(message, a_scene())


@pytest.mark.parametrize("body", ["and by plan", "and for basic", "And without the filter.", "und nach Tarif"])
def test_the_end_of_a_question_is_one_only_after_its_own_reply(body: str) -> None:
    """Two people who go on with a list of theirs are left alone."""
    asked = wrote("ana", "@assistant why?", seq=1, ago=70, mentions=(ASSISTANT,))
    reply = wrote(ASSISTANT, "Basic.", seq=2, ago=60, reply_to="m1")
    again = wrote("ana", body, seq=3)
    assert manners.needs_history(again, a_scene())
    assert manners.decide(again, a_scene(before=(asked, reply))).act is Act.REPLY
    assert manners.decide(again, a_scene(before=(wrote("ben", "By region it is fine.", seq=2),))).act is Act.STAY_OUT
    assert not phrases.goes_on("and for July we have none of it yet")


@pytest.mark.parametrize("piece", ["ok ", "a. ", "how ", "what is ", "which a ", '"', "question ", "«", "was x, "])
def test_a_long_message_is_judged_in_no_time(piece: str) -> None:
    """Whatever it is made of: only its ends are looked at, and each word once."""
    assert phrases.is_question(piece * 100_000) is False
