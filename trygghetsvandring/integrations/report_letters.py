"""Letters that ask for a report back, and remind of an agreement's review: one letter to one reader, with all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from trygghetsvandring.domain.report_backs import Step
from trygghetsvandring.integrations.letters import date_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A report that is asked for. `who` is the executor, in a letter to somebody else; `step` NONE: sent by hand."""

    text: str
    plan: str
    day: date
    step: Step
    link: str
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    title: str
    day: date
    step: Step
    link: str


def subject(municipality: str, dues: Sequence[Due], reviews: Sequence[Review]) -> str:
    if len(dues) + len(reviews) > 1:
        return f"{len(dues) + len(reviews)} påminnelser om åtgärdsplaner i {municipality}"
    if reviews:
        return f"Dags att se över: {reviews[0].title}"
    late = "Försenad återrapportering" if dues[0].step >= Step.LATE else "Återrapportering"
    return f"{late}: {_short(dues[0].text)}"


def text(municipality: str, dues: Sequence[Due], reviews: Sequence[Review]) -> str:
    """The latest first."""
    lines: list[str] = []
    for due in sorted(dues, key=lambda each: (-each.step, each.day)):
        lines += [
            due.text,
            f"Plan: {due.plan}",
            *([f"Utförare: {due.who}"] if due.who else []),
            _when(due),
            due.link,
            "",
        ]
    for review in reviews:
        lines += [review.title, _review(review), review.link, ""]
    if dues:
        lines += ["Svara hur det går, också om inget har hänt. Varje påminnelse skickas en gång.", ""]
    return "\n".join([*lines, f"Trygghetsvandring i {municipality}"]) + "\n"


def _when(it: Due) -> str:
    day = _day(it.day)
    match it.step:
        case Step.LATE:
            return f"Återrapporteringen skulle ha kommit {day}."
        case Step.LAST:
            return f"Återrapporteringen skulle ha kommit {day}. Det här är sista påminnelsen."
        case _:
            return f"Återrapportera senast {day}."


def _review(it: Review) -> str:
    if it.step is Step.DAY:
        return f"Översynen skulle vara gjord {_day(it.day)}, och inget har tagit över."
    return f"Den ska ses över senast {_day(it.day)}."


def _day(day: date) -> str:
    return f"{date_words(day)} {day.year}"


def _short(words: str) -> str:
    return words if len(words) <= 60 else words[:59].rsplit(" ", 1)[0] + " …"
