"""Plain Swedish: LIX at most 30 for every catalogue and every full screen; short words on what is pressed."""

import json
from pathlib import Path

import pytest

from tests.quality.lix import Lix, catalogue, flattened, lix, longest_word, without
from tests.quality.screens import SCREENS, UI, Screen
from tests.quality.survey import Survey
from trygghetsvandring.demo import agreements

HARDEST = 30
LONGEST = 18
ENOUGH_WORDS = 100
DEMO = Path(__file__).parents[2] / "trygghetsvandring" / "demo" / "lidkoping.json"
SIGNED = {
    words
    for it in agreements.signed()
    for words in (
        it.title,
        it.purpose,
        *(party["called"] for party in it.parties),
        *(each["text"] for each in it.promises),
    )
}
CATALOGUES = sorted((UI / "words").glob("*.words.json"))


def test_lix_counts_a_heading_as_a_sentence_and_a_time_as_none() -> None:
    found = lix("Sparat på telefonen\nDu kan gå hem. Vi läser kl. 21.14 på måndag.")

    assert (found.words, found.sentences, found.long) == (12, 3, 1)
    assert found.value == round(12 / 3 + 100 / 12, 1)


def test_every_branch_of_a_message_is_read() -> None:
    assert flattened("{n, plural, one {# rad} other {# rader, {who}}} kvar") == ["2 rad kvar", "2 rader, 2 kvar"]


def _spoken(text: str) -> Lix:
    """What places are called is not the interface's Swedish; stops, maps and lists repeat it. Nor is a signed text."""
    town = json.loads(DEMO.read_text())
    return lix(without(text, {place["name"] for place in town["places"]} | set(town["areas"]) | SIGNED))


def _once(text: str) -> str:
    """What stands under twenty promises is read once."""
    return "\n".join(dict.fromkeys(line.strip() for line in text.splitlines()))


def _read(screen: Screen, text: str) -> str:
    return _once(text) if screen.surface == "public" else text


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_a_catalogue_is_plain_swedish(file: Path) -> None:
    texts = catalogue(file)
    whole = lix("\n".join(texts.values()))
    hardest = sorted(((lix(text).value, key) for key, text in texts.items() if lix(text).words > 12), reverse=True)[:3]
    print(f"{file.stem}: LIX {whole.value} of {whole.words} words; hardest texts {hardest}")

    assert whole.value <= HARDEST


def test_there_are_catalogues_to_read() -> None:
    assert {file.stem for file in CATALOGUES} >= {"field.words", "falt.words", "desk.words"}


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_screen_is_plain_swedish(screen: Screen, seen: Survey) -> None:
    looked = seen[screen.name]
    found = _spoken(_read(screen, looked.text))
    print(f"{screen.name}: LIX {found.value} of {found.words} words")

    assert looked.missing == ""
    assert not screen.swedish or found.words < ENOUGH_WORDS or found.value <= HARDEST


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_no_word_to_press_is_longer_than_eighteen_letters(screen: Screen, seen: Survey) -> None:
    looked = seen[screen.name]

    assert looked.missing == ""
    assert [word for word in map(longest_word, looked.keys) if len(word) > LONGEST] == []


def test_the_hardest_screen_is_known(seen: Survey) -> None:
    every = [screen for screen in SCREENS if screen.swedish]
    spoken = [(_spoken(_read(screen, seen[screen.name].text)), screen.name) for screen in every]
    ranked = sorted(((found.value, name) for found, name in spoken if found.words >= ENOUGH_WORDS), reverse=True)
    print(f"hardest screens: {ranked[:5]}")

    assert ranked
    assert ranked[0][0] <= HARDEST
