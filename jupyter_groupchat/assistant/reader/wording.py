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
    "of": "{column} of {row}",
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
    "no error in": "{place} shows no error.",
    "to number": "`pd.to_numeric(..., errors='coerce')` makes NaN of what is no number.",
    "part": "{place} shows only a part of its table{rows}, so I cannot say. Sort it in the notebook and share that.",
    "part table": "{place} shows a part of a table{rows} with the columns {columns}.",
    "of so many": " of {rows} rows",
    "rows": "{place} has {rows} rows, by {label}.",
    "not said": "I find nothing that {by} said about {about} in the newest messages.",
    "cannot": "I cannot run or write code, or draw: I only look things up.",
    "check": "I may have looked in the wrong place. What I quote stands there; name the cell that you mean, like [12].",
    "it does": "It {what}.",
    "it draws": "It draws a picture, which I cannot see.",
    "findings": "What the shared cells show:",
    "of rows": "{place}, {rows} rows by {label}:",
    "draws": "{place} draws a picture, which I cannot see.",
    "shows": "It shows:",
    "unseen": "{place} is a picture, which I cannot see.",
    "unseen code": "{place} draws a picture, which I cannot see. Its code:",
    "shared": "{by} shared {place}.",
    "welcome": "You are welcome.",
    "hello": "Hello.",
    "code": "{place}:",
    "assigns": "assigns {names}",
    "calls": "calls {names}",
    "said": "{by}, in message {number}:",
    "found": "The closest that I find:",
    "output": "In the output of {place}:",
    "nothing about": "I find nothing about {about} in {cells} or in the newest messages. "
    "Share the cell that it is about, and name it like [12].",
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
    "of": "{column} von {row}",
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
    "no error in": "{place} zeigt keinen Fehler.",
    "to number": "`pd.to_numeric(..., errors='coerce')` macht aus allem, was keine Zahl ist, NaN.",
    "part": "{place} zeigt nur einen Teil der Tabelle{rows}, deshalb weiß ich es nicht. Sortiere sie und teile das.",
    "part table": "{place} zeigt einen Teil einer Tabelle{rows} mit den Spalten {columns}.",
    "of so many": " von {rows} Zeilen",
    "rows": "{place} hat {rows} Zeilen, nach {label}.",
    "not said": "In den neuesten Nachrichten finde ich nichts, was {by} zu {about} gesagt hat.",
    "cannot": "Ich kann keinen Code ausführen oder schreiben und nichts zeichnen: Ich schlage nur nach.",
    "check": "Vielleicht habe ich an der falschen Stelle gesucht. Was ich zitiere, steht dort; nenne die Zelle.",
    "it does": "Sie {what}.",
    "it draws": "Sie zeichnet ein Bild, das ich nicht sehen kann.",
    "findings": "Was die geteilten Zellen zeigen:",
    "of rows": "{place}, {rows} Zeilen nach {label}:",
    "draws": "{place} zeichnet ein Bild, das ich nicht sehen kann.",
    "shows": "Sie zeigt:",
    "unseen": "{place} ist ein Bild, das ich nicht sehen kann.",
    "unseen code": "{place} zeichnet ein Bild, das ich nicht sehen kann. Der Code dazu:",
    "shared": "{by} hat {place} geteilt.",
    "welcome": "Gern.",
    "hello": "Hallo.",
    "code": "{place}:",
    "assigns": "weist {names} zu",
    "calls": "ruft {names} auf",
    "said": "{by}, in Nachricht {number}:",
    "found": "Am nächsten kommt:",
    "output": "In der Ausgabe von {place}:",
    "nothing about": "Zu {about} finde ich nichts in {cells} oder in den neuesten Nachrichten. "
    "Teile die Zelle, um die es geht, und nenne sie, etwa [12].",
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
    den dem ein eine einen mit kannst kann bitte zelle fehler höchste niedrigste wert tabelle danke hallo guten
    morgen"""
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
        whom say said did when would could should will any some more much many so now here let us please everyone
        anybody anyone somebody everybody know knows think
        assistant output column columns row rows
        values
        mir mein unser uns es sein dies diese dieser zu auf bei aus sind oder wenn als über sag gib such schau wer sagte
        wann würde könnte soll wird mehr viel viele denn noch jetzt hier
        ausgabe spalte spalten zeile zeilen werte im am zum zur"""
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
#: Of two or more things.
COMPARE = listed(
    """compare compared comparison difference differences differ between versus vs than higher lower larger smaller
    bigger better worse vergleiche vergleich vergleichen unterschied unterschiede zwischen gegenüber höher
    niedriger größer
    kleiner besser schlechter"""
)
#: What is known altogether.
FINDINGS = listed(
    """found findings find results result far learned learnt know conclusion conclusions everything all thread
    discussion gefunden ergebnis ergebnisse bisher wissen alles"""
)
WE = listed("we us everybody everyone wir uns alle")
ASKED = listed("ask asks asked fragte gefragt fragt")
#: What people said, rather than what a table holds.
TALK = listed(
    """who said say says wrote told ask asks asked mentioned decided agreed discussed wer sagte gesagt schrieb fragte
    gefragt entschieden vereinbart"""
)
WHY = listed("why warum wieso weshalb")
WHO = listed("who whose wer wessen")
SHARED = listed("share shared shares sharing geteilt teilte teilt")
PICTURE = listed(
    "plot plots chart charts figure graph picture image diagram histogram bild grafik diagramm abbildung plotten"
)
THANKS = listed(
    """thanks thank thx danke dankeschön merci gracias grazie obrigado obrigada bedankt 谢谢 多谢 ありがとう
    ありがとうございます 감사합니다 спасибо شكرا"""
)
#: What it is asked to do and cannot.
DO = listed(
    """run rerun execute write implement create make draw plot refactor rewrite fix build train translate
    führe schreibe schreib erstelle zeichne baue behebe übersetze"""
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
