"""Stråk on "Följ hur det går!": one at a time as lamps, with the same in words, and all of them in a table.

One is open at a time without a script: drawers of the same name close each other.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from trygghetsvandring.domain.promises import Shown
from trygghetsvandring.domain.stretch_lamps import Light, StretchLamps
from trygghetsvandring.web.folj_frame import draw
from trygghetsvandring.web.tongues import Html, Tongue

_MOST_DRAWN = 24
_DRAWN: Final = {
    Light.LIT: "l-lit",
    Light.HALF: "l-half",
    Light.DARK: "l-off",
    Light.MISSING: "i-circle-question-mark",
}
_SEEN: Final = ("before", "lit", "half", "dark")
_COLUMNS: Final = ("name", "evenings", *_SEEN, "missing")
NOBODY: Final = "–"


def section(t: Tongue, of: UUID, it: Shown, photos: Mapping[str, str]) -> str:
    """Nothing when the municipality has named no stretches. `photos`: a pair for each that has one, as markup."""
    if not it.stretches:
        return ""
    lit = sum(each.is_lit for each in it.stretches)
    untold = sum(not each.is_told for each in it.stretches)
    top = [t("stretch.top", lit=lit, all=len(it.stretches))] if untold < len(it.stretches) else []
    top += [t("stretch.untold", n=untold)] if untold else []
    first = next((each.id for each in it.stretches if each.is_told or each.id in photos), "")
    drawers = "".join(_drawer(t, of, each, photos.get(each.id, ""), is_open=each.id == first) for each in it.stretches)
    used = [light for light in Light if any(getattr(each, light) for each in it.stretches)]
    key = "".join(f"<li>{draw(_DRAWN[light])}{t(f'stretch.means.{light}')}</li>" for light in used)
    means = f"<ul>{key}</ul>" if key else ""
    return f'<div class="strak"><p><b>{_joined(top)}</b></p>{drawers}{means}{_table(t, it)}</div>'


def _drawer(t: Tongue, of: UUID, it: StretchLamps, photos: str, *, is_open: bool) -> str:
    opened = " open" if is_open else ""
    return (
        f'<details name="strak-{of}"{opened}><summary>{t.own(it.name)}, '
        f'<bdi dir="ltr">{it.length_m}&nbsp;m</bdi></summary>'
        f"{_string(t, it)}<p>{words(t, it)}</p>{photos}</details>"
    )


def _string(t: Tongue, it: StretchLamps) -> str:
    """Too many for a string are told in words only."""
    lamps = [light for light in Light for _ in range(getattr(it, light))]
    if not 0 < len(lamps) <= _MOST_DRAWN:
        return ""
    drawn = "".join(draw(_DRAWN[light]) for light in lamps)
    return f'<div class="five" role="img" aria-label="{words(t, it)}">{drawn}</div>'


def words(t: Tongue, it: StretchLamps) -> Html:
    """The same as the lamps, for an attribute too."""
    by_day = [t("stretch.said.missing", n=it.missing)] if it.missing else []
    if not it.is_told:
        return _joined([t("stretch.nobody"), *by_day])
    if not it.before:
        return _joined([t("stretch.none", n=it.evenings), *by_day])
    said = [t(f"stretch.said.{name}", n=n) for name in _SEEN if (n := getattr(it, name))]
    return _joined([*said, *by_day])


def _joined(said: list[Html]) -> Html:
    return Html(" ".join(said))


def _table(t: Tongue, it: Shown) -> str:
    """Wider than a phone it scrolls in its own box, by keyboard too."""
    head = "".join(f'<th scope="col">{t(f"stretch.column.{name}")}</th>' for name in _COLUMNS)
    rows = "".join(f'<tr><th scope="row">{t.own(each.name)}</th>{_cells(each)}</tr>' for each in it.stretches)
    return (
        f"<details><summary>{t('stretch.table')}</summary><p>{t('stretch.about')}</p>"
        f'<div class="wide" role="region" aria-label="{t.plain("stretch.table")}" tabindex="0">'
        f'<table class="counts"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>'
    )


def _cells(it: StretchLamps) -> str:
    told = [getattr(it, name) if it.is_told else NOBODY for name in _SEEN]
    by_day = it.missing if it.is_told or it.missing else NOBODY
    return "".join(f"<td>{cell}</td>" for cell in (it.evenings or NOBODY, *told, by_day))
