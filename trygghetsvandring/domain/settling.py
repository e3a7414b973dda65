"""What settles a doubt about work that is said to be done."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """Somebody has been there that day, or answered for it, and said so then."""

    on: date
    at: datetime
