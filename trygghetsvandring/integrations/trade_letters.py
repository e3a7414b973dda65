"""Letters to a party of the safety group: the week's numbers are asked for, or its card is to be confirmed."""

from collections.abc import Sequence

from trygghetsvandring.domain.weeks import Week


def subject(weeks: Sequence[Week], *, card: bool) -> str:
    if weeks:
        return f"Hur många brott anmälde ni vecka {weeks[0].number}?"
    return "Stämmer ert kontaktkort?" if card else "Länk till trygghetsgruppen"


def text(municipality: str, weeks: Sequence[Week], link: str, *, card: bool) -> str:
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
    lines += [link, "", "Länken gäller i 90 dagar och bara för er."]
    return "\n".join([*lines, "", f"Trygghetsvandring i {municipality}"]) + "\n"


def _weeks(weeks: Sequence[Week]) -> str:
    words = [f"vecka {week.number}" for week in weeks]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} och {words[-1]}"
