"""The demo municipality holds together: what a tile, a checklist or a rule names is there, and its words are plain."""

import re
from collections import Counter
from importlib.resources import files

import msgspec
import pytest

from trygghetsvandring.demo import seed
from trygghetsvandring.domain.checklists import Template
from trygghetsvandring.domain.guard import Verdict, inspect
from trygghetsvandring.domain.municipalities import Municipality, Tile
from trygghetsvandring.domain.places import distance_m
from trygghetsvandring.domain.routing import BECOMES_TASK, Category, Kind, broken_rules
from trygghetsvandring.domain.rules import faults

TEXT = (files("trygghetsvandring") / "demo" / "lidkoping.json").read_text("utf-8")
LIDKOPING = msgspec.json.decode(TEXT, type=Municipality)
CODES = {category.code for category in LIDKOPING.categories}
PLACE_TYPES = {template.place_type for template in LIDKOPING.templates}
# As drawn: nine to photograph, four that take no photo.
DRAWN = ("ljus", "buskar", "sikt", "trasigt", "skrap", "underlag", "bra", "fara", "annat")
SILENT = ("ljud", "fordon", "samling", "alkohol")
CATALOGUE = [
    "bel.trasig",
    "bel.svag",
    "bel.saknas",
    "bel.blandar",
    "bel.skymd",
    "bel.bra",
    "sikt.vaxt",
    "sikt.gomstalle",
    "sikt.overblick",
    "ori.skylt",
    "ori.alt",
    "ens.ode",
    "folk.liv",
    "skrap",
    "glas",
    "klotter",
    "klotter.krank",
    "skade",
    "mobler",
    "busskur",
    "tunnel.ingang",
    "tunnel.genomsikt",
    "tunnel.ljus",
    "lek.skick",
    "gc.yta",
    "gc.framkom",
    "halka",
    "trafik.osaker",
    "trafik.fart",
    "ljud.musik",
    "motor",
    "ordning.saml",
    "alkohol",
    "narkotika.spar",
    "overgivet",
    "bygg",
    "el",
    "sten",
    "vilja.bevara",
    "stamning",
]


def test_the_rules_have_nothing_that_would_fail_on_the_evening() -> None:
    assert broken_rules(LIDKOPING.categories, LIDKOPING.rules, LIDKOPING.departments) == []


def test_the_whole_catalogue_is_there_and_every_code_once() -> None:
    assert set(CATALOGUE) <= CODES
    assert len(CODES) == len(LIDKOPING.categories)


def test_the_tiles_are_those_that_are_drawn_in_that_order() -> None:
    assert tuple(tile.id for tile in LIDKOPING.tiles) == DRAWN + SILENT
    assert tuple(tile.id for tile in LIDKOPING.tiles if not tile.photo) == SILENT


@pytest.mark.parametrize("tile", LIDKOPING.tiles, ids=lambda tile: tile.id)
def test_a_tile_alone_claims_no_more_than_was_seen(tile: Tile) -> None:
    mine = [category for category in LIDKOPING.categories if category.tile == tile.id]
    general = next(category for category in mine if category.code == tile.default)

    assert tile.categories == tuple(category.code for category in mine)
    assert tile.default not in CATALOGUE
    assert not general.urgent or tile.id == "fara"


@pytest.mark.parametrize("category", LIDKOPING.categories, ids=lambda category: category.code)
def test_a_category_is_photographed_urgent_and_owned_as_its_kind_allows(category: Category) -> None:
    assert category.photo == (category.kind is not Kind.SOCIAL)
    assert (category.default_department is not None) == (category.kind in BECOMES_TASK)
    assert not category.urgent or category.kind is Kind.FAULT
    assert category.radius_m > 0


def test_only_what_is_dangerous_now_is_urgent() -> None:
    assert [category.code for category in LIDKOPING.categories if category.urgent] == ["fara", "el"]


@pytest.mark.parametrize("template", LIDKOPING.templates, ids=lambda template: template.id)
def test_a_checklist_has_a_handful_of_yes_or_no_questions_one_of_them_good(template: Template) -> None:
    items = template.items

    assert 6 <= len(items) <= 8
    assert any(item.positive for item in items)
    assert all(item.question.endswith("?") and item.no_means for item in items)
    assert {item.category for item in items} <= CODES
    assert max(Counter(item.code for item in items).values()) == 1


def test_every_place_lies_in_a_tatort_we_name_and_has_a_checklist() -> None:
    assert {place.area for place in LIDKOPING.places} == set(LIDKOPING.areas)
    assert {place.place_type for place in LIDKOPING.places} <= PLACE_TYPES
    owners = {organisation.id for organisation in LIDKOPING.departments}
    assert {place.owner for place in LIDKOPING.places} <= owners


def test_the_places_of_the_town_are_in_the_town() -> None:
    town = [place for place in LIDKOPING.places if place.area == "Lidköping"]

    assert all(distance_m((58.505, 13.157), (place.lat, place.lon)) < 2_500 for place in town)


def test_no_word_points_at_a_group_of_people_or_at_anybody() -> None:
    words = re.findall(r'"(?:name|question|no_means|because)": "([^"]*)"', TEXT)

    assert len(words) > 150
    assert [word for word in words if inspect(word).verdict is Verdict.BLOCK] == []
    assert [word for word in words if re.search(r"gäng|invandr|misstänk|klagomål", word, re.IGNORECASE)] == []


def test_what_stands_on_a_tile_is_short() -> None:
    assert [tile.name for tile in LIDKOPING.tiles if max(map(len, re.split(r"[ ,]+", tile.name))) > 18] == []


def test_the_privacy_text_names_basis_and_disclosure_and_asks_for_no_consent() -> None:
    assert "6.1 e" in LIDKOPING.privacy.basis
    assert "2023:196" in LIDKOPING.privacy.basis
    assert "allmän handling" in LIDKOPING.privacy.disclosure
    assert "Polisen" in LIDKOPING.privacy.disclosure
    assert "samtyck" not in TEXT.lower()


def test_the_demos_rule_book_is_sound_and_shows_what_a_rule_can_ask() -> None:
    rules = seed.rules_of(LIDKOPING)

    assert faults(rules, LIDKOPING) == []
    assert any(rule.polygon for rule in rules.rules)
    assert any(rule.authority for rule in rules.rules)
    assert any(rule.answers for rule in rules.rules)
