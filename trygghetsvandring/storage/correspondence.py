"""Correspondence: one row for each municipality, laid over its settings wherever they are read."""

from trygghetsvandring.domain.correspondence import Correspondence
from trygghetsvandring.storage.letter_tables import correspondence
from trygghetsvandring.storage.records import register

register(Correspondence, "correspondence", correspondence, lambda _it: {})
