"""Letters to a party of the safety group: the week's numbers are asked for, or its card is to be confirmed."""

from collections.abc import Sequence
from datetime import date

from trygghetsvandring.domain.weeks import Week
from trygghetsvandring.integrations.letters import date_words


def subject(weeks: Sequence[Week], *, card: bool) -> str:
    if weeks:
        return f"Hur många brott anmälde ni vecka {weeks[0].number}?"
    return "Stämmer ert kontaktkort?" if card else "Länk till trygghetsgruppen"


def text(municipality: str, weeks: Sequence[Week], link: str, *, card: bool, ends_on: date) -> str:
    lines = []
    if weeks:
        lines += [
            f"Vi saknar era tal för {_weeks(weeks)}.",
            "Skriv hur många brott ni har anmält till polisen, av varje slag. Skriv 0 om ni inte har anmält något.",
            "Skriv inget om personer.",
            "",
        ]
    if card:
        lines += ["Läs ert kontaktkort i trygghetsgruppen och bekräfta att det stämmer.", ""]
    lines += [link, "", f"Länken gäller till {date_words(ends_on)} {ends_on.year}, och bara för er."]
    return "\n".join([*lines, "", f"Trygghetsvandring i {municipality}"]) + "\n"


def _weeks(weeks: Sequence[Week]) -> str:
    words = [f"vecka {week.number}" for week in weeks]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} och {words[-1]}"
