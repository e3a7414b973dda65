"""The public page in several languages: by the address alone, whole in each, and the municipality's words as typed."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from tests.quality.lix import lix
from tests.sync.desks import coordinator
from tests.web.phones import MUNICIPALITY, Evening
from tests.web.test_promises import SIGNED, a_promise, an_agreement, publish
from trygghetsvandring.web.tongues import SWEDISH, TONGUES, WORDS, Html, Tongue

pytest_plugins = ["tests.web.evenings"]
PAGE = f"/folj/{MUNICIPALITY}"
_PLACES = re.compile(r"\{[^}]*\}?")


@pytest.mark.parametrize("tongue", TONGUES, ids=lambda it: it.id)
def test_no_text_is_missing_in_any_language_nor_what_is_filled_into_it(tongue: Tongue) -> None:
    assert list(tongue.words) == list(SWEDISH.words)
    assert [key for key, words in tongue.words.items() if not words.strip()] == []
    places = {key: sorted(_PLACES.findall(words)) for key, words in tongue.words.items()}
    assert places == {key: sorted(_PLACES.findall(words)) for key, words in SWEDISH.words.items()}


def test_every_catalogue_is_a_language_and_the_swedish_ones_are_plain() -> None:
    assert {file.stem for file in WORDS.glob("*.json")} == {it.id for it in TONGUES}
    for tongue, hardest in ((SWEDISH, 30), (TONGUES[1], 25)):
        words = json.loads((WORDS / f"{tongue.id}.json").read_text())
        assert lix("\n".join(words.values())).value <= hardest


@pytest.mark.parametrize("tongue", TONGUES, ids=lambda it: it.id)
def test_nothing_that_is_typed_becomes_markup_in_any_language(tongue: Tongue) -> None:
    typed = "<b onclick='x'>\"&{who}</b>"
    hostile = replace(tongue, words={"it": '<i>"{who}', "day": "x"})
    for said in (hostile("it", who=typed), hostile.plain("it", who=typed), hostile.own(typed)):
        bare = re.sub(r'</?bdi(?: lang="sv")?(?: dir="ltr")?>', "", said)
        assert not re.search(r"[<>\"']", bare), bare
    assert "{who}&lt;/b&gt;" in hostile("it", who=typed)  # what is filled in is filled into no more
    assert hostile("it", who=Html("<bdi>1</bdi>")).endswith("<bdi>1</bdi>")


async def test_a_language_is_an_address_and_what_was_typed_stays_as_it_is(evening: Evening) -> None:
    triage = await coordinator(evening)
    await publish(triage, await a_promise(triage, await an_agreement(triage, title='Löfte <1> & "2"')))

    seen: dict[str, Any] = {}
    for tongue in TONGUES:
        path = PAGE if tongue is SWEDISH else f"{PAGE}?sprak={tongue.id}"
        answer = await evening.http.get(path, headers={"Accept-Language": "ar, en"})
        seen[tongue.id] = html = answer.text
        assert answer.headers["content-language"] == tongue.tag
        assert f'<html lang="{tongue.tag}" dir="{tongue.dir}">' in html
        assert f"<h1>{tongue('title')}</h1>" in html
        assert f"{tongue.typed}>{SIGNED}</blockquote>" in html
        assert f"<h2{tongue.typed}>Löfte &lt;1&gt; &amp; &quot;2&quot;</h2>" in html
        assert all(f'hreflang="{it.tag}" href="{it.to(PAGE)}"' in html for it in TONGUES)
        assert f'href="{tongue.to(PAGE)}" lang="{tongue.tag}" dir="{tongue.dir}"' in html
        assert html.count('aria-current="true"') == 1
        assert 'href="tel:11414" dir="ltr">114 14</a>' in html
        assert "<script" not in html
        assert '<link rel="icon" href="/icon.svg"' in html  # or the browser asks for one that is not there

    nobody = await evening.http.get("/folj/nobody", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (nobody.status_code, "<h1>Sidan finns inte</h1>" in nobody.text) == (404, True)
    assert len(set(seen.values())) == len(TONGUES)
    assert (await evening.http.get(f"{PAGE}?sprak=<x>")).text == seen["sv"]
    lagesbild = await evening.http.get(f"{PAGE}/lagesbild?sprak=en")
    assert lagesbild.headers["content-language"] == "en"
    assert f'href="{PAGE}?sprak=en"' in lagesbild.text


@pytest.mark.parametrize("tongue", TONGUES, ids=lambda it: it.id)
async def test_a_form_is_in_the_language_of_the_page_one_came_from_and_stays_in_it(
    evening: Evening, tongue: Tongue
) -> None:
    front = (await evening.http.get(tongue.to(PAGE))).text
    for path, title in ((f"{PAGE}/synpunkt", "feedback.title"), (f"{PAGE}/mejl", "mail.title")):
        assert f'href="{tongue.to(path)}"' in front or f'href="{tongue.to(path, svar="yes")}"' in front
        form = await evening.http.get(tongue.to(path))
        assert form.headers["content-language"] == tongue.tag
        assert f'<html lang="{tongue.tag}" dir="{tongue.dir}">' in form.text
        assert f"<h1>{tongue(title)}</h1>" in form.text
        assert f'action="{tongue.to(path)}"' in form.text
        assert f'href="{tongue.to(PAGE)}"' in form.text
        assert all(f'hreflang="{it.tag}"' in form.text for it in TONGUES)
        refused = await evening.http.post(tongue.to(path), data={"form": "x"})
        assert refused.status_code == 422
        assert f'<html lang="{tongue.tag}"' in refused.text
        assert str(tongue("wrong.form_unknown" if title == "feedback.title" else "mail.wrong.address")) in refused.text
    html = (await evening.http.get(tongue.to(f"{PAGE}/synpunkt"))).text
    once = re.findall(r'name="form" value="([^"]+)"', html)[0]
    sent = await evening.http.post(tongue.to(f"{PAGE}/synpunkt"), data={"form": once, "helped": "yes"})
    assert (sent.status_code, f"<h1>{tongue('feedback.thanks')}</h1>" in sent.text) == (200, True)
