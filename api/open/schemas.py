"""The forms of the feed's answers for the description of the API (OpenAPI 3.1).

Written by us after Open Referral UK 3.0 (HSDS-UK); fields that it requires are required here, and
further properties are allowed everywhere, as the standard allows them.
"""

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1}
_UUID: Schema = {"type": "string", "format": "uuid"}
_URI: Schema = {"type": "string", "format": "uri"}
_EMAIL: Schema = {"type": "string", "format": "email"}
_DAY: Schema = {"type": "string", "format": "date"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_NUMBER: Schema = {"type": "number"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_YES: Schema = {"type": "boolean"}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _form(required: str, about: str = "", /, **properties: Schema) -> Schema:
    return {
        "type": "object",
        **({"required": required.split()} if required else {}),
        "properties": properties,
        **({"description": about} if about else {}),
    }


_EXTRAS: Schema = {
    "type": "object",
    "description": "What the standard has no field for: who may come and on which conditions, ways "
    "in, who takes part, periods of funding.",
}

_RECORDS: Mapping[str, Schema] = {
    "About": _form(
        "version profile openapi_url",
        version={"const": "HSDS-UK-3.0"},
        profile=_URI,
        openapi_url=_URI,
        fingerpost=_EXTRAS,
    ),
    "Taxonomy": _form(
        "id name description",
        id=_UUID,
        name=_TEXT,
        description=_TEXT,
        uri=_URI,
        version=_TEXT,
        taxonomy_terms=_list(_ref("TaxonomyTerm")),
    ),
    "TaxonomyTerm": _form(
        "id name description",
        id=_UUID,
        name=_TEXT,
        description=_TEXT,
        code=_TEXT,
        parent_id=_UUID,
        taxonomy=_TEXT,
        taxonomy_id=_UUID,
        term_uri=_URI,
    ),
    "Organization": _form(
        "id name description",
        id=_UUID,
        name=_TEXT,
        alternate_name=_TEXT,
        description=_TEXT,
        email=_EMAIL,
        website=_URI,
        parent_organization_id=_UUID,
        organization_identifiers=_list(
            _form(
                "id identifier_type identifier",
                id=_UUID,
                identifier_type=_TEXT,
                identifier_scheme=_TEXT,
                identifier=_TEXT,
            )
        ),
        services=_list(_ref("Service")),
        fingerpost=_EXTRAS,
    ),
    "Location": _form(
        "id location_type",
        id=_UUID,
        location_type={"enum": ["physical", "postal", "virtual"]},
        name=_TEXT,
        description=_TEXT,
        latitude={"type": "number", "minimum": -90, "maximum": 90},
        longitude={"type": "number", "minimum": -180, "maximum": 180},
        addresses=_list(
            _form(
                "id address_1 city state_province postal_code country address_type",
                id=_UUID,
                address_1=_TEXT,
                city=_TEXT,
                state_province=_TEXT,
                postal_code=_TEXT,
                country=_TEXT,
                address_type={"enum": ["physical", "postal", "virtual"]},
            )
        ),
        accessibility=_list(_form("id", id=_UUID, description=_TEXT)),
    ),
    "Service": _form(
        "id name status",
        "A service in full; lists leave out the fields that are lists, unless `full=true`.",
        id=_UUID,
        name=_TEXT,
        status={"enum": ["active", "inactive", "defunct", "temporarily closed"]},
        alternate_name=_TEXT,
        description=_TEXT,
        url=_URI,
        email=_EMAIL,
        fees=_TEXT,
        minimum_age=_NUMBER,
        maximum_age=_NUMBER,
        assured_date=_DAY,
        last_modified=_MOMENT,
        alert={
            **_TEXT,
            "description": "What must be read first: that a record is historical, or invented.",
        },
        organization_id=_UUID,
        organization=_ref("Organization"),
        attributes=_list(
            _form(
                "id",
                id=_UUID,
                link_id=_UUID,
                link_type=_TEXT,
                taxonomy_term_id=_UUID,
                taxonomy_term=_ref("TaxonomyTerm"),
            )
        ),
        service_areas=_list(
            _form("id", id=_UUID, name=_TEXT, extent=_TEXT, extent_type=_TEXT, uri=_URI)
        ),
        service_at_locations=_list(_ref("ServiceAtLocation")),
        schedules=_list(
            _form(
                "id",
                id=_UUID,
                freq={"enum": ["WEEKLY", "MONTHLY"]},
                byday=_TEXT,
                opens_at=_TEXT,
                closes_at=_TEXT,
            )
        ),
        languages=_list(_form("id", id=_UUID, code=_TEXT, name=_TEXT)),
        phones=_list(_form("id number", id=_UUID, number=_TEXT)),
        contacts=_list(_form("id", id=_UUID)),
        funding=_list(_form("id", id=_UUID, source=_TEXT)),
        fingerpost=_EXTRAS,
    ),
    "ServiceAtLocation": _form(
        "id",
        id=_UUID,
        service_id=_UUID,
        location_id=_UUID,
        service=_ref("Service"),
        location=_ref("Location"),
    ),
}
_MINIMAL = _form("id", "With `minimal=true`.", id=_UUID, modified_date=_MOMENT)
_PAGED = ("Service", "Organization", "Taxonomy", "TaxonomyTerm", "ServiceAtLocation")


def _page(of: str) -> Schema:
    items = {"anyOf": [_ref(of), _ref("Minimal")]} if of.startswith("Service") else _ref(of)
    return _form(
        "total_items total_pages page_number size first_page last_page empty contents",
        f"A page of {of} records. Every page but the last is full.",
        total_items=_COUNT,
        total_pages={"type": "integer", "minimum": 1},
        page_number={"type": "integer", "minimum": 1},
        size=_COUNT,
        first_page=_YES,
        last_page=_YES,
        empty=_YES,
        contents=_list(items),
        fingerpost=_form("", notice=_TEXT),
    )


SCHEMAS: Mapping[str, Schema] = {
    **_RECORDS,
    "Minimal": _MINIMAL,
    **{f"{name}Page": _page(name) for name in _PAGED},
}
"""The component schemas, by name."""
