"""The words to a party that was asked by a link and need not answer any more."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    title: str
    place: str
    number: str
    receipt: str


def ended_subject(municipality: str, told: Sequence[Ended]) -> str:
    if len(told) == 1:
        return f"Ni behöver inte svara mer: {told[0].title} ({told[0].number}, kvitto {told[0].receipt})"
    return f"{municipality}: {len(told)} åtgärder som ni inte behöver svara på mer"


def ended_text(municipality: str, recipient: str, told: Sequence[Ended]) -> str:
    lines = [f"Till {recipient}", "", "Kommunen har tagit tillbaka det här. Länken ni fick gäller inte längre.", ""]
    for it in told:
        lines += [
            f"Vad: {it.title}",
            *([f"Var: {it.place}"] if it.place else []),
            f"Nummer: {it.number}",
            f"Kvitto: {it.receipt}",
            "",
        ]
    lines += ["Har ni redan börjat? Svara på det här mejlet.", "", f"Trygghetsvandring i {municipality}"]
    return "\n".join(lines) + "\n"
