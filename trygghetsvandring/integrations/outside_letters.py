"""The words of the letter about other systems that were not reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class NotThrough:
    what: str
    why: str


_WORDS: Final[Mapping[str, str]] = {
    "unclear": "Ingen vet om det kom fram. Ring och fråga innan du skickar igen.",
    "not_reached": "Deras system svarar inte.",
    "name_unknown": "Adressen finns inte. Kontrollera den under Kopplingar.",
    "address_not_allowed": "Adressen leder till ett nät som inte får nås.",
    "no_answer": "Inget svar kom.",
    "wrong_answer": "Svaret gick inte att läsa.",
    "no_service_code": "Ingen kod passar. Lägg till en under Kopplingar.",
    "key_not_readable": "Nyckeln går inte att läsa. Skriv in den igen.",
    "too_many_requests": "De ber oss vänta.",
    "paused": "Kopplingen är av.",
    "attribute_missing": "Deras system kräver ett svar till. Skriv det under Kopplingar.",
    "": "Det väntar på att skickas.",
}


def reason_words(code: str) -> str:
    """The same as the desk says."""
    if code.startswith("http_"):
        return f"Deras system sa nej, kod {code.removeprefix('http_')}."
    return _WORDS.get(code.partition(":")[0], f"Orsak: {code}.")


def undone_words(party: str) -> str:
    return f"{party} säger att det inte är klart. Läs, och öppna åtgärden igen om de har rätt."


def unreached_subject(lines: Sequence[NotThrough]) -> str:
    if len(lines) == 1:
        return f"Andra system: {lines[0].what}"
    return f"Andra system: {len(lines)} saker behöver dig"


def unreached_text(municipality: str, lines: Sequence[NotThrough], link: str) -> str:
    text = ["Det här gäller andra system och behöver dig.", ""]
    for line in lines:
        text += [line.what, line.why, ""]
    text += ["Läs mer och försök igen (du loggar in):", link, "", f"Trygghetsvandring i {municipality}"]
    return "\n".join(text) + "\n"
