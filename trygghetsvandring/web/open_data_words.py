"""How open data describes itself: OGC API Features' own pages and OpenAPI, DCAT-AP, and a page for who reads."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.sync.open_data import COLUMNS
from trygghetsvandring.web.folj_frame import ACCESS, SHEET
from trygghetsvandring.web.plain import ICON, text

OGC, DATA, COLLECTION = "/ogc", "/oppna-data", "fynd"
OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"
CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"  # the standard's own name for it, not an address of ours
CONFORMS: Final = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{part}" for part in ("core", "oas30", "geojson")
)
LICENCE: Final = "http://creativecommons.org/publicdomain/zero/1.0/"
_TITLE: Final = "Fynd från trygghetsvandringar"
_ABOUT: Final = (
    "Det som någon i kommunen har godkänt att visa: vad det gäller, ungefär var, och hur det går. "
    "Platsen är avrundad till ungefär hundra meter. Ingenting handlar om enskilda människor."
)
_MEANS: Final = {
    "id": "Samma nummer som i Open311",
    "kategori": "Vad det gäller",
    "kategori_kod": "Kategorins kod",
    "text": "Kommunens egna ord",
    "plats": "Platsen i ord",
    "status": "Som i Open311: OPEN, IN_PROGRESS, FIXED …",
    "status_text": "Vad som har hänt, och varför",
    "ansvarig": "Vem som har det",
    "inkom": "När det kom in",
    "andrad": "När något sist ändrades",
    "foto": "Ett foto som får visas",
}
_KEYWORDS: Final = ("trygghet", "belysning", "trygghetsvandring")
Json = dict[str, Any]


def link(rel: str, href: str, media: str, title: str = "") -> Json:
    return {"rel": rel, "href": href, "type": media} | ({"title": title} if title else {})


def _root(here: Municipality, base: str) -> str:
    return f"{base}{OGC}/{here.id}"


def landing(here: Municipality, base: str) -> Json:
    root, json = _root(here, base), "application/json"
    return {
        "title": f"{_TITLE}, {here.name}",
        "description": _ABOUT,
        "links": [
            link("self", root, json),
            link("service-desc", f"{root}/api", OPENAPI),
            link("service-doc", f"{base}{DATA}/{here.id}", "text/html"),
            link("conformance", f"{root}/conformance", json),
            link("data", f"{root}/collections", json),
            link("license", LICENCE, "text/html"),
        ],
    }


def collections(here: Municipality, base: str) -> Json:
    mine = link("self", f"{_root(here, base)}/collections", "application/json")
    return {"links": [mine], "collections": [collection(here, base)]}


def collection(here: Municipality, base: str) -> Json:
    it = f"{_root(here, base)}/collections/{COLLECTION}"
    return {
        "id": COLLECTION,
        "title": f"{_TITLE}, {here.name}",
        "description": _ABOUT,
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            link("self", it, "application/json"),
            link("items", f"{it}/items", "application/geo+json"),
            link("license", LICENCE, "text/html"),
        ],
    }


def of_item(here: Municipality, base: str, id: UUID) -> Sequence[Json]:
    it = f"{_root(here, base)}/collections/{COLLECTION}"
    return [
        link("self", f"{it}/items/{id}", "application/geo+json"),
        link("collection", it, "application/json"),
    ]


# ---------------------------------------------------------------- OpenAPI 3.0, as the standard asks


def definition(here: Municipality, base: str) -> Json:
    of, string = f"/collections/{COLLECTION}", {"type": "string"}

    def get(what: str, media: str = "application/json", parameters: Sequence[Json] = ()) -> Json:
        content = {media: {"schema": {"type": "object"}}}
        problem = {"description": "Avvisat, med kod och vanliga ord"}
        answers = {"200": {"description": "Svaret", "content": content}, "400": problem, "404": problem}
        return {"get": {"summary": what, "parameters": list(parameters), "responses": answers}}

    asks: list[Json] = [
        {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}},
        {
            "name": "bbox",
            "in": "query",
            "explode": False,
            "style": "form",
            "schema": {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}},
        },
        {"name": "datetime", "in": "query", "schema": string},
        {"name": "efter", "in": "query", "description": "Ur länken next", "schema": string},
    ]
    id = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    return {
        "openapi": "3.0.3",
        "info": {"title": f"{_TITLE}, {here.name}", "version": "1"},
        "servers": [{"url": _root(here, base)}],
        "paths": {
            "/": get("Vad som finns"),
            "/conformance": get("Vad som följs"),
            "/collections": get("Samlingarna"),
            of: get("Fynden, beskrivna"),
            f"{of}/items": get("Fynden, nyast först", "application/geo+json", asks),
            f"{of}/items/{{id}}": get("Ett fynd", "application/geo+json", [id]),
        },
    }


# ---------------------------------------------------------------- DCAT-AP


def catalogue(here: Municipality, base: str) -> Json:
    """JSON-LD by DCAT-AP: one data set, its three ways, who publishes it, and the licence."""
    files, root = f"{base}{DATA}/{here.id}", _root(here, base)
    media = "https://www.iana.org/assignments/media-types/"
    kinds = "http://publications.europa.eu/resource/authority/"
    publisher = {"@id": f"{files}#utgivare", "@type": "foaf:Agent", "foaf:name": here.name}

    def way(name: str, url: str, type: str, file_type: str) -> Json:
        return {
            "@id": f"{files}#{name}",
            "@type": "dcat:Distribution",
            "dct:title": {"@value": f"{_TITLE} ({name})", "@language": "sv"},
            "dcat:accessURL": {"@id": url},
            "dcat:mediaType": {"@id": f"{media}{type}"},
            "dct:format": {"@id": f"{kinds}file-type/{file_type}"},
            "dct:license": {"@id": LICENCE},
        }

    ogc = way("ogc", root, "application/geo+json", "GEOJSON") | {"dct:conformsTo": {"@id": CONFORMS[0]}}
    data_set = {
        "@id": f"{files}#fynd",
        "@type": "dcat:Dataset",
        "dct:title": {"@value": f"{_TITLE}, {here.name}", "@language": "sv"},
        "dct:description": {"@value": _ABOUT, "@language": "sv"},
        "dct:publisher": {"@id": publisher["@id"]},
        "dct:accrualPeriodicity": {"@id": f"{kinds}frequency/CONT"},
        "dct:accessRights": {"@id": f"{kinds}access-right/PUBLIC"},
        "dct:language": {"@id": f"{kinds}language/SWE"},
        "dcat:landingPage": {"@id": files},
        "dcat:theme": {"@id": f"{kinds}data-theme/GOVE"},
        "dcat:keyword": [{"@value": word, "@language": "sv"} for word in _KEYWORDS],
        "dcat:distribution": [
            way("csv", f"{files}/fynd.csv", "text/csv", "CSV") | {"dcat:downloadURL": {"@id": f"{files}/fynd.csv"}},
            way("geojson", f"{files}/fynd.geojson", "application/geo+json", "GEOJSON")
            | {"dcat:downloadURL": {"@id": f"{files}/fynd.geojson"}},
            ogc,
        ],
    }
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
        },
        "@graph": [
            {
                "@id": files,
                "@type": "dcat:Catalog",
                "dct:title": {"@value": f"Öppna data om trygghet, {here.name}", "@language": "sv"},
                "dct:description": {"@value": _ABOUT, "@language": "sv"},
                "dct:publisher": {"@id": publisher["@id"]},
                "dct:license": {"@id": LICENCE},
                "dcat:dataset": {"@id": data_set["@id"]},
            },
            data_set,
            publisher,
        ],
    }


# ---------------------------------------------------------------- for who reads


def page(here: Municipality, base: str) -> str:
    files, rows = f"{DATA}/{text(here.id)}", "".join(f"<dt>{name}</dt><dd>{_MEANS[name]}</dd>" for name in COLUMNS)
    title = f"Öppna data om trygghet, {here.name}"
    return (
        '<!doctype html>\n<html lang="sv">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{text(title)}</title>\n<link rel="stylesheet" href="{SHEET}">\n{ICON}'
        f'<link rel="alternate" type="application/ld+json" href="{files}/katalog.jsonld">\n</head>\n<body>\n'
        f'<header><p class="from">{text(here.name)}</p></header>\n<main>\n<h1>{text(title)}</h1>\n'
        f'<p class="ing">{_ABOUT}</p>\n<p>Du får använda allt fritt (CC0). Det du hämtar är som det är just nu. '
        "Tas något bort är det borta nästa gång du hämtar.</p>\n"
        "<h2>Hämta</h2>\n<ul>"
        f'<li><a href="{files}/fynd.csv">CSV</a> för kalkylark.</li>'
        f'<li><a href="{files}/fynd.geojson">GeoJSON</a> för kartor.</li>'
        f'<li><a href="{files}/katalog.jsonld">Beskrivning</a> (DCAT-AP) för kataloger.</li></ul>\n'
        "<h2>Fråga direkt</h2>\n<p>För kartprogram som läser OGC API Features. Skriv in den här adressen:</p>\n"
        f"<p><code>{text(_root(here, base))}</code></p>\n"
        f"<p>Open311 finns också: <code>{text(base)}/open311/v2</code></p>\n"
        f"<h2>Vad varje fynd berättar</h2>\n<dl>{rows}</dl>\n"
        f'<p>Vill du hellre läsa? Gå till <a href="/folj/{text(here.id)}">Följ hur det går!</a></p>\n'
        f'<footer><ul><li><a href="/folj/{text(here.id)}{ACCESS}">Tillgänglighet</a></li></ul></footer>\n'
        "</main>\n</body>\n</html>\n"
    )
