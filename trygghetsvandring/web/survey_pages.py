"""The page behind a survey's link: what is asked, and the next page that says it came. No script, no cookie.

A telephone or a library's computer has many who answer: no field is filled in by the browser, and no page after a form
says what was in it. What is asked stands in the reader's language; places, hours and what would help as typed.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from starlette.responses import Response

from trygghetsvandring.domain import surveys as rules
from trygghetsvandring.domain.municipalities import Age, Municipality
from trygghetsvandring.domain.stops import Feeling
from trygghetsvandring.domain.surveys import AGE, FELT, HELP, Survey
from trygghetsvandring.web import folj_frame, plain
from trygghetsvandring.web.feedback_pages import TRAP, trap, why_not
from trygghetsvandring.web.folj_frame import PAGE
from trygghetsvandring.web.plain import text
from trygghetsvandring.web.tongues import Html, Tongue

__all__ = ["FIELDS", "FORM", "TRAP", "closed", "form", "path", "thanks"]

FORM: Final = "/enkat/{municipality}/{code}"
FIELDS: Final = ("place", "hours", FELT, HELP, AGE, "text")


def path(municipality: str, code: str) -> str:
    return FORM.format(municipality=municipality, code=code)


def form(
    t: Tongue,
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
    at = path(here.id, code)
    free = plain.area(
        "text", t("survey.text"), t("survey.text.help"), value=typed.get("text", ""), longest=rules.LONGEST_TEXT
    )
    return plain.page(
        it.title,
        why_not(t, wrong, "wrong.survey", Html(rules.LONGEST_TEXT)),
        plain.notice(t("stands.chose", number=Html(text(stands))), kind="need") if stands else "",
        plain.paragraph(t("survey.notice")),
        plain.form(
            t.to(at),
            hidden,
            _one_of(t, "place", [(place.id, place.name) for place in it.places], typed),
            _one_of(t, "hours", [(band, band) for band in it.bands], typed),
            _asked(t, FELT, [(felt, t(f"survey.felt.{felt}")) for felt in Feeling], typed, required=True),
            _asked(t, HELP, _own(t, [(each, each) for each in it.helps]), typed),
            _asked(t, AGE, [(age, t(f"survey.age.{age}")) for age in Age], typed) if it.asks_age else "",
            free if it.free_text else "",
            trap(t),
            plain.button(t("form.send")),
            remembers=False,
        ),
        municipality=here.name,
        status=409 if stands else 429 if wrong == "too_many_tries" else 422 if wrong else 200,
        spoken=folj_frame.spoken(t, here, at),
        is_typed=True,
    )


def _asked(
    t: Tongue, name: str, options: list[tuple[str, str]], typed: Mapping[str, str], *, required: bool = False
) -> str:
    return plain.choices(name, t(f"survey.{name}"), options, chosen=typed.get(name, ""), required=required)


def _own(t: Tongue, options: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(value, t.own(words)) for value, words in options]


def _one_of(t: Tongue, name: str, options: list[tuple[str, str]], typed: Mapping[str, str]) -> str:
    """Where there is only one, nobody has to choose it."""
    if len(options) > 1:
        return _asked(t, name, _own(t, options), typed, required=True)
    value, words = options[0]
    return (
        f"<p>{t(f'survey.{name}')} <b>{t.own(words)}</b></p>"
        f'<input type="hidden" name="{text(name)}" value="{text(value)}">'
    )


def thanks(t: Tongue, here: Municipality, code: str, number: str) -> Response:
    """The number is drawn: whoever keeps it can ask for that answer to be removed. Nobody else knows whose it is."""
    return plain.page(
        t("survey.thanks"),
        plain.notice(t("survey.arrived")),
        plain.paragraph(t("survey.number", number=Html(text(number)))),
        plain.paragraph(t("survey.when")),
        f'<p><a class="way" href="{t.to(path(here.id, code))}">{t("survey.again")}</a></p>',
        f'<p><a class="way" href="{t.to(f"{PAGE}/{here.id}/dialog")}">{t("survey.others")}</a></p>',
        municipality=here.name,
        spoken=folj_frame.spoken(t, here),
    )


def closed(t: Tongue, here: Municipality, it: Survey) -> Response:
    return plain.page(
        it.title,
        plain.paragraph(t("survey.closed")),
        f'<p><a class="way" href="{t.to(f"{PAGE}/{here.id}/dialog")}">{t("survey.closed.see")}</a></p>',
        municipality=here.name,
        status=410,
        spoken=folj_frame.spoken(t, here),
        is_typed=True,
    )
