"""How much of the hand-made tables the reader of plans finds in the documents themselves."""

from pathlib import Path

from graph.imports.plan.draft import read_plan
from graph.imports.plan.measure import measure
from graph.sources.folder import read_folder
from ontology.schema import Schema

ROOT = Path(__file__).parent.parent
SEEDS = ROOT.parent / "shared" / "seeds"
DOCUMENTS = {"slough": "000", "dudley": "002", "luton": "003", "southend": "004"}


def plans(schema: Schema) -> list[dict[str, str | float]]:
    """How much of the hand-made tables the reader of plans finds in the documents themselves."""
    if not SEEDS.exists():
        print("\nno documents beside the project: plans are not measured")
        return []
    found: list[dict[str, str | float]] = []
    print(f"\n{'plan, read without known names':34} {'what':>10} {'precision':>10} {'recall':>8}")
    for slug, number in DOCUMENTS.items():
        (path,) = SEEDS.glob(f"{number}_*")
        tables, _ = read_folder(ROOT / "graph" / "partnerships" / slug, schema)
        for figure in measure(read_plan(path, slug, schema), tables):
            print(f"{slug:34} {figure.what:>10} {figure.precision:10.2f} {figure.recall:8.2f}")
            found.append(
                {
                    "plan": slug,
                    "what": figure.what,
                    "precision": figure.precision,
                    "recall": figure.recall,
                }
            )
    return found
