"""What each route is for that needs no sign-in: pages for everybody, and those behind a link in a letter."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from trygghetsvandring.web import surveys


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a route is for. `answer` is a type of wire.ts; `asks`: query parameters; `headers`: what it must be sent."""

    what: str
    body: type[msgspec.Struct] | None = None
    answer: str = ""
    media: str = "application/json"
    status: int = 200
    asks: Sequence[str] = ()
    headers: Sequence[str] = ()


OUTSIDE: dict[tuple[str, str], Said] = {
    ("GET", "/protokoll/{id}"): Said(what="A published protocol, for everybody", media="text/html"),
    ("GET", "/protokoll/{id}/{format}"): Said(what="The same as html, pdf, docx or xlsx", media="application/pdf"),
    ("GET", "/kvallar/{secret}"): Said(what="The page behind a rota link; changes nothing", media="text/html"),
    ("POST", "/kvallar/svar"): Said(
        what="Who comes or who walked, by a form of that page, taken once", media="text/html"
    ),
    ("GET", "/butik/{secret}"): Said(what="The page behind a trade link; changes nothing", media="text/html"),
    ("POST", "/butik/svar"): Said(what="A shop's numbers, or its card confirmed, by a form", media="text/html"),
    ("GET", "/redovisa/{secret}"): Said(what="The page behind a report link; changes nothing", media="text/html"),
    ("POST", "/redovisa/svar"): Said(what="One report by a form of that page, taken once", media="text/html"),
    ("GET", "/folj/{municipality}/lagesbild"): Said(
        what="The latest lägesbild that was released, for everybody", media="text/html"
    ),
    ("GET", "/folj/{municipality}/lagesbild/{id}"): Said(what="That of one period", media="text/html"),
    ("GET", "/folj/{municipality}/lagesbild/{id}/{format}"): Said(
        what="The same as pdf, docx or xlsx", media="application/pdf"
    ),
    ("GET", "/folj"): Said(what="What was promised and how it goes, for everybody", media="text/html"),
    ("GET", "/folj/stil.css"): Said(what="The look of that page", media="text/css"),
    ("GET", "/folj/{municipality}"): Said(what="The same, of one municipality", media="text/html"),
    ("GET", "/folj/{municipality}/flode.xml"): Said(what="The same as a feed", media="application/atom+xml"),
    ("GET", "/folj/{municipality}/synpunkt"): Said(
        what="The form that asks whether the page helped; opening it changes nothing", media="text/html", asks=("svar",)
    ),
    ("POST", "/folj/{municipality}/synpunkt"): Said(
        what="That form, sent once: the next page has its number, or why not", media="text/html"
    ),
    ("GET", "/folj/{municipality}/kalender.ics"): Said(
        what="Coming walks that everybody may come to, as iCalendar", media="text/calendar"
    ),
    ("GET", "/folj/{municipality}/mejl"): Said(what="The form that asks for an address to write to", media="text/html"),
    ("POST", "/folj/{municipality}/mejl"): Said(what="That form: a letter asks whether it is meant", media="text/html"),
    ("GET", "/foljare/{secret}"): Said(what="What a follower's own link shows; changes nothing", media="text/html"),
    ("POST", "/foljare/bekrafta"): Said(what="They want the letters", media="text/html"),
    ("GET", "/foljare/sluta/{secret}"): Said(what="Asks whether they want to stop; changes nothing", media="text/html"),
    ("POST", "/foljare/sluta/{secret}"): Said(
        what="They want no more: also the mail program's own button (RFC 8058)", media="text/html"
    ),
    ("GET", "/enkat/{municipality}/{code}"): Said(
        what="A survey, for whoever answers; changes nothing", media="text/html"
    ),
    ("POST", "/enkat/{municipality}/{code}"): Said(
        what="That form, sent once: the next page says that it came, or why not", media="text/html"
    ),
    ("GET", "/enkat/{municipality}/{code}/fragor"): Said(
        what="What a tablet on the square keeps of a survey, to ask without a network", answer="SurveyAsked"
    ),
    ("POST", "/enkat/{municipality}/{code}/svar"): Said(
        what="One answer from a tablet; sent again it is the same", body=surveys.FromTablet
    ),
    ("GET", "/folj/{municipality}/dialog"): Said(what="What was answered, as a person showed it", media="text/html"),
    ("GET", "/folj/{municipality}/dialog.csv"): Said(what="The same as CSV", media="text/csv"),
    ("GET", "/besked/stil.css"): Said(what="The look of pages without a script", media="text/css"),
    ("GET", "/folj/{municipality}/par/{finding}/{id}.jpg"): Said(
        what="A released photo of before or after", media="image/jpeg", asks=("storlek",)
    ),
    ("GET", "/folj/{municipality}/fynd"): Said(
        what="Released findings of the last year; searched, also promises and walks",
        media="text/html",
        asks=("q", "sida"),
    ),
    ("GET", "/folj/{municipality}/mer"): Said(what="Where to turn; nothing is kept of the visit", media="text/html"),
    ("GET", "/folj/{municipality}/tillganglighet"): Said(what="The accessibility statement", media="text/html"),
    ("GET", "/besked/{secret}"): Said(what="The page behind an answer link; changes nothing", media="text/html"),
    ("POST", "/besked/svar"): Said(what="One answer by a form of that page, taken once", media="text/html"),
    ("GET", "/brev/{secret}"): Said(what="How it goes, from a digest; changes nothing", media="text/html"),
    ("POST", "/brev/bekrafta"): Said(what="The address is meant", media="text/html"),
    ("POST", "/brev/svar"): Said(what="Whether it holds, by somebody who walked", media="text/html"),
    ("GET", "/brev/sluta/{secret}"): Said(what="Asks whether to stop; changes nothing", media="text/html"),
    ("POST", "/brev/sluta/{secret}"): Said(what="The address is removed (also RFC 8058)", media="text/html"),
    ("GET", "/kort"): Said(what="Where a walk's code is typed", media="text/html"),
    ("POST", "/kort"): Said(what="How it goes, by a walk's code; changes nothing", media="text/html"),
    ("GET", "/kort/kod.js"): Said(what="Types the code of a QR's link; not needed", media="text/javascript"),
    ("POST", "/kort/svar"): Said(what="Whether it holds, by somebody with the card", media="text/html"),
    ("POST", "/kort/mejl"): Said(what="An address for the walk's digest, by somebody with the card", media="text/html"),
}
