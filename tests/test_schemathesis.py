"""What the applications say of themselves in OpenAPI is so: tried by Schemathesis, all checks.

A test of the suite tries a few examples of every operation, in seconds. To try hard, set
FINGERPOST_TRIES, for instance to 300.
"""

import os
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from public_home import TODAY, public_home
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from api.public import create_public_app
from api.published import Published
from api.staff import create_staff_app
from graph.release import Release
from graph.stores.neo4j import Neo4jStore
from graph.stores.protocol import Store
from ontology.schema import Schema

TRIES = int(os.environ.get("FINGERPOST_TRIES", "1"))
HOST = "http://localhost"
SECONDS = 60  # Machines are noisy: how long an answer takes is tried elsewhere.
# What only a store knows: with these every choice that the description allows can be answered.
KNOWN: Mapping[str, tuple[str, ...]] = {
    "partnership": ("dudley", "luton", ""),
    "without": ("dudley/agency/chadd", "luton/agency/lbc", ""),
    "group": ("shared/client-group/men", "shared/client-group/children"),
    "need": ("shared/need/advocacy",),
    "begin": ("dudley/agency/chadd",),
    "slug": ("dudley",),
    "name": ("funding.unfunded",),
}
KEPT_APART = "Imports and releases"
"""What changes a release has tests of its own (tests/test_import_api.py)."""


def _spec(app: FastAPI, known: bool) -> dict[str, Any]:
    """The description of an application, with what its store knows where that is wanted."""
    described = app.openapi()
    if not known:
        return described
    paths: dict[str, Any] = {}
    for path, operations in described["paths"].items():
        paths[path] = {m: _narrowed(operation) for m, operation in operations.items()}
    return {**described, "paths": paths}


def _narrowed(operation: Mapping[str, Any]) -> dict[str, Any]:
    parameters = []
    for parameter in operation.get("parameters", ()):
        names, schema = KNOWN.get(parameter["name"]), parameter["schema"]
        if parameter["name"] == "cursor":
            schema = {"type": "string", "maxLength": 0}
        elif names and schema.get("type") == "array":
            schema = {**schema, "items": {"enum": list(names)}, "maxItems": 3}
        elif names:
            schema = {"enum": list(names)}
        elif parameter["name"] == "row":
            schema = {"enum": [1]}
        parameters.append({**parameter, "schema": schema})
    return {**operation, "parameters": parameters}


def _try(app: FastAPI, modes: tuple[GenerationMode, ...], examples: int, *, known: bool) -> int:
    """Try every operation; how many requests were made."""
    schema = schemathesis.openapi.from_dict(_spec(app, known))
    schema.app = app
    made = count()
    for found in schema.get_all_operations():
        operation = found.ok()
        if KEPT_APART in (operation.definition.raw.get("tags") or ()):
            continue
        has_choices = bool(operation.definition.raw.get("parameters"))
        for mode in modes if has_choices else (GenerationMode.POSITIVE,):

            @seed(1)
            @settings(
                max_examples=examples * TRIES,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(
                case=operation.as_strategy(generation_mode=mode),
                accept=st.sampled_from(_forms(operation)),
            )
            def tried(case: Any, accept: str) -> None:
                next(made)
                # A text is a table by the description; whether it is a good one, by its reader.
                excluded = [positive_data_acceptance] if case.method == "POST" else []
                case.call_and_validate(
                    base_url=HOST,
                    headers={"Accept": accept},
                    timeout=SECONDS,
                    excluded_checks=excluded,
                )

            tried()
    return next(made)


def _forms(operation: Any) -> list[str]:
    """The forms to ask an operation for: those that it answers in, and any."""
    offered = operation.definition.raw["responses"].get("200", {}).get("content", ())
    return [*offered, "*/*"]


@pytest.fixture
def staff(store: Store, schema: Schema) -> FastAPI:
    return create_staff_app(store, schema)


def test_the_staff_application_keeps_its_word(staff: FastAPI) -> None:
    made = _try(staff, (GenerationMode.POSITIVE,), 2, known=True)
    assert made >= 65 * 2


def test_what_is_not_of_the_described_form_is_refused(staff: FastAPI) -> None:
    _try(staff, (GenerationMode.NEGATIVE,), 2, known=False)


def test_the_staff_application_keeps_its_word_over_neo4j(
    neo4j_store: Store, schema: Schema
) -> None:
    _try(create_staff_app(neo4j_store, schema), (GenerationMode.POSITIVE,), 1, known=True)


def test_the_public_application_keeps_its_word(
    release: Release, schema: Schema, tmp_path: Path
) -> None:
    home = public_home(tmp_path / "home", release, schema)
    app = create_public_app(Published(home, schema), today=lambda: TODAY)
    _try(app, (GenerationMode.POSITIVE, GenerationMode.NEGATIVE), 2, known=False)


def test_with_the_store_down_every_answer_is_a_503_as_described(schema: Schema) -> None:
    """`not_a_server_error` and acceptance cannot hold here; the forms of the answers must."""
    store = Neo4jStore("bolt://127.0.0.1:9")
    app = create_staff_app(store, schema)
    spec = schemathesis.openapi.from_dict(_spec(app, known=True))
    spec.app = app
    statuses = set()
    for found in spec.get_all_operations():
        operation = found.ok()
        if KEPT_APART in (operation.definition.raw.get("tags") or ()):
            continue

        @seed(1)
        @settings(max_examples=1, deadline=None, database=None, phases=[Phase.generate])
        @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
        def tried(case: Any) -> None:
            answer = case.call(
                base_url=HOST, headers={"Accept": "application/json"}, timeout=SECONDS
            )
            statuses.add(answer.status_code)
            case.validate_response(
                answer,
                excluded_checks=[
                    schemathesis.checks.not_a_server_error,
                    positive_data_acceptance,
                ],
            )

        tried()
    store.close()
    # The catalogue needs no store; tables are read before the store is asked.
    assert 503 in statuses
    assert statuses <= {200, 415, 422, 503}
