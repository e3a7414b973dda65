"""An association's walked evenings: counted, attested by a named person, and taken home as a file."""

import csv
import hashlib
import io
from dataclasses import dataclass, replace
from datetime import date

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import attestations as rules
from trygghetsvandring.domain.attestations import Attestation, WalkedEvening
from trygghetsvandring.domain.departments import Organisation
from trygghetsvandring.domain.errors import SeenHasMoved
from trygghetsvandring.domain.field_lists import plain as no_formula
from trygghetsvandring.domain.ids import attestation_id
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.storage import municipalities, records, rota
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import BadParameter, NotFound, problem
from trygghetsvandring.web.paper_files import answer

_FORMATS = frozenset({"html", "pdf", "docx", "xlsx"})


class Attest(msgspec.Struct, kw_only=True):
    """`digest` of the rows that the person has before them; `name` is theirs."""

    party: str
    first: date
    last: date
    digest: str
    name: str


@dataclass(frozen=True, slots=True)
class Counted:
    here: Municipality
    party: Organisation
    rows: tuple[WalkedEvening, ...]

    @property
    def digest(self) -> str:
        return hashlib.sha256(msgspec.json.encode(self.rows)).hexdigest()


async def _counted(db: Db, municipality: str, party: str, first: date, last: date, today: date) -> Counted:
    here = await municipalities.municipality(db, municipality)
    if here is None:
        raise NotFound()
    of = rules.must_be_association(here.organisation(party))
    rules.must_be_period(first, last, today)
    passes = await rota.logged(db, here.id, of.id, first, last)
    evenings = await rota.evenings(db, here.id, first, last)
    return Counted(here, of, rules.rows(of.id, passes, evenings, first, last))


async def preview(request: Request) -> Response:
    """`AttestationView`: what would be attested now, and every attestation there is of the party."""
    asker, today = routing.principal(request), day_of(routing.now(request))
    first, last = (_day(request, name) for name in ("first", "last"))
    async with routing.house(request).store.read() as db:
        it = await _counted(db, asker.municipality, request.query_params.get("party", ""), first, last, today)
        before = await rota.attested(db, asker.municipality, it.party.id)
    return routing.json(
        {
            "rows": it.rows,
            "totals": rules.totals(it.rows),
            "digest": it.digest,
            "attested": [{**_told(one), "overlaps": _overlaps(one, first, last)} for one in before],
        }
    )


def _overlaps(it: Attestation, first: date, last: date) -> bool:
    return it.taken_back is None and it.first <= last and first <= it.last


def _told(it: Attestation) -> dict[str, object]:
    names = ("id", "version", "first", "last", "signed_by", "signed_at", "taken_back")
    return {**{name: getattr(it, name) for name in names}, "totals": rules.totals(it.rows)}


def _day(request: Request, name: str) -> date:
    try:
        return date.fromisoformat(request.query_params.get(name, ""))
    except ValueError:
        raise BadParameter(name=name) from None


async def attest(request: Request) -> Response:
    """What is attested is counted anew here, and must be what the person has read. Sent twice it is attested once."""
    body, asker = await routing.read(request, Attest), routing.principal(request)
    house, now = routing.house(request), routing.now(request)
    async with house.store.read() as db:
        it = await _counted(db, asker.municipality, body.party, body.first, body.last, day_of(now))
        before = await rota.attested(db, asker.municipality, it.party.id)
    if body.digest != it.digest:
        raise SeenHasMoved()
    told = {
        "party": body.party,
        "first": body.first,
        "last": body.last,
        "rows": msgspec.to_builtins(it.rows),
        "name": body.name,
    }
    back = [one for one in before if one.taken_back is not None and (one.first, one.last) == (body.first, body.last)]
    turn = sum(one.rows == it.rows for one in back)
    id = attestation_id(it.here.id, it.party.id, f"{body.first}:{body.last}", it.digest, turn)
    by = replace(asker, device=None)  # by this route only: no desk pushes it
    outcome = await house.engine.act(by.municipality, "rota.attest", id, told, now, actor=by)
    if outcome.outcome != "applied":
        return problem(outcome.code or "refused", {})
    return routing.json({"id": id})


async def document(request: Request) -> Response:
    """As it was attested: html, pdf, docx, xlsx, or csv for Excel (semicolon, BOM)."""
    asker, format = routing.principal(request), str(request.path_params["format"])
    if format not in _FORMATS | {"csv"}:
        raise BadParameter(name="format")
    async with routing.house(request).store.read() as db:
        it = await records.one(db, asker.municipality, Attestation, routing.path_id(request))
        here = await municipalities.municipality(db, asker.municipality)
    if it is None or here is None:
        raise NotFound()
    mark = "" if it.taken_back is None else "galler-inte-"
    named = f"{mark}intyg-{it.party}-{it.first}-{it.last}"
    if format == "csv":
        return _csv(it, named)
    return await answer(rules.paper(it, here.name), format, named, it.signed_at)


def _csv(it: Attestation, named: str) -> Response:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(rules.COLUMNS)
    writer.writerows([no_formula(str(cell)) for cell in rules.cells(row)] for row in it.rows)
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{named}.csv"'}
    return Response(text.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


routes = [
    routing.route("/api/rota/attestations", preview, methods=["GET"], act=Act.KEEP_ROTA),
    routing.route("/api/rota/attestations", attest, methods=["POST"], act=Act.KEEP_ROTA),
    routing.route("/api/rota/attestations/{id:uuid}/{format}", document, methods=["GET"], act=Act.KEEP_ROTA),
]
