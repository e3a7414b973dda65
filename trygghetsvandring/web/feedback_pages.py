"""The form by which a reader of the public page says whether it helped, and the page that says it came. No script."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from trygghetsvandring.domain import feedback as rules
from trygghetsvandring.domain.feedback import Helped
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.web import folj_frame, plain
from trygghetsvandring.web.plain import text
from trygghetsvandring.web.tongues import Html, Tongue

FORM: Final = "/folj/{municipality}/synpunkt"
TRAP: Final = "webbplats"
_LONGEST: Final = Html("1 000")


def path(municipality: str) -> str:
    return FORM.format(municipality=municipality)


def why_not(t: Tongue, wrong: str, of: str, longest: Html) -> str:
    """In a form's own words. `of`: the key of what a form says that is not filled in."""
    key = of if wrong == "malformed" else f"wrong.{wrong}"
    return plain.notice(t(key, n=longest) if key in t.words else t("wrong"), kind="need") if wrong else ""


def form(
    t: Tongue, here: Municipality, once: str, typed: Mapping[str, str], *, wrong: str = "", stands: str = ""
) -> Response:
    """`typed`: what was written before, also what was refused: nothing has to be written twice.

    `stands`: the number of what came by the same form with other words.
    """
    hidden = {"form": once} | ({"sure": typed["sure"]} if typed.get("sure") else {})
    return plain.page(
        t("feedback.title"),
        why_not(t, wrong, "wrong.helped", _LONGEST),
        plain.notice(t("stands.wrote", number=Html(text(stands))), kind="need") if stands else "",
        _elsewhere(t, here),
        plain.form(
            t.to(path(here.id)),
            hidden,
            plain.choices(
                "helped",
                t("helped"),
                [(it.value, t(f"helped.{it}")) for it in Helped],
                chosen=typed.get("helped", ""),
            ),
            plain.area(
                "text",
                t("feedback.text"),
                _notice(t, here),
                value=typed.get("text", ""),
                longest=rules.LONGEST_TEXT,
            ),
            plain.field(
                "mail",
                t("feedback.mail"),
                t("feedback.mail.help", n=rules.KEEP_CONTACT.days),
                type="email",
                longest=rules.LONGEST_ADDRESS,
                value=typed.get("mail", ""),
                required=False,
            ),
            trap(t),
            plain.button(t("form.send")),
        ),
        folj_frame.way_back(t, here),
        municipality=here.name,
        status=409 if stands else _status(wrong),
        spoken=folj_frame.spoken(t, here, path(here.id)),
    )


def _status(wrong: str) -> int:
    return 429 if wrong == "too_many_tries" else 422 if wrong else 200


def _notice(t: Tongue, here: Municipality) -> str:
    """The municipality's own words where it has any; in other languages ours stand before them."""
    own = here.feedback_notice
    if t.is_swedish:
        return own or rules.NOTICE
    return Html(f"{t('feedback.notice')} {t.own(own)}") if own else t("feedback.notice")


def _elsewhere(t: Tongue, here: Municipality) -> str:
    link = Html(f'<a href="{text(here.tell_on_url)}"{t.typed}>Tyck till om kommunen</a>')
    return f"<p>{t('feedback.elsewhere')} {t('feedback.write', link=link) if here.tell_on_url else ''}</p>"


def trap(t: Tongue) -> str:
    """Seen by nobody, read out to nobody; who fills in every field there is has not read the page."""
    field = f'<input type="text" name="{TRAP}" tabindex="-1" autocomplete="off">'
    return f"<div hidden><label>{t('form.empty')} {field}</label></div>"


def thanks(t: Tongue, here: Municipality, number: str, *, left_address: bool) -> Response:
    return plain.page(
        t("feedback.thanks"),
        plain.notice(t("feedback.arrived", number=Html(text(number)))),
        plain.paragraph(t("feedback.keep")),
        plain.paragraph(t("feedback.ask")) if left_address else "",
        _elsewhere(t, here),
        folj_frame.way_back(t, here),
        municipality=here.name,
        spoken=folj_frame.spoken(t, here),
    )
