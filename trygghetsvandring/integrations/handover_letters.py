"""The words of the letters of the return path: handed over, reminded, and a letter that did not leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from trygghetsvandring.integrations.letters import day_words

BY_MAIL = "Samordnaren och enheten läser det. Säkrast är länken: då syns svaret direkt."
NOT_BY_MAIL = "Svara med länkarna. Ett svar på det här mejlet når oss inte."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One task in a hand-over. `link` is where it is answered; `number` is the task's, `receipt` the hand-over's."""

    title: str
    place: str
    number: str
    receipt: str
    explanation: str
    due_on: date | None
    answer_by: date
    link: str
    findings: int
    answers: str  # what can be answered, in words
    point: str = ""  # as figures: each reads them with a map of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """`is_fetched`: an answer by mail comes to the task; else it comes to `reply_to`, a person's own, or nowhere.
    `may_refuse`: a private owner is asked, never ordered. `asked_by`: the unit whose own task it is."""

    municipality: str
    recipient: str
    by: str
    reply_to: str
    may_refuse: bool
    asked_by: str
    ends_at: datetime
    tasks: Sequence[Asked]
    is_fetched: bool = False


def handover_subject(it: HandOver) -> str:
    if len(it.tasks) > 1:
        return (
            f"{it.municipality}: {len(it.tasks)} åtgärder att svara på ({it.tasks[0].receipt}–{it.tasks[-1].receipt})"
        )
    task = it.tasks[0]
    word = "Fråga om hjälp" if it.may_refuse else "Åtgärd att svara på"
    return f"{word}: {task.title} ({task.number}, kvitto {task.receipt})"


def handover_text(it: HandOver) -> str:
    lines = [f"Till {it.recipient}", "", *_why(it), ""]
    for task in it.tasks:
        lines += [*_asked(task), ""]
    lines += [
        "Länken hör till er och till just den åtgärden. Den gäller tills åtgärden är klar,",
        f"som längst till {day_words(it.ends_at.date())}. Du behöver inget konto.",
        "Att öppna länken ändrar inget. Skicka den inte vidare till andra än de som ska svara.",
        "",
        f"Frågor? {_questions(it)}",
        "",
        f"{it.by}, trygghetsvandring i {it.municipality}",
    ]
    return "\n".join(lines) + "\n"


def _why(it: HandOver) -> list[str]:
    if it.asked_by:
        return [f"{it.asked_by} ber er om hjälp med något som sågs på en trygghetsvandring.", "Svara med länken nedan."]
    if it.may_refuse:
        return [
            "De som gick en trygghetsvandring såg något på er mark.",
            "Kommunen frågar om ni kan hjälpa till. Ni bestämmer själva.",
        ]
    return ["De som gick en trygghetsvandring såg något som ni ansvarar för.", "Svara med länken nedan."]


def _asked(task: Asked) -> list[str]:
    return [
        f"Vad: {task.title}",
        *([f"Var: {task.place}"] if task.place else []),
        *([f"Position: {task.point}"] if task.point else []),
        *([f"Varför ni: {task.explanation}"] if task.explanation else []),
        f"Iakttagelser: {task.findings}",
        f"Nummer: {task.number}",
        f"Kvitto: {task.receipt}",
        f"Svara senast: {day_words(task.answer_by)}",
        *([f"Klart helst: {day_words(task.due_on)}"] if task.due_on else []),
        f"Svara här: {task.answers}:",
        task.link,
    ]


def _questions(it: HandOver) -> str:
    if it.is_fetched:
        return f"Svara på det här mejlet. {BY_MAIL}"
    asked = "Svara på det här mejlet, så läser samordnaren det." if it.reply_to else _ask(it)
    return f"{asked} Vad ni gör åt saken svarar ni med länken."


def _ask(it: HandOver) -> str:
    return f"Fråga {it.by.lower()} i {it.municipality}."


# ---------------------------------------------------------------- what a helper answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Helped:
    """Somebody a unit has asked says a day, or no. What they wrote stands at the desk only."""

    municipality: str
    who: str
    says_no: bool
    title: str
    place: str
    number: str
    link: str


def helped_subject(it: Helped) -> str:
    return f"{helped_happened(it)[0]}: {it.title} ({it.number})"


def helped_happened(it: Helped) -> tuple[str, str]:
    """What they say, and what it means for the unit."""
    if it.says_no:
        return f"{it.who} säger nej", "Ni bestämmer vad som händer nu."
    return f"{it.who} säger en dag", "Ni har åtgärden kvar, och ser efter då."


def helped_text(it: Helped) -> str:
    lines = [
        f"{it.who} har svarat på det ni bad om hjälp med, och {'säger nej' if it.says_no else 'säger en dag'}.",
        "",
        f"Vad: {it.title}",
        *([f"Var: {it.place}"] if it.place else []),
        "",
        helped_happened(it)[1],
        f"Svaret står på åtgärdens sida: {it.link}",
        "",
        f"Trygghetsvandring i {it.municipality}",
    ]
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------- reminders


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """One line of a reminder. `why` is what is waited for, in plain words."""

    title: str
    place: str
    number: str
    why: str
    step: int
    link: str


_STEP = {1: "Påminnelse", 2: "Andra påminnelsen", 3: "Sista påminnelsen"}


def reminder_subject(municipality: str, lines: Sequence[Reminded]) -> str:
    if len(lines) == 1:
        return f"{_STEP[lines[0].step]}: {lines[0].title} ({lines[0].number})"
    return f"Påminnelse: {len(lines)} åtgärder väntar i {municipality}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsortedFindings:
    """Findings that nobody has sorted, the oldest since that day."""

    count: int
    since: date
    days: int
    link: str


def unsorted_subject(municipality: str, it: UnsortedFindings) -> str:
    return f"Påminnelse: {_findings(it.count)} på att sorteras i {municipality}"


def _findings(count: int) -> str:
    return "1 fynd väntar" if count == 1 else f"{count} fynd väntar"


def why_unsorted(count: int, since: date, days: int) -> str:
    """In one sentence, the same on the desk and in the letter."""
    return f"{_findings(count)} på att sorteras. Det äldsta kom {day_words(since)}. Det är {days} arbetsdagar."


def reminder_text(
    municipality: str, lines: Sequence[Reminded], unsorted: UnsortedFindings | None = None, *, is_fetched: bool = False
) -> str:
    """The most urgent first: what has been reminded of most often. `is_fetched`: it can be answered by mail."""
    text = [why_unsorted(unsorted.count, unsorted.since, unsorted.days), unsorted.link, ""] if unsorted else []
    text += ["De här åtgärderna väntar.", ""] if lines else []
    for line in sorted(lines, key=lambda line: -line.step):
        text += [f"{line.title} ({line.number})"]
        text += [f"Var: {line.place}"] if line.place else []
        text += [f"{_STEP[line.step]}. {line.why}", line.link, ""]
    if lines:
        text += ["Varje steg skickas en gång. Svara eller skriv vad ni väntar på, så börjar tiden om.", ""]
        text += [f"Du kan svara på det här mejlet. {BY_MAIL}" if is_fetched else NOT_BY_MAIL, ""]
    return "\n".join([*text, f"Trygghetsvandring i {municipality}"]) + "\n"


def why_late(clock: str, since: date, days: int, *, partly: bool = False) -> str:
    """In one sentence, the same on the desk and in the letter. `partly`: its owner says that some of it is left."""
    day = day_words(since)
    match clock:
        case "undecided":
            return f"Ingen enhet har den sedan {day}. Det är {days} arbetsdagar. Du bestämmer vem som får den."
        case "doubted":
            return f"Någon var på plats och säger att den inte är klar ({day}). Öppna den igen, eller svara."
        case "not_accepted":
            return f"Ingen har tagit emot den sedan {day}. Det är {days} arbetsdagar."
        case "no_news":
            return f"Inget nytt sedan {day}. Det är {days} arbetsdagar."
        case "look_passed":
            return f"Den skulle ses över {day}. Det är {days} arbetsdagar sedan."
        case _:
            said = "Delvis åtgärdat" if partly else "Åtgärdat"
            return f"{said} enligt enheten {day}. Ingen annan har bekräftat det på plats."


# ---------------------------------------------------------------- a letter that did not leave


def failed_subject(kind: str, *, gave_up: bool) -> str:
    what = "Ett larm om fara" if kind == "mail.duty" else "Ett mejl"
    return f"{what} har inte kommit fram" + ("" if gave_up else " än")


def failed_text(municipality: str, kind: str, about: str, reason: str, *, gave_up: bool, link: str) -> str:
    lines = [
        failed_subject(kind, gave_up=gave_up) + ".",
        "",
        *([f"Det gäller: {about}"] if about else []),
        f"Mejlservern säger: {reason}",
        "Vi försöker inte fler gånger." if gave_up else "Vi försöker igen av oss själva.",
        "",
    ]
    lines += ["Ring jouren nu."] if kind == "mail.duty" else ["Kontrollera adressen, eller ring mottagaren."]
    return "\n".join([*lines, "", "Läs mer (du loggar in):", link, "", f"Trygghetsvandring i {municipality}"]) + "\n"
