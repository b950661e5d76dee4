"""What the notebook reader says, in the languages that it speaks, and the words by which it knows what is asked."""

from __future__ import annotations

from jupyter_groupchat.assistant import phrases
from jupyter_groupchat.assistant.phrases import listed

Wording = dict[str, str]

ENGLISH: Wording = {
    "who": "I am the notebook reader, no language model: I look things up in the cells and messages of this thread.",
    "can": "Ask me for a value, the highest or lowest row, a table's summary, an error, or a place in the code.",
    "sees": "I see {cells}.",
    "no cells": "no shared cells yet",
    "share": "No cell is shared with this thread yet, and the messages do not say it. Share the cell that it is about.",
    "value": "{place}: {label} is **{value}**.",
    "highest": "**{row}** has the highest `{column}`, {value} ({place}). The lowest is {other} with {least}.",
    "lowest": "**{row}** has the lowest `{column}`, {value} ({place}). The highest is {other} with {least}.",
    "table": "{place} shows a table of {rows} rows with the columns {columns}.",
    "range": "- {column}: {low} ({lowest}) to {high} ({highest})",
    "range plain": "- {column}: {low} to {high}",
    "by": "{place} has, by {label}, from the lowest to the highest:",
    "error": "{place} ended with **{name}**: {value}",
    "error bare": "{place} ended with **{name}**.",
    "line": "It was raised in line {number}:",
    "no name": "`{name}` is assigned in {place}; that cell has to run first.",
    "no name at all": "No shared cell assigns `{name}`.",
    "similar": "A column of nearly that name is `{name}` in {place}.",
    "value in": "`{name}` is a value of the column `{column}` in {place}.",
    "module": "The package has to be installed where the kernel runs.",
    "no error": "No shared cell shows an error.",
    "code": "{place}:",
    "assigns": "It assigns {names}",
    "calls": "calls {names}",
    "said": "{by}, in message {number}:",
    "found": "The closest that I find:",
    "output": "In the output of {place}:",
    "nothing": "I find nothing about that in {cells} or in the newest messages. "
    "Share the cell that it is about, and name it like [12].",
    "differs": "{place} has {value} for {label}, not {said}.",
    "silent": "the shared cells do not answer it",
    "lists": "I am the notebook reader, no language model: this lists what is there and sums up nothing.",
    "wrote": "Messages: {names}.",
    "wrote so many": "{by} {count}",
    "asked you": "{by} asks you: “{text}”",
    "asked": "{by} asked: “{text}”",
    "unanswered": "{by} asked, and nobody replied to it: “{text}”",
    "agreed": "Agreed: “{text}” ({by})",
    "pinned": "Pinned: “{text}” ({by})",
    "ended with": "{place} ended with `{name}`.",
    "new cells": "New or changed: {places}.",
    "sent": "{by} attached {names}.",
    "one cell": "the one shared cell",
    "many cells": "the {count} shared cells",
}

GERMAN: Wording = {
    "who": "Ich bin der Notebook-Leser, kein Sprachmodell: Ich schlage in Zellen und Nachrichten dieses Threads nach.",
    "can": "Frag mich nach einem Wert, dem höchsten oder niedrigsten, einer Tabelle, einem Fehler oder Code.",
    "sees": "Ich sehe {cells}.",
    "no cells": "noch keine geteilten Zellen",
    "share": "Noch ist keine Zelle geteilt, und die Nachrichten sagen es nicht. Teile die Zelle, um die es geht.",
    "value": "{place}: {label} ist **{value}**.",
    "highest": "**{row}** hat das höchste `{column}`, {value} ({place}). Das niedrigste hat {other} mit {least}.",
    "lowest": "**{row}** hat das niedrigste `{column}`, {value} ({place}). Das höchste hat {other} mit {least}.",
    "table": "{place} zeigt eine Tabelle mit {rows} Zeilen und den Spalten {columns}.",
    "range": "- {column}: {low} ({lowest}) bis {high} ({highest})",
    "range plain": "- {column}: {low} bis {high}",
    "by": "{place} nennt, nach {label}, vom niedrigsten zum höchsten Wert:",
    "error": "{place} endete mit **{name}**: {value}",
    "error bare": "{place} endete mit **{name}**.",
    "line": "Ausgelöst in Zeile {number}:",
    "no name": "`{name}` wird in {place} zugewiesen; diese Zelle muss zuerst laufen.",
    "no name at all": "Keine geteilte Zelle weist `{name}` etwas zu.",
    "similar": "Fast so heißt die Spalte `{name}` in {place}.",
    "value in": "`{name}` ist ein Wert der Spalte `{column}` in {place}.",
    "module": "Das Paket muss dort installiert sein, wo der Kernel läuft.",
    "no error": "Keine geteilte Zelle zeigt einen Fehler.",
    "code": "{place}:",
    "assigns": "Sie weist {names} zu",
    "calls": "ruft {names} auf",
    "said": "{by}, in Nachricht {number}:",
    "found": "Am nächsten kommt:",
    "output": "In der Ausgabe von {place}:",
    "nothing": "Ich finde dazu nichts in {cells} oder in den neuesten Nachrichten. "
    "Teile die Zelle, um die es geht, und nenne sie, etwa [12].",
    "differs": "In {place} steht {value} für {label}, nicht {said}.",
    "silent": "die geteilten Zellen beantworten es nicht",
    "lists": "Ich bin der Notebook-Leser, kein Sprachmodell: Dies zählt auf, was da ist, und fasst nichts zusammen.",
    "wrote": "Nachrichten: {names}.",
    "wrote so many": "{by} {count}",
    "asked you": "{by} fragt dich: „{text}“",
    "asked": "{by} fragte: „{text}“",
    "unanswered": "{by} fragte, und niemand ging darauf ein: „{text}“",
    "agreed": "Vereinbart: „{text}“ ({by})",
    "pinned": "Angeheftet: „{text}“ ({by})",
    "ended with": "{place} endete mit `{name}`.",
    "new cells": "Neu oder geändert: {places}.",
    "sent": "{by} hat angehängt: {names}.",
    "one cell": "der einen geteilten Zelle",
    "many cells": "den {count} geteilten Zellen",
}

_IN_GERMAN = listed(
    """wie was ist der die das und warum wieso welche welcher welches wo nicht hat haben ich wir zeig zeige gibt für von
    den dem ein eine einen mit kannst kann bitte zelle fehler höchste niedrigste wert tabelle"""
)
_IN_ENGLISH = listed(
    """how what is the and why which where not has have i we show there for of a an with can you please cell error
    highest lowest value table in does do are was were"""
)

#: Words that tell nothing about what is looked for.
COMMON = (
    _IN_GERMAN
    | _IN_ENGLISH
    | listed(
        """me my our us it its this that these those to on at by from be been or if as about tell give find look see who
        whom say said did when would could should will any some more much many assistant output column columns row rows
        values
        mir mein unser uns es sein dies diese dieser zu auf bei aus sind oder wenn als über sag gib such schau wer sagte
        wann würde könnte soll wird mehr viel viele ausgabe spalte spalten zeile zeilen werte im am zum zur"""
    )
)

HIGHEST = listed(
    """highest largest biggest most max maximum greatest top best höchste höchsten größte größten meisten maximum
    maximal beste besten"""
)
LOWEST = listed(
    """lowest smallest least min minimum fewest bottom worst niedrigste niedrigsten kleinste kleinsten wenigsten minimal
    geringste geringsten"""
)
SUMMARY = listed(
    """summary summarise summarize summarised describe overview table tables columns shape zusammenfassung fasse
    zusammen beschreibe überblick übersicht tabelle tabellen spalten"""
)
ERROR = listed(
    """error errors exception traceback fail fails failed failing crash crashes crashed broken wrong fehler ausnahme
    scheitert abgestürzt kaputt falsch fehlgeschlagen keyerror valueerror typeerror nameerror"""
)
CODE = listed("code source snippet line lines defined definition computed calculated quellcode definiert berechnet")
ITSELF = frozenset(
    {"who are you", "what are you", "what can you do", "help", "wer bist du", "was bist du", "was kannst du", "hilfe"}
)


def of(text: str) -> Wording:
    """The wording in the language of a text: German where it looks German, else English."""
    said = phrases.words(text)
    german = sum(word in _IN_GERMAN for word in said) + sum(letter in "äöüß" for letter in text.lower())
    return GERMAN if german > sum(word in _IN_ENGLISH for word in said) else ENGLISH
