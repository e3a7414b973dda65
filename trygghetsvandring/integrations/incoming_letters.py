"""The words about mail that came in: that it has come, and that a letter of ours did not arrive."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """`number` is the mail's own; `link` is where it is answered at once, "" = there is none any more."""

    municipality: str
    number: str
    title: str
    task: str
    attachments: int
    link: str


def received_subject(it: Received) -> str:
    return f"Vi har fått ditt mejl ({it.number}): {it.title} ({it.task})"


def received_text(it: Received) -> str:
    photos = [_attached(it.attachments), "Vi hämtar inte bilagor. Skicka foton med länken.", ""]
    lines = [
        f"Ditt mejl har kommit in. Det har nummer {it.number}.",
        "En människa läser det. Inget har ändrats än.",
        "",
        *(photos if it.attachments else []),
        *(["Vill du att svaret gäller direkt? Svara här:", it.link, ""] if it.link else []),
        "Det här är ett kvitto från en maskin. Du får högst ett om dagen.",
        "",
        f"Trygghetsvandring i {it.municipality}",
    ]
    return "\n".join(lines) + "\n"


def _attached(count: int) -> str:
    return "Mejlet hade en bilaga." if count == 1 else f"Mejlet hade {count} bilagor."


def why_bounced(status: str) -> str:
    """`status` as RFC 3463; "" = the server did not say."""
    of = status[2:].partition(".")
    match of[0], of[2]:
        case "1", _:
            why = "adressen finns inte"
        case "2", "2":
            why = "brevlådan är full"
        case "2", _:
            why = "brevlådan tar inte emot"
        case "3" | "4", _:
            why = "mottagarens server gick inte att nå"
        case "7", _:
            why = "mottagarens server tar inte emot vårt mejl"
        case _:
            why = "mottagarens server gav tillbaka det"
    return f"{why} ({status})" if status else why
