"""The field list: what the van takes along, a row a task, street by street. Cells are words, never formulas."""

from collections.abc import Sequence
from datetime import date

from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.tasks import Extent, Task, TaskState

COLUMNS = (
    *("Plats", "Nr", "Vad", "Hur bråttom", "Status", "Senast", "Planerat", "Följs upp", "Enhet", "Vem gör det"),
    *("Fynd", "Latitud", "Longitud", "Svar som alla kan läsa", "Gjort", "Anteckning"),
)
STATES = {
    TaskState.NEW: "Nytt",
    TaskState.ASSIGNED: "Tilldelat",
    TaskState.ACCEPTED: "Hos enheten",
    TaskState.PLANNED: "Planerat",
    TaskState.IN_PROGRESS: "Pågår",
    TaskState.WAITING: "Väntar",
    TaskState.REFERRED: "Skickat vidare",
    TaskState.DONE: "Åtgärdat enligt enheten",
    TaskState.WONT_DO: "Görs inte",
    TaskState.VERIFIED: "Åtgärdat, bekräftat på plats",
}
_IN_PART = {
    TaskState.DONE: "Delvis åtgärdat enligt enheten",
    TaskState.VERIFIED: "Delvis åtgärdat, bekräftat på plats",
}
PRIORITIES = {1: "Genast", 2: "Snart", 3: "I vanlig ordning"}
NO_PLACE = "Utan plats"

# What a spreadsheet takes for the beginning of a formula, wide forms included: Excel in Japanese reads those too.
_STARTS = frozenset("=+-@|%\uff1d\uff0b\uff0d\uff20")


def cells(task: Task, here: Municipality) -> tuple[str, ...]:
    owner = here.organisation(task.department)
    return (
        task.place or NO_PLACE,
        task.number,
        task.title,
        PRIORITIES.get(task.priority, ""),
        status(task),
        _day(task.due_on),
        _day(task.planned_on),
        _day(task.next_look_on),
        owner.name if owner else "",
        task.person,
        str(len(task.findings)),
        "" if task.lat is None else f"{task.lat:.5f}",
        "" if task.lon is None else f"{task.lon:.5f}",
        task.public_text,
        "",
        "",
    )


def status(task: Task) -> str:
    words = STATES | _IN_PART if task.extent is Extent.PARTLY else STATES
    return words[task.state]


def plain(text: str) -> str:
    """One line that no spreadsheet reads as a formula: an apostrophe goes first, which a sheet shows as text."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return f"'{line}" if line[:1] in _STARTS else line


def by_street(tasks: Sequence[Task]) -> list[tuple[str, list[Task]]]:
    """The tasks of each place together, in the order they came."""
    streets: dict[str, list[Task]] = {}
    for task in tasks:
        streets.setdefault(task.place or NO_PLACE, []).append(task)
    return list(streets.items())


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
