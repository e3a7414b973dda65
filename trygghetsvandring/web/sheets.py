"""Pages to print. Plain HTML with its own style and no script; QR and route are drawn as SVG."""

from datetime import date
from html import escape

from starlette.responses import HTMLResponse, Response

from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.domain.walks import Walk

_DAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_MONTHS = (
    "januari februari mars april maj juni juli augusti september oktober november december".split()  # noqa: SIM905
)
_CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
_STYLE = """
@page { size: A4; margin: 12mm }
* { box-sizing: border-box }
body { font: 15pt/1.35 "Atkinson Hyperlegible Next", system-ui, sans-serif; color: #12231E }
body { margin: 0 auto; max-width: 186mm; padding: 0 }
h1 { font-size: 34pt; line-height: 1.1; margin: 0 0 2mm } h2 { font-size: 17pt; margin: 0 0 2mm } p { margin: 0 0 2mm }
.way { display: grid; grid-template-columns: 62mm 1fr; gap: 8mm; align-items: center; margin: 6mm 0 }
.way svg { width: 62mm; height: 62mm }
.code { font-size: 36pt; font-weight: 700; letter-spacing: .04em }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 8mm }
ol { margin: 0; padding: 0 0 0 8mm } li { margin-bottom: 1.5mm }
.route { width: 100%; height: 72mm; border: 1px solid #71796F }
.small { font-size: 12pt; color: #38473F }
.many { font-size: 13pt; line-height: 1.2 } .many ol { font-size: 11.5pt } .many li { margin-bottom: .6mm }
.many h1 { font-size: 28pt } .many .way { margin: 4mm 0 }
.crowd ol { font-size: 9pt; columns: 2; column-gap: 6mm } .crowd .two { grid-template-columns: 1fr }
.crowd .route { height: 42mm } .crowd li { margin-bottom: .3mm }
@media screen { body { padding: 6mm } }
"""
_SLIPS = """
.slips { display: grid; grid-template-columns: 1fr 1fr }
.slip { border: 1px dashed #71796F; padding: 4mm; height: 68mm; display: grid; grid-template-columns: 26mm 1fr }
.slip { gap: 3mm 4mm; align-content: start; break-inside: avoid; font-size: 10.5pt; line-height: 1.25 }
.slip svg { width: 26mm; height: 26mm } .slip h2 { font-size: 13pt; margin: 0 0 1mm } .slip p { margin: 0 0 1.5mm }
.slip .name { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden }
.slip .key { font-size: 15pt; font-weight: 700; white-space: nowrap } .slip .all { grid-column: 1 / -1 }
.slip .where { overflow-wrap: anywhere } .slip .last { font-size: 9pt; color: #38473F }
"""
_SLIPS_ON_A_PAGE = 8


def day_words(day: date) -> str:
    """ "fredag 20 november"."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def walk_sheet(walk: Walk, place: Municipality, invite: dict[str, object]) -> Response:
    starts, ends = walk.starts_at.astimezone(STOCKHOLM), walk.ends_at.astimezone(STOCKHOLM)
    km = f"{walk.length_m / 1000:.1f}".replace(".", ",")
    when = f"{day_words(starts.date()).capitalize()} kl. {starts:%H.%M}–{ends:%H.%M}"
    stops = "".join(f"<li>{escape(stop.name)}</li>" for stop in walk.stops)
    html = f"""<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(walk.name)}</title><style>{_STYLE}</style></head><body class="{_density(len(walk.stops))}">
<p>Trygghetsvandring i {escape(place.name)}</p>
<h1>Följ med ut och gå</h1>
<p><b>{escape(walk.name)}</b>. {when}.</p>
<p>Vi ses vid {escape(walk.meeting_point)}. {escape(walk.leader)} leder.</p>
<div class="way">{invite["qr_svg"]}<div><h2>Gå med i mobilen</h2>
<p>Rikta kameran mot rutan. Eller skriv koden i appen:</p>
<p class="code">{escape(str(invite["code"]))}</p><p>Du behöver inget konto. Appen fungerar utan nät.</p></div></div>
<div class="two"><div><h2>{len(walk.stops)} stopp, {km} km</h2><ol>{stops}</ol></div>
<div><h2>Vägen</h2>{_route(walk)}</div></div>
<p class="small">Är någon i fara? Ring 112. Annars: ring jouren {escape(place.duty.phone)}, {escape(place.duty.hours)}.
Ingen läser appen i kväll. Det du lämnar in blir allmän handling. Skriv inget om personer.</p>
</body></html>"""
    return HTMLResponse(
        html,
        headers={
            "Cache-Control": "no-store",
            "Content-Security-Policy": _CSP,
        },
    )


def card_slips(walk: Walk, place: Municipality, card: dict[str, object]) -> Response:
    """The same card eight times on one A4, to cut apart and give to everybody who walked."""
    day = day_words(walk.starts_at.astimezone(STOCKHOLM).date())
    through = card["through"]
    assert isinstance(through, date)
    slip = f"""<section class="slip">{card["qr_svg"]}<div><h2>Så går det</h2>
<p class="name">{day.capitalize()}. {escape(walk.name)}</p><p class="key">{escape(str(card["code"]))}</p></div>
<div class="all"><p>Vad hände med det ni såg? Rikta kameran mot rutan, eller skriv koden på</p>
<p class="where"><b>{escape(str(card["address"]).split("://")[-1])}</b></p>
<p class="last">Gäller till och med {through.day} {_MONTHS[through.month - 1]} {through.year}. Inget konto behövs.
{escape(place.name)}, trygghetsvandring.</p></div></section>"""
    html = f"""<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Kort: {escape(walk.name)}</title><style>{_STYLE}{_SLIPS}</style></head><body>
<main class="slips">{slip * _SLIPS_ON_A_PAGE}</main>
</body></html>"""
    return HTMLResponse(html, headers={"Cache-Control": "no-store", "Content-Security-Policy": _CSP})


def _density(stops: int) -> str:
    """One page whatever the walk: many stops are set smaller, a crowd of them in two columns above the map."""
    if stops > 12:
        return "many crowd"
    return "many" if stops > 5 else ""


def _route(walk: Walk) -> str:
    """The stops on a line, north up, each with its number. A sketch: the same stops stand in the list."""
    lats, lons = [stop.lat for stop in walk.stops], [stop.lon for stop in walk.stops]
    height = max(max(lats) - min(lats), (max(lons) - min(lons)) * 0.52, 1e-5)
    mid_lat, mid_lon = (max(lats) + min(lats)) / 2, (max(lons) + min(lons)) / 2

    def at(lat: float, lon: float) -> tuple[float, float]:
        return 100 + (lon - mid_lon) * 0.52 / height * 150, 100 - (lat - mid_lat) / height * 150

    points = [at(stop.lat, stop.lon) for stop in walk.stops]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="#fff" stroke="#12231E" stroke-width="2"/>'
        f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-size="11" font-weight="700">{stop.number}</text>'
        for stop, (x, y) in zip(walk.stops, points, strict=True)
    )
    return (
        f'<svg class="route" viewBox="0 0 200 200" role="img" aria-label="Vägen mellan stoppen, norr uppåt">'
        f'<polyline points="{line}" fill="none" stroke="#0E4436" stroke-width="3"/>{dots}</svg>'
    )
