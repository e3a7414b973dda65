"""Hand-overs: where a matter of authority went, as a receipt. From there on nothing more is expected of us."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Myndighetsutövning goes on in the authority's own system: where, under what reference, since when."""

    party: str
    reference: str
    handed_on: date
