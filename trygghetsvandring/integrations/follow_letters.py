"""The words of the letters to those who follow the public page: asked, and told what is new there."""

from collections.abc import Sequence


def confirm_subject(municipality: str) -> str:
    return f"Bekräfta: mejl om Följ hur det går i {municipality}"


def confirm_text(municipality: str, link: str) -> str:
    lines = [
        f"Någon har bett om mejl till den här adressen när det finns nytt om tryggheten i {municipality}.",
        "",
        "Var det du? Öppna länken och tryck på knappen:",
        link,
        "",
        "Var det inte du? Gör ingenting. Då kommer inga fler mejl, och adressen tas bort efter sju dagar.",
        "",
        f"Trygghetsvandring i {municipality}",
    ]
    return "\n".join(lines) + "\n"


def news_subject(municipality: str) -> str:
    return f"Nytt på Följ hur det går i {municipality}"


def news_text(municipality: str, news: Sequence[str], page: str, stop: str) -> str:
    lines = ["Det här är nytt eller ändrat:", "", *(f"– {each}" for each in news), "", "Läs mer:", page, ""]
    return "\n".join([*lines, f"Sluta få mejl: {stop}", "", f"Trygghetsvandring i {municipality}"]) + "\n"
