"""What GeoReport v2 demands of JSON answers, as JSON Schema (draft 4).

Written anew from the specification's tables. The schemas that the Open311 community has published demand the same of
types and of what is required, but carry no licence, so none of their text is here.
"""

from typing import Any

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string", "minLength": 1}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_MAYBE_NUMBER: Schema = {"type": ["number", "null"]}
_TIME: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}


def _rows(required: list[str], properties: Schema) -> Schema:
    row = {"type": "object", "required": required, "properties": properties, "additionalProperties": False}
    return {"type": "array", "minItems": 1, "items": row}


SERVICES = _rows(
    ["service_code", "service_name", "metadata", "type"],
    {
        "service_code": _TEXT,
        "service_name": _TEXT,
        "description": _MAYBE_TEXT,
        "metadata": {"type": "boolean"},
        "type": {"enum": ["realtime", "batch", "blackbox"]},
        "keywords": _MAYBE_TEXT,
        "group": _MAYBE_TEXT,
    },
)
DEFINITION: Schema = {
    "type": "object",
    "required": ["service_code", "attributes"],
    "additionalProperties": False,
    "properties": {
        "service_code": _TEXT,
        "attributes": _rows(
            ["variable", "code", "datatype", "required"],
            {
                "variable": {"type": "boolean"},
                "code": _TEXT,
                "datatype": {"enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]},
                "required": {"type": "boolean"},
                "datatype_description": _MAYBE_TEXT,
                "order": {"type": ["integer", "null"], "minimum": 1},
                "description": _MAYBE_TEXT,
                "values": _rows(["key", "name"], {"key": _TEXT, "name": _TEXT}),
            },
        ),
    },
}
REQUESTS = _rows(
    ["service_request_id", "status", "service_code", "requested_datetime"],
    {
        "service_request_id": _TEXT,
        "status": {"enum": ["open", "closed"]},
        "status_notes": _MAYBE_TEXT,
        "service_name": _MAYBE_TEXT,
        "service_code": _TEXT,
        "description": _MAYBE_TEXT,
        "agency_responsible": _MAYBE_TEXT,
        "service_notice": _MAYBE_TEXT,
        "requested_datetime": _TIME,
        "updated_datetime": _TIME,
        "expected_datetime": {"anyOf": [_TIME, {"type": "null"}]},
        "address": _MAYBE_TEXT,
        "address_id": _MAYBE_TEXT,
        "zipcode": _MAYBE_TEXT,
        "lat": _MAYBE_NUMBER,
        "long": _MAYBE_NUMBER,
        "media_url": _MAYBE_TEXT,
    },
)
