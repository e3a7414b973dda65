"""Moderation: what all but triage read of a finding. The walker's own words stay, and stay with whoever sorts."""

from collections.abc import Iterable
from dataclasses import replace

from trygghetsvandring.domain.errors import TextTooLong
from trygghetsvandring.domain.municipalities import TurnTo
from trygghetsvandring.domain.observations import LONGEST_TEXT, NoSuchPassage, Observation, ObservationState
from trygghetsvandring.domain.tasks import public_safe


def moderate(finding: Observation, text: str | None) -> Observation:
    """`text` is read instead of the walker's; "" = no words at all, None = the walker's own again."""
    if finding.state is ObservationState.WITHDRAWN:
        raise NoSuchPassage(operation="observation.moderate", state=finding.state.value)
    if text is None:
        return replace(finding, moderated=None)
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(field="text", limit=LONGEST_TEXT)
    return replace(finding, moderated=public_safe(text))


def turned_away(said: str, turn_to: Iterable[TurnTo]) -> str:
    """What the walker reads about a personal matter: what the coordinator says, and then always where to turn.

    The places come from the municipality's own data, so their numbers are nobody's private ones.
    """
    return " ".join(
        [said or "Det här rör en enskild person. Det tar vi inte emot här.", *(it.sentence for it in turn_to)]
    )


def read_text(finding: Observation) -> str:
    """The words of a finding as protocol, department and public have them."""
    return finding.text if finding.moderated is None else finding.moderated
