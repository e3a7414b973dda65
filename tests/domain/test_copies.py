"""Copies: exactly what `replace` makes, for every field there is."""

from dataclasses import replace

from tests.domain.finding_makers import a_finding
from trygghetsvandring.domain.copies import copied


def test_a_copy_is_what_replace_makes_and_leaves_the_first_as_it_was() -> None:
    first = a_finding()

    copy = copied(first, version=first.version + 1, text="Lampan lyser igen.")

    assert copy == replace(first, version=first.version + 1, text="Lampan lyser igen.")
    assert type(copy) is type(first)
    assert copy != first and first == a_finding(id=first.id)
