"""What a paper for publication may know: nothing for staff alone, and no place of a refuge."""

import shutil
from pathlib import Path

import pytest

from graph.build import build_dataset
from graph.errors import ReleaseError
from graph.for_publication import for_publication, publishable, published
from graph.release import Release, nquads, read_quads, write_release
from graph.stores.protocol import Store
from ontology.schema import Schema
from queries.ask import fact, partnerships

PARTNERSHIPS = Path(__file__).parent.parent / "graph" / "partnerships"

SECRETS = {
    "a group that only a hidden service is for": {
        "client_groups": "hidden-sect,People of the hidden sect,,,,,,list-2026,section 1,stated\n",
        "services": "canary,Canary Row,operating,list-2026,section 1,stated,staff\n",
        "reaches": "re-canary,canary,hidden-sect,specialist,list-2026,section 1,stated\n",
    },
    "a figure of a hidden service": {
        "services": "canary,Canary Row,operating,list-2026,section 1,stated,staff\n",
        "observations": "ob-canary,me-referrals,canary,10,referral,list-2026,section 1,stated\n",
    },
    "a part of a hidden service, for staff too": {
        "services": "canary,Canary Row,operating,list-2026,section 1,stated,staff\n",
        "provisions": "pr-canary,kestrelgate,provides,canary,list-2026,section 1,stated\n",
        "referrals": "rf-canary,county-helpline,canary,missing,list-2026,section 1,stated\n",
    },
    "a gap for staff": {
        "gaps": "gap-canary,Canary gap,no service,list-2026,section 1,stated,staff\n",
    },
}
"""Rows for staff, by the columns that `with_rows` gives them."""
COLUMNS = {
    "client_groups": (
        "id,name,also called,broader,excludes,description,characteristic,source,place,basis"
    ),
    "services": "id,name,standing,source,place,basis,visibility",
    "reaches": "id,service,group,strength,source,place,basis",
    "observations": "id,measure,about,value,unit,source,place,basis",
    "provisions": "id,agency,role,service,source,place,basis",
    "referrals": "id,from,to,status,source,place,basis",
    "gaps": "id,name,kind of gap,source,place,basis,visibility",
}


def world(root: Path, schema: Schema, rows: dict[str, str], toml: str = "") -> Release:
    """The invented partnership, with some more rows."""
    folder = root / "example"
    shutil.copytree(PARTNERSHIPS / "example", folder)
    about = (folder / "partnership.toml").read_text(encoding="utf-8").split("[counts]")[0]
    (folder / "partnership.toml").write_text(about + toml, encoding="utf-8")
    for table, more in rows.items():
        path = folder / f"{table}.csv"
        lines = path.read_text(encoding="utf-8").splitlines()
        headers, wanted = lines[0].split(","), COLUMNS[table].split(",")
        for header in wanted:
            if header not in headers:
                headers.append(header)
        lines[0] = ",".join(headers)
        for line in more.splitlines():
            cells = dict(zip(wanted, line.split(","), strict=True))
            lines.append(",".join(cells.get(header, "") for header in headers))
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return write_release(build_dataset([folder], schema), root / "home")


def told(release: Release, schema: Schema) -> bytes:
    quads, _ = publishable(read_quads(release), schema)
    return nquads(quads)


@pytest.fixture(scope="module")
def plain(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return told(world(tmp_path_factory.mktemp("plain"), schema, {}), schema)


@pytest.mark.parametrize("secret", SECRETS)
def test_what_is_for_staff_changes_nothing(
    tmp_path: Path, schema: Schema, plain: bytes, secret: str
) -> None:
    release = world(tmp_path, schema, SECRETS[secret])
    assert b"anary" in release.path.read_bytes()
    assert told(release, schema) == plain


def test_a_source_that_only_staff_records_cite_is_not_told(
    tmp_path: Path, schema: Schema, plain: bytes
) -> None:
    visit = (
        '[[sources]]\nid = "visit"\ntitle = "Secret visit to Canary Row"\nkind = "report"\n'
        'date = "2026-07-15"\n'
    )
    rows = {"gaps": "gap-canary,Canary gap,no service,visit,page 1,stated,staff\n"}
    release = world(tmp_path, schema, rows, visit)
    assert told(release, schema) == plain
    with published(release, schema) as store:
        assert [str(p.newest) for p in partnerships(store)] == ["2026-06-30"]


def test_a_refuge_named_after_its_district_loses_that_name(tmp_path: Path, schema: Schema) -> None:
    # Carrowfen is a district of Eastmarch: its areas.csv says so.
    path = tmp_path / "changed"
    shutil.copytree(PARTNERSHIPS / "example", path / "example")
    services = path / "example" / "services.csv"
    text = services.read_text(encoding="utf-8")
    services.write_text(text.replace("Kestrelgate Refuge", "Carrowfen Refuge"), encoding="utf-8")
    release = write_release(build_dataset([path / "example"], schema), tmp_path / "home")
    with published(release, schema) as store:
        names = {row["name"] for row in fact(store, "services", ["example"])}
    assert "Carrowfen Refuge" not in names and "Refuge" in names


def test_gaps_actions_and_money_in_doubt_are_there(release: Release, schema: Schema) -> None:
    with published(release, schema) as store:
        assert fact(store, "gaps", ["dudley"]) and fact(store, "paper_actions", ["dudley"])
        states = {row["status"] for row in fact(store, "awards", ["dudley"])}
    assert states >= {"secured", "at risk", "proposed"}


def test_a_store_whose_release_is_not_at_home_is_refused(
    store: Store, schema: Schema, tmp_path: Path
) -> None:
    with (
        pytest.raises(ReleaseError, match="fingerpost build"),
        for_publication(tmp_path, store, schema),
    ):
        raise AssertionError("nothing is there to publish")
