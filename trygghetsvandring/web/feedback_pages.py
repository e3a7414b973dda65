"""The form by which a reader of the public page says whether it helped, and the page that says it came. No script."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from trygghetsvandring.domain import feedback as rules
from trygghetsvandring.domain.feedback import Helped
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.web import plain
from trygghetsvandring.web.plain import text

FORM: Final = "/folj/{municipality}/synpunkt"
TRAP: Final = "webbplats"
QUESTION: Final = "Hjälpte informationen på sidan dig?"
WORDS: Final[Mapping[Helped, str]] = {Helped.YES: "Ja", Helped.PARTLY: "Delvis", Helped.NO: "Nej"}
_WRONG: Final[Mapping[str, str]] = {
    "public_text_not_safe": "Inget är skickat. Texten ser ut att handla om en person. Ta bort namn, nummer och adress.",
    "perhaps_a_person": "Inget är skickat. Handlar texten om en person? Ändra den då. Annars trycker du Skicka igen.",
    "text_too_long": "Inget är skickat. Texten är för lång. Skriv högst 1 000 tecken.",
    "not_an_address": "Inget är skickat. E-postadressen stämmer inte. Rätta den, eller lämna fältet tomt.",
    "too_many_tries": "Inget är skickat. Det har kommit många svar nyss. Försök igen om en timme.",
    "form_unknown": "Inget är skickat. Sidan var för gammal. Läs igenom och tryck på Skicka igen.",
    "malformed": "Inget är skickat. Välj Ja, Delvis eller Nej.",
    "hidden_field_filled": "Inget är skickat. Ett fält som ska vara tomt var ifyllt. Tryck på Skicka igen.",
}
_STANDS: Final = (
    "Ditt första svar står kvar. Det har nummer {number}. Det du skrev nu är inte skickat. "
    "Tryck på Skicka om du vill skicka det också."
)
_OTHERWISE: Final = "Inget är skickat. Något gick fel hos oss. Försök igen om en stund."


def path(municipality: str) -> str:
    return FORM.format(municipality=municipality)


def form(here: Municipality, once: str, typed: Mapping[str, str], *, wrong: str = "", stands: str = "") -> Response:
    """`typed`: what was written before, also what was refused: nothing has to be written twice.

    `stands`: the number of what came by the same form with other words.
    """
    hidden = {"form": once} | ({"sure": typed["sure"]} if typed.get("sure") else {})
    return plain.page(
        "Vad tycker du om sidan?",
        plain.notice(_WRONG.get(wrong, _OTHERWISE), kind="need") if wrong else "",
        plain.notice(_STANDS.format(number=stands), kind="need") if stands else "",
        _elsewhere(here),
        plain.form(
            path(here.id),
            hidden,
            plain.choices("helped", QUESTION, [(it.value, WORDS[it]) for it in Helped], chosen=typed.get("helped", "")),
            plain.area(
                "text",
                "Vad saknas eller stämmer inte? (frivilligt)",
                here.feedback_notice or rules.NOTICE,
                value=typed.get("text", ""),
                longest=rules.LONGEST_TEXT,
            ),
            plain.field(
                "mail",
                "Får vi kontakta dig? (frivilligt)",
                "Skriv din e-postadress. Vi mejlar bara om vi måste fråga om det du skrev. Adressen sparas för sig. "
                f"Den tas bort när vi är klara, senast efter {rules.KEEP_CONTACT.days} dagar. Lämna tomt om du vill.",
                type="email",
                longest=rules.LONGEST_ADDRESS,
                value=typed.get("mail", ""),
                required=False,
            ),
            _trap(),
            plain.button("Skicka"),
        ),
        _back(here),
        municipality=here.name,
        status=409 if stands else _status(wrong),
    )


def _status(wrong: str) -> int:
    return 429 if wrong == "too_many_tries" else 422 if wrong else 200


def _elsewhere(here: Municipality) -> str:
    link = f' Skriv i <a href="{text(here.tell_on_url)}">Tyck till om kommunen</a>.' if here.tell_on_url else ""
    return f"<p>Vi svarar inte på frågor här. Har du en fråga, eller ser du något trasigt?{link}</p>"


def _trap() -> str:
    """Seen by nobody, read out to nobody; who fills in every field there is has not read the page."""
    field = f'<input type="text" name="{TRAP}" tabindex="-1" autocomplete="off">'
    return f"<div hidden><label>Lämna tomt {field}</label></div>"


def _back(here: Municipality) -> str:
    return f'<p><a class="way" href="/folj/{text(here.id)}">Tillbaka till sidan</a></p>'


def thanks(here: Municipality, number: str, *, left_address: bool) -> Response:
    return plain.page(
        "Tack för att du hjälper oss",
        plain.notice(f"Ditt svar har kommit fram. Det har nummer {number}."),
        plain.paragraph("Spara numret om du vill fråga oss om det senare. Svaret är en allmän handling."),
        plain.paragraph("Vi mejlar bara om vi måste fråga något.") if left_address else "",
        _elsewhere(here),
        _back(here),
        municipality=here.name,
    )
