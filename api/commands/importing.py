"""Commands that bring other people's data in: read, look at, publish, take back.

An import never changes what is live. It makes a draft release; `diff` tells what would change, and
`publish` makes it the live one. Files from outside are read in a process of their own, with limits
(see graph/sandbox.py).
"""

import datetime
import getpass
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.commands.common import StoreOption, mendable, opened_store, out_console, say, step
from api.commands.data import load_release
from api.settings import Settings
from graph import drafts, importing
from graph.diff import in_words
from graph.errors import FingerpostError, InputError
from graph.imports import feed, openreferral
from graph.imports.imported import Imported, Left
from graph.imports.mapping import FileMapping, write_mapping
from graph.imports.plan.review import write_draft
from graph.release import read_graph
from graph.sandbox import read_safely
from graph.sources.marked import marked_path
from graph.sources.reading import WORKBOOK
from ontology.schema import Schema, default_schema

app = typer.Typer()
imports = typer.Typer(
    name="import",
    no_args_is_help=True,
    help="Read a workbook, an action plan, a feed, grants, contracts or RDF into a draft.",
)
app.add_typer(imports)

Into = Annotated[str, typer.Option("--partnership", help="The partnership's folder name.")]
ByOption = Annotated[
    str | None, typer.Option("--by", help="Who does it, for the history; else the user's name.")
]


def _by(who: str | None) -> drafts.By:
    # The history says when; this is one of the few places where a clock is read.
    return importing.acting(who or getpass.getuser(), datetime.datetime.now(datetime.UTC))


# ---------------------------------------------------------------- reading


@imports.command("workbook")
def import_workbook(
    path: Annotated[Path, typer.Argument(help="A workbook, a CSV file, or a folder of CSV files.")],
    partnership: Annotated[
        str | None,
        typer.Option("--partnership", help="Needed for a sheet of your own; else the file's name."),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="How the columns of your own sheet are ours.")
    ] = None,
    by: ByOption = None,
) -> None:
    """Read the form filled in, or a sheet of your own with a mapping that is proposed to you."""
    with mendable():
        schema = default_schema()
        if not path.exists():
            raise FingerpostError(f"{path} is not there. Check its name.")
        if mapping is None and importing.is_form(path, schema):
            with step(f"reading {path.name}"):
                imported = importing.read_form(path, schema, _tell)
            _draft(imported, [path], by, whole=True)
            return
        if partnership is None:
            raise FingerpostError(
                f"{path.name} is not in the form of fingerpost template. To read it as it is, name "
                "the partnership it belongs to: --partnership dudley"
            )
        if mapping is None:
            _propose(path, partnership, schema)
            return
        with step(f"reading {path.name}"):
            imported, how = importing.read_own_sheet(path, mapping, partnership, schema, _tell)
        _draft(imported, [path, mapping], by, mapping=how)


def _propose(path: Path, slug: str, schema: Schema) -> None:
    with step(f"looking at {path.name}"):
        proposed = importing.proposed_mapping(path, slug, Settings().home, schema, _tell)
    out = path.with_suffix(".mapping.toml")
    if out.exists():
        raise FingerpostError(f"{out} is there already. Import with it: --mapping {out}")
    write_mapping(proposed, out, schema)
    say(
        f"Wrote {out}: how its columns could become ours. Correct it, then: "
        f"fingerpost import workbook {path} --partnership {slug} --mapping {out}"
    )


@imports.command("plan")
def import_plan(
    path: Annotated[Path, typer.Argument(help="An action plan: .docx, .pdf, .html, .txt or .md.")],
    partnership: Into,
    out: Annotated[
        Path | None, typer.Option("--out", help="The workbook to write; else <partnership>.xlsx.")
    ] = None,
) -> None:
    """Read an action plan into a draft workbook for review. Nothing is published."""
    with mendable():
        schema = default_schema()
        target = out or Path(f"{importing.partnership_named(partnership)}{WORKBOOK}")
        if target.name != f"{partnership}{WORKBOOK}":
            raise FingerpostError(
                f"A workbook is read as the partnership it is named by: --out "
                f"{target.with_name(partnership + WORKBOOK)}"
            )
        if target.exists():
            raise FingerpostError(f"{target} is there already. Name another: --out")
        with step(f"reading {path.name}"):
            draft, known = importing.plan_drafted(path, partnership, Settings().home, schema, _tell)
        write_draft(draft, schema, target, known)
    _tell_left(draft.imported.left)
    rows = len(draft.imported.tables.rows)
    unsure = sum(sure < 0.6 for sure in draft.confidence.values())
    say(
        f"Wrote {target}: {rows} rows, {unsure} of them unsure (yellow; the sheet review lists the "
        f"least sure first). Look through it, then: fingerpost import workbook {target}"
    )


@imports.command("openreferral")
def import_openreferral(
    source: Annotated[str, typer.Argument(help="A JSON file, a folder, or a feed's address.")],
    partnership: Into,
    by: ByOption = None,
) -> None:
    """Read an Open Referral (UK) feed: services, organisations, areas, and whom they are for."""
    if "://" not in source:
        _import_file("openreferral", Path(source), partnership, by)
        return
    with mendable():
        slug, schema = importing.partnership_named(partnership), default_schema()
        with tempfile.TemporaryDirectory() as folder:
            saved = Path(folder)
            with step(f"fetching {source}"):
                problems = feed.fetch(source, saved, _tell)
            if problems:
                raise InputError(problems)
            with step("reading what was fetched"):
                imported = read_safely(
                    openreferral.read_saved, saved, source, slug, schema, progress=_tell
                )
            _draft(imported, [saved], by)


@imports.command("grants")
def import_grants(
    path: Annotated[Path, typer.Argument(help="360Giving data: .json, .csv or .xlsx.")],
    partnership: Into,
    by: ByOption = None,
) -> None:
    """Read grants (360Giving): who pays whom, how much, until when."""
    _import_file("grants", path, partnership, by)


@imports.command("contracts")
def import_contracts(
    path: Annotated[Path, typer.Argument(help="OCDS data: a release or record package.")],
    partnership: Into,
    by: ByOption = None,
) -> None:
    """Read contracts (OCDS): who buys from whom, for how much, until when."""
    _import_file("contracts", path, partnership, by)


@imports.command("rdf")
def import_rdf(
    path: Annotated[Path, typer.Argument(help="Turtle, JSON-LD, RDF/XML, N-Quads or TriG.")],
    partnership: Into,
    by: ByOption = None,
) -> None:
    """Read RDF in our terms; what is said in other terms is counted and left."""
    _import_file("rdf", path, partnership, by)


def _import_file(form: str, path: Path, partnership: str, by: str | None) -> None:
    with mendable():
        slug = importing.partnership_named(partnership)
        with step(f"reading {path.name}"):
            imported = read_safely(
                importing.READERS[form], path, slug, default_schema(), progress=_tell
            )
        _draft(imported, [path], by)


def _tell(message: str) -> None:
    say(f"  {message}")


def _draft(
    imported: Imported,
    paths: Sequence[Path],
    by: str | None,
    *,
    whole: bool = False,
    mapping: FileMapping | None = None,
) -> None:
    """Make the draft and tell what it would change; of a workbook with problems a marked copy."""
    try:
        with step("validating"):
            made = importing.make_draft(
                imported,
                paths,
                _by(by),
                Settings().home,
                default_schema(),
                whole=whole,
                mapping=mapping,
                progress=_tell,
            )
    except InputError as error:
        for copy, marked in importing.marked_copies(error.problems, paths, marked_path):
            say(f"Wrote {copy}: the same workbook, with {marked} cells marked and commented.")
        raise
    _tell_left(made.left)
    for line in made.changes.summary or ["Nothing would change."]:
        _tell(line)
    for line in made.changes.moved_days:
        say(line)
    for conflict in made.conflicts:
        say(f"Conflict: {conflict}")
    say(
        f"Draft {made.release.name}. Nothing is live yet. Next: fingerpost diff, fingerpost publish"
    )


def _tell_left(left: Sequence[Left]) -> None:
    for one in sorted(left):
        say(f"Not kept: {one.what} ({one.times}): {one.why}")


# ---------------------------------------------------------------- looking, publishing, taking back


@app.command("diff")
def diff_command(
    to: Annotated[
        str | None, typer.Argument(help="A release; the draft if absent. See: fingerpost releases")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="The release compared with; else the live one.")
    ] = None,
) -> None:
    """Tell what would change, in words: added, ended, changed, and conflicts with what is there."""
    with mendable():
        home, schema = Settings().home, default_schema()
        draft = drafts.draft_release(home)
        after = importing.release_named(home, to) if to else draft
        if after is None:
            raise FingerpostError(
                "There is no draft. Make one: fingerpost import, or name a release."
            )
        before = importing.release_named(home, since) if since else drafts.live_release(home)
        old = read_graph(before, schema) if before else None
        new = read_graph(after, schema)
        changes = importing.what_changes(old, new, schema)
        entry = drafts.draft_entry(home) if after == draft else None
    out = out_console()
    for line in changes.moved_days:
        out.print(Text(line, style="bold"))
    for line in in_words(changes.changes, schema, entry.notes if entry else ()):
        out.print(Text(line))


@app.command()
def publish(by: ByOption = None, store: StoreOption = None) -> None:
    """Make the draft the live release, and load it into the store."""
    with opened_store(store) as opened:
        release = drafts.publish(Settings().home, _by(by))
        say(f"Release {release.name} is live.")
        load_release(Settings(), opened)


@app.command()
def rollback(
    to: Annotated[str | None, typer.Argument(help="A release; the one before if absent.")] = None,
    by: ByOption = None,
    store: StoreOption = None,
) -> None:
    """Make an earlier release live again, and load it into the store."""
    with opened_store(store) as opened:
        release = drafts.rollback(Settings().home, _by(by), to)
        say(f"Release {release.name} is live again.")
        load_release(Settings(), opened)


@app.command()
def releases(
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove all but the live one, the draft and five more.")
    ] = False,
    discard: Annotated[bool, typer.Option("--discard", help="Put the draft aside.")] = False,
    by: ByOption = None,
) -> None:
    """List the releases on this machine: which is live, who made it so, when and from what."""
    with mendable():
        home = Settings().home
        if discard:
            drafts.discard(home, _by(by))
        if prune:
            gone = drafts.prune(home, _by(by))
            say(f"Removed {len(gone)} releases.")
        kept = drafts.releases(home)
        made = {e.release: e.made_from for e in drafts.history(home) if e.act == "draft"}
    shown = Table(header_style="bold")
    for column in ("release", "", "last act", "by", "when", "made from"):
        shown.add_column(column, overflow="fold")
    for one in kept:
        state = "live" if one.is_live else "draft" if one.is_draft else ""
        told = ("built", "", "")
        if one.last:
            # A build makes a release live without a line of its own; the next act finds it.
            act = "built" if one.last.act == "found" else one.last.act
            told = (act, one.last.who, one.last.when[:16].replace("T", " "))
        files = made.get(one.release.name, ())
        names = ", ".join(used.name for used in files[:3])
        more = f" and {len(files) - 3} more" if len(files) > 3 else ""
        shown.add_row(*map(Text, (one.release.name, state, *told, names + more)))
    out_console().print(shown)
