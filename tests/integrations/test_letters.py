"""A duty letter says all there is to know, also where there is no map and no login."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from trygghetsvandring.integrations.letters import Danger, Told, duty_subject, duty_text, told_subject, told_text

CABINET = Danger(
    number="LK-4471",
    municipality="Lidköping",
    category="Öppet elskåp",
    severity=3,
    text="Luckan hänger. Kablar syns.",
    place="Gångtunneln vid Margretelund",
    lat=58.505233,
    lon=13.157712,
    accuracy_m=8.4,
    seen_at=datetime(2026, 11, 20, 19, 10, tzinfo=UTC),
    received_at=datetime(2026, 11, 20, 20, 2, tzinfo=UTC),
    called=False,
    called_at=None,
    photos=1,
    link="https://trygg.example/skrivbord/fynd/1",
)
TASK = Told(
    number="Å-31",
    municipality="Lidköping",
    department="Gata och park",
    title="Lampa ur funktion",
    place="Gångtunneln",
    state="done",
    public_text="Lampan är bytt.",
    link="https://trygg.example/desk/atgarder/31",
)


def test_a_duty_letter_says_what_where_when_and_whether_somebody_called() -> None:
    text = duty_text(CABINET)

    for fact in (
        "Ingen har läst detta före mottagandet",
        "Öppet elskåp",
        "Allvar: 3 av 3",
        "Luckan hänger. Kablar syns.",
        "Gångtunneln vid Margretelund",
        "58.50523, 13.15771",
        "plus eller minus 8 m",
        "Sett: fredag 20 november kl. 20.10",
        "Mottaget: fredag 20 november kl. 21.02",
        "INTE RINGT",
        "LK-4471",
        "https://trygg.example/skrivbord/fynd/1",
    ):
        assert fact in text


@pytest.mark.parametrize(
    ("called", "called_at", "words"),
    [
        (True, datetime(2026, 11, 20, 19, 12, tzinfo=UTC), "Samtal: ringt fredag 20 november kl. 20.12"),
        (True, None, "Samtal: ringt, enligt"),
        (None, None, "inte sagt om någon är uppringd"),
    ],
)
def test_the_call_stands_as_the_walker_told_it(called: bool | None, called_at: datetime | None, words: str) -> None:
    assert words in duty_text(replace(CABINET, called=called, called_at=called_at))


def test_a_danger_without_position_or_place_still_makes_a_letter() -> None:
    bare = replace(CABINET, lat=None, lon=None, accuracy_m=None, place="", text="", severity=None, photos=0)

    assert "telefonen visste inte läget" in duty_text(bare)
    assert "platsen är inte beskriven" in duty_text(bare)
    assert duty_subject(bare) == "Fara: Öppet elskåp, plats saknas (LK-4471)"
    assert "Foton" not in duty_text(bare)


def test_what_became_of_a_task_is_told_in_the_words_of_the_screens() -> None:
    text = told_text(TASK)

    for fact in ("Åtgärdat enligt Gata och park.", "Lampa ur funktion", "Gångtunneln", "Lampan är bytt.", TASK.link):
        assert fact in text
    assert told_subject(TASK) == "Åtgärdat enligt Gata och park: Lampa ur funktion (Å-31)"
    assert told_subject(replace(TASK, state="verified")).startswith("Åtgärdat, bekräftat på plats")


@pytest.mark.parametrize("text", [duty_text(CABINET), told_text(TASK)])
def test_sentences_are_short(text: str) -> None:
    longest = max(len(sentence.split()) for sentence in re.split(r"[.:\n]", text))

    assert longest <= 14
