"""A person's own words in a mail: what their program put around them goes, and nothing that could be an answer."""

import pytest

from trygghetsvandring.domain.mail_text import own_words

OURS = "Till Trafikverket\n\nSvara senast: måndag 30 november"
QUOTED = "\n".join(f"> {line}" for line in OURS.split("\n"))
WROTE = "Den fre 20 nov. 2026 kl 20:41 skrev Trygghet <trygghet@lidkoping.example>:"
OUTLOOK = "Från: Trygghet <a@b.example>\nSkickat: den 20 november\nTill: Drift\nÄmne: Lampa\n"


@pytest.mark.parametrize(
    "around",
    [
        f"\n\n{WROTE}\n\n{QUOTED}",
        f"\n\n{WROTE[:45]}\n{WROTE[45:]}\n{QUOTED}",
        f"\n\n{WROTE}\n\n{OURS}",
        f"\n\n________________________________\n{OUTLOOK}\n{OURS}",
        f"\n\n{OUTLOOK}\n{OURS}",
        f"\n\n-----Ursprungligt meddelande-----\n{OURS}",
        "\n\n-- \nKim Testsson\n070-123 45 67",
        "\n\nSkickat från min iPhone",
        f"\n\nOn Fri, Nov 20, 2026 at 8:41 PM Trygghet <a@b.example> wrote:\n{QUOTED}",
    ],
)
def test_what_stands_around_an_answer_is_cut(around: str) -> None:
    assert own_words(f"Vi lagar på torsdag.\n\nHälsningar åäö{around}") == (
        "Vi lagar på torsdag.\n\nHälsningar åäö",
        True,
    )


def test_an_answer_below_or_between_what_is_quoted_stays() -> None:
    text = f"{WROTE}\n> Svara senast: måndag\nDet blir tisdag.\n> Kvitto: B-1\nTack."
    assert own_words(text) == ("Det blir tisdag.\nTack.", True)


@pytest.mark.parametrize("text", [QUOTED, f"{WROTE}\n{OURS}", "Från: oss alla, ett stort tack!", "> ", "", "Ja"])
def test_where_nothing_would_be_left_everything_stays(text: str) -> None:
    assert own_words(text) == ("\n".join(line.rstrip() for line in text.split("\n")).strip(), False)
