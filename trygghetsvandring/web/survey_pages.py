"""The page behind a survey's link: what is asked, and the next page that says it came. No script, no cookie.

A telephone or a library's computer has many who answer: no field is filled in by the browser, and no page after a form
says what was in it.
"""

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from trygghetsvandring.domain import survey_words as words
from trygghetsvandring.domain import surveys as rules
from trygghetsvandring.domain.municipalities import Age, Municipality
from trygghetsvandring.domain.stops import Feeling
from trygghetsvandring.domain.surveys import AGE, FELT, HELP, Survey
from trygghetsvandring.web import plain

FORM: Final = "/enkat/{municipality}/{code}"
TRAP: Final = "webbplats"
FIELDS: Final = ("place", "hours", FELT, HELP, AGE, "text")
_NOT_SENT: Final[Mapping[str, str]] = {
    "public_text_not_safe": "Texten ser ut att handla om en person. Ta bort namn, nummer och adress.",
    "perhaps_a_person": "Handlar texten om en person? Ändra den då. Annars trycker du Skicka igen.",
    "text_too_long": "Texten är för lång. Skriv högst 500 tecken.",
    "too_many_tries": "Det har kommit många svar nyss. Försök igen om en timme.",
    "form_unknown": "Sidan var för gammal. Läs igenom och tryck på Skicka igen.",
    "malformed": "Välj plats, tid och hur det känns.",
    "hidden_field_filled": "Ett fält som ska vara tomt var ifyllt. Tryck på Skicka igen.",
    "survey_closed": "Enkäten är stängd. Den tar inte emot fler svar.",
}
_STANDS: Final = (
    "Ditt första svar står kvar. Det har nummer {number}. Det du valde nu är inte skickat. "
    "Tryck på Skicka om du vill skicka det också."
)
_OTHERWISE: Final = "Något gick fel hos oss. Försök igen om en stund."


def path(municipality: str, code: str) -> str:
    return FORM.format(municipality=municipality, code=code)


def form(
    here: Municipality,
    it: Survey,
    code: str,
    once: str,
    typed: Mapping[str, str],
    *,
    wrong: str = "",
    stands: str = "",
) -> Response:
    """`typed`: what was refused just now, so that nobody has to choose it again.

    `stands`: the number of what came by the same form with another answer.
    """
    hidden = {"form": once} | ({"sure": typed["sure"]} if typed.get("sure") else {})
    free = plain.area(
        "text",
        "Något mer om platsen? (frivilligt)",
        "Orden kan begäras ut. Skriv inget om någon person.",
        value=typed.get("text", ""),
        longest=rules.LONGEST_TEXT,
    )
    said = plain.notice(f"Inget är skickat. {_NOT_SENT.get(wrong, _OTHERWISE)}", kind="need") if wrong else ""
    return plain.page(
        it.title,
        said,
        plain.notice(_STANDS.format(number=stands), kind="need") if stands else "",
        plain.paragraph(rules.NOTICE),
        plain.form(
            path(here.id, code),
            hidden,
            _one_of("place", "Vilken plats gäller det?", [(p.id, p.name) for p in it.places], typed),
            _one_of("hours", "Vilken tid gäller det?", [(b, b) for b in it.bands], typed),
            plain.choices(
                FELT, words.ASKED[FELT], [(f, words.FELT_WORDS[f]) for f in Feeling], chosen=_of(typed, FELT)
            ),
            plain.choices(
                HELP,
                f"{words.ASKED[HELP]} (frivilligt)",
                [(h, h) for h in it.helps],
                chosen=_of(typed, HELP),
                required=False,
            ),
            plain.choices(
                AGE,
                f"{words.ASKED[AGE]} (frivilligt)",
                [(a, words.AGES[a]) for a in Age],
                chosen=_of(typed, AGE),
                required=False,
            )
            if it.asks_age
            else "",
            free if it.free_text else "",
            _trap(),
            plain.button("Skicka"),
            remembers=False,
        ),
        municipality=here.name,
        status=409 if stands else 429 if wrong == "too_many_tries" else 422 if wrong else 200,
    )


def _one_of(name: str, legend: str, options: list[tuple[str, str]], typed: Mapping[str, str]) -> str:
    """Where there is only one, nobody has to choose it."""
    if len(options) > 1:
        return plain.choices(name, legend, options, chosen=_of(typed, name))
    value, words = (plain.text(each) for each in options[0])
    return f'<p>{plain.text(legend)} <b>{words}</b></p><input type="hidden" name="{plain.text(name)}" value="{value}">'


def _of(typed: Mapping[str, str], name: str) -> str:
    return typed.get(name, "")


def _trap() -> str:
    field = f'<input type="text" name="{TRAP}" tabindex="-1" autocomplete="off">'
    return f"<div hidden><label>Lämna tomt {field}</label></div>"


def thanks(here: Municipality, it: Survey, code: str, number: str) -> Response:
    """The number is drawn: whoever keeps it can ask for that answer to be removed. Nobody else knows whose it is."""
    return plain.page(
        "Tack för ditt svar",
        plain.notice("Ditt svar har kommit fram."),
        plain.paragraph(f"Det har nummer {number}. Spara det om du vill att vi tar bort svaret en dag."),
        plain.paragraph("Vi visar svaren när minst fem har svarat och någon har godkänt dem."),
        f'<p><a class="way" href="{plain.text(path(here.id, code))}">Svara för en plats till</a></p>',
        f'<p><a class="way" href="/folj/{plain.text(here.id)}/dialog">Se vad andra har svarat</a></p>',
        municipality=here.name,
    )


def closed(here: Municipality, it: Survey) -> Response:
    return plain.page(
        it.title,
        plain.paragraph("Enkäten är stängd. Tack till alla som svarade."),
        f'<p><a class="way" href="/folj/{plain.text(here.id)}/dialog">Se svaren</a></p>',
        municipality=here.name,
        status=410,
    )
