"""The words of our letters, in plain Swedish. Everything a reader needs stands in the letter; the link is for later."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_DAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """What a duty letter tells. `lat`, `lon` in degrees WGS 84; `called` None = the walker did not say."""

    number: str
    municipality: str
    category: str
    severity: int | None
    text: str
    place: str  # the stop's name, or the walker's own words
    lat: float | None
    lon: float | None
    accuracy_m: float | None
    seen_at: datetime
    received_at: datetime
    called: bool | None
    called_at: datetime | None
    photos: int
    link: str


def when(at: datetime) -> str:
    """ "fredag 20 november kl. 20.41"."""
    local = at.astimezone(_STOCKHOLM)
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} kl. {local:%H.%M}"


def date_words(day: date) -> str:
    """ "20 november"; the weekday says nothing a month later."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def day_words(day: date) -> str:
    """ "fredag 20 november"."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def duty_subject(danger: Danger) -> str:
    return f"Fara: {danger.category}, {danger.place or 'plats saknas'} ({danger.number})"


def duty_text(danger: Danger) -> str:
    lines = [
        "FARA PÅ PLATS",
        "",
        "Ingen har läst detta före mottagandet. Brevet är skickat av en maskin.",
        "",
        f"Vad: {danger.category}",
        *([f"Allvar: {danger.severity} av 3"] if danger.severity is not None else []),
        *([f"Text: {danger.text}"] if danger.text else []),
        f"Var: {danger.place or 'platsen är inte beskriven'}",
        _position(danger),
        f"Sett: {when(danger.seen_at)}",
        f"Mottaget: {when(danger.received_at)}",
        _call(danger),
        *([f"Foton: {_photos(danger.photos)}"] if danger.photos else []),
        f"Nummer: {danger.number}",
        "",
        "Läs mer och svara här (du loggar in):",
        danger.link,
        "",
        f"Trygghetsvandring i {danger.municipality}",
    ]
    return "\n".join(lines) + "\n"


def _position(danger: Danger) -> str:
    if danger.lat is None or danger.lon is None:
        return "Läge: telefonen visste inte läget"
    about = f", plus eller minus {danger.accuracy_m:.0f} m" if danger.accuracy_m is not None else ""
    return f"Läge: {danger.lat:.5f}, {danger.lon:.5f} (latitud, longitud i WGS 84{about})"


def _call(danger: Danger) -> str:
    match danger.called:
        case None:
            return "Samtal: den som såg faran har inte sagt om någon är uppringd"
        case True:
            at = f" {when(danger.called_at)}" if danger.called_at else ""
            return f"Samtal: ringt{at}, enligt den som såg faran"
        case False:
            return "Samtal: INTE RINGT, enligt den som såg faran"


def _photos(count: int) -> str:
    return "1 foto, ses efter inloggning" if count == 1 else f"{count} foton, ses efter inloggning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of a task. `state` is the task's new state, `public_text` what the walkers are told."""

    number: str
    municipality: str
    department: str
    title: str
    place: str
    state: str
    public_text: str
    link: str
    partly: bool = False  # some of it is done


_HAPPENED = {
    "new": ("Lämnad tillbaka", "Tilldela den igen."),
    "assigned": ("Tilldelad", "Ta emot, eller lämna tillbaka med skäl."),
    "accepted": ("Given till dig", "Sätt en dag för arbetet."),
    "planned": ("Planerad", "Läs vilken dag."),
    "done": ("Åtgärdat enligt {department}", "Någon annan än den som gjorde arbetet bekräftar på plats."),
    "wont_do": ("Åtgärdas inte", "Skälet nedan går till dem som gick."),
    "verified": ("Åtgärdat, bekräftat på plats", "Ni behöver inte göra något."),
}
_NOTICED = {
    "changed": ("Ändrad av samordnaren", "Läs vad som har ändrats."),
    "replanned": ("Flyttad till en annan dag", "Läs vilken dag. De som gick har fått veta."),
    "handed_on": ("Lämnad vidare inom enheten", "Läs vem som har den nu."),
    "noted": ("Samordnaren har skrivit en anteckning", "Läs den på åtgärdens sida."),
    "mailed": ("Svar med mejl, oläst", "Läs det på åtgärdens sida. Det ändrar inget av sig själv."),
    "noted_by_unit": ("Anteckning från {department}", "Läs den på åtgärdens sida."),
}
_IN_PART = {
    "done": ("Delvis åtgärdat enligt {department}", "Någon annan än den som gjorde arbetet tittar på plats."),
    "verified": ("Delvis åtgärdat, bekräftat på plats", "Resten är kvar."),
}
_OTHERWISE = ("Ändrad", "Läs vad som har hänt.")


def told_subject(told: Told) -> str:
    return f"{happened(told)[0]}: {told.title} ({told.number})"


def told_text(told: Told) -> str:
    word, next_step = happened(told)
    lines = [
        f"{word}.",
        "",
        f"Vad: {told.title}",
        *([f"Var: {told.place}"] if told.place else []),
        *([f"Enhet: {told.department}"] if told.department else []),
        *([f"Text: {told.public_text}"] if told.public_text else []),
        f"Nummer: {told.number}",
        "",
        next_step,
        told.link,
        "",
        f"Trygghetsvandring i {told.municipality}",
    ]
    return "\n".join(lines) + "\n"


def happened(told: Told) -> tuple[str, str]:
    """In a word or two, and what the reader does next."""
    words = _HAPPENED | _NOTICED | (_IN_PART if told.partly else {})
    word, next_step = words.get(told.state, _OTHERWISE)
    return word.format(department=told.department or "enheten"), next_step
