"""Commands that ask: questions, what-ifs, options compared, and why an answer says so."""

import textwrap
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from api import telling
from api.commands.common import (
    Format,
    PartnershipOption,
    StoreOption,
    day_of,
    mendable,
    opened_store,
    out_console,
)
from api.formats import as_csv, as_json, text
from graph.errors import FingerpostError
from graph.stores.protocol import Store
from ontology.schema import default_schema
from queries.additions import Addition, read_additions
from queries.ask import Answer, ask, find_question
from queries.catalogue import EDITOR, Question, catalogue
from queries.explain import chain_of
from queries.glossary import columns, themes
from queries.records import find_record

app = typer.Typer()


@app.command("ask")
def ask_command(
    question: Annotated[
        str | None,
        typer.Argument(help="Its name, such as funding.unfunded. All are listed if absent."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="The day asked about, 2013-04-01; else each newest source's."),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            "--without", help="Imagine it lost, such as dudley/agency/chadd; may be repeated."
        ),
    ] = None,
    partnership: PartnershipOption = None,
    given: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="A parameter of the question, such as months=6; may be repeated."
        ),
    ] = None,
    format: Annotated[
        Format, typer.Option("--format", help="How to write the answer.")
    ] = Format.table,
    store: StoreOption = None,
    about: Annotated[
        bool, typer.Option("--about", help="Say what it asks, takes and answers, and ask nothing.")
    ] = False,
    row: Annotated[
        int | None,
        typer.Option("--explain", help="Tell on what this row rests, counted from 1.", min=1),
    ] = None,
) -> None:
    """Answer a question, or list the questions."""
    if question is None:
        _list_questions()
        return
    if about:
        with mendable():
            _about(find_question(question))
        return
    with opened_store(store) as opened:
        answer = ask(
            opened,
            find_question(question),
            slugs=partnership or (),
            as_of=day_of(as_of),
            without=without or (),
            given=_given(given or []),
        )
        if row is not None:
            _explain_row(opened, answer, row)
        else:
            _write(answer, format)


def _explain_row(store: Store, answer: Answer, number: int) -> None:
    """A row and the records it rests on, each in words with its place."""
    if number > len(answer.rows):
        raise FingerpostError(f"The answer has {len(answer.rows)} rows: choose one of them.")
    row = answer.rows[number - 1]
    out = out_console()
    out.print(Text(answer.question.title, style="bold"))
    for column in answer.question.shows:
        if text(row[column]):
            out.print(Text(f"  {telling.headed(column)}: {text(row[column])}"))
    out.print(Text("\nIt rests on", style="bold"))
    for reason in chain_of(store, default_schema(), row):
        out.print(Text(f"  {reason.kind}: {reason.words}"))
        out.print(Text(f"      {reason.where}", style="dim"))


@app.command("what-if")
def what_if_command(
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help="What is imagined lost; may be repeated."),
    ] = None,
    additions: Annotated[
        Path | None,
        typer.Option("--with", help="A CSV table of what is added: what opens, what is renewed."),
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="The day asked about.")] = None,
    partnership: PartnershipOption = None,
    format: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.table,
    store: StoreOption = None,
) -> None:
    """Tell what changes if things were lost or added; the release stays as it is."""
    with opened_store(store) as opened:
        added: tuple[Addition, ...] = read_additions(additions) if additions else ()
        answer = ask(
            opened,
            find_question("resilience.what_if"),
            slugs=partnership or (),
            as_of=day_of(as_of),
            without=without or (),
            additions=added,
        )
        _write(answer, format)


def _write(answer: Answer, format: Format) -> None:
    if format is Format.json:
        typer.echo(as_json(answer), nl=False)
    elif format is Format.csv:
        typer.echo(as_csv(answer), nl=False)
    else:
        out_console().print(telling.table(answer))


@app.command()
def invest(
    options: Annotated[
        Path, typer.Argument(help="A CSV table: option, name, cost, groups, needs, areas, …")
    ],
    budget: Annotated[int, typer.Option(help="Pounds that can be spent.", min=0)],
    partnership: Annotated[str, typer.Option("--partnership", help="A partnership's folder name.")],
    weights: Annotated[
        Path | None,
        typer.Option(help="A CSV table: group, need, weight. Every cell weighs 1 without it."),
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="The day asked about.")] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", help="Imagine it lost; may be repeated.")
    ] = None,
    allow_nothing: Annotated[
        bool,
        typer.Option(
            "--allow-nothing", help="Knowingly allow that a group with nothing stays with nothing."
        ),
    ] = False,
    format: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.table,
    store: StoreOption = None,
) -> None:
    """Compare options within a budget: which together close most weighted need, exactly."""
    # The solver takes most of a second to import, and no other command needs it.
    from api import comparing
    from queries.invest import options_compared, read_options, read_weights

    with opened_store(store) as opened:
        compared = options_compared(
            opened,
            partnership,
            read_options(options),
            read_weights(weights) if weights else (),
            budget,
            as_of=day_of(as_of),
            without=without or (),
            allow_nothing=allow_nothing,
        )
        if format is Format.table:
            comparing.tell(out_console(), compared)
        else:
            typer.echo(comparing.written(compared, format.value), nl=False)


def _given(pairs: list[str]) -> dict[str, list[str]]:
    """Parameters as they are written, name=value; a name may come again."""
    found: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise FingerpostError(f'"{pair}" sets nothing. Write name=value: --set months=6')
        found.setdefault(name.strip(), []).append(value)
    return found


def _list_questions() -> None:
    """The table of contents: themes, titles with their names, and the questions in words."""
    out = out_console()
    known = catalogue()
    for number, theme in enumerate(themes(), 1):
        out.print(Text(f"\n{number}  {theme.title}", style="bold"))
        out.print(Text(f"   {theme.about}", style="dim"))
        chapter = [q for q in known.values() if q.theme == theme.name]
        for place, question in enumerate(chapter, 1):
            heading = f"   {number}.{place:<3} {question.title} "
            dots = "." * max(3, out.width - len(heading) - len(question.name) - 1)
            out.print(Text(f"{heading}{dots} {question.name}"))
            mark = " (For editors.)" if question.audience == EDITOR else ""
            for line in textwrap.wrap(question.question + mark, out.width - 9):
                out.print(Text(f"         {line}", style="dim"))
    out.print(
        Text(
            "\nAsk one:      fingerpost ask funding.unfunded --as-of 2013-04-01"
            "\nAbout one:    fingerpost ask funding.unfunded --about"
        )
    )


def _about(question: Question) -> None:
    """One question: what it asks, how to read its answer, its parameters and its columns."""
    out = out_console()
    out.print(Text(f"{question.title} ({question.name})", style="bold"))
    out.print(Text(question.question))
    for caveat in question.caveats:
        out.print(Text(f"Note: {caveat}", style="dim"))
    shown = Table(show_header=False, box=None, pad_edge=False)
    shown.add_row(Text("--partnership"), Text("the partnerships asked about; all if absent"))
    shown.add_row(Text("--as-of"), Text("the day asked about; each newest source's if absent"))
    shown.add_row(Text("--without"), Text("things imagined lost"))
    for own in question.own:
        default = f"; {own.default} if absent" if own.type == "integer" else "; any if absent"
        shown.add_row(Text(f"--set {own.name}="), Text(own.about + default))
    out.print(Text("\nIt takes", style="bold"))
    out.print(shown)
    meanings = Table(show_header=False, box=None, pad_edge=False)
    for column in ("partnership", "as_of", *question.returns):
        meanings.add_row(Text(column), Text(columns()[column]))
    out.print(Text("\nIts rows say", style="bold"))
    out.print(meanings)


@app.command()
def explain(
    record: Annotated[
        str, typer.Argument(help="Its id as in an answer, such as dudley/service/idva.")
    ],
    store: StoreOption = None,
) -> None:
    """Show a record: what is said of it, where that is said, and what it is linked with."""
    with opened_store(store) as opened:
        found = find_record(opened, default_schema(), record)
    out = out_console()
    out.print(Text(f"{found.name} ({found.klass.label})", style="bold"))
    out.print(Text(found.id, style="dim"))
    shown = Table(show_header=False, box=None, pad_edge=False)
    for prop, value in found.columns:
        shown.add_row(Text(prop.header, style="bold"), Text(text(value)))
    out.print(shown)
    out.print(Text(f"\nSource: {found.source_title or 'the shared terms of the ontology'}"))
    if found.locators:
        out.print(Text(f"Where: {', '.join(found.locators)}"))
    if found.basis:
        out.print(Text(f"Basis: {found.basis}" + (f" – {found.ground}" if found.ground else "")))
    if found.other_side:
        out.print(Text(f"Otherwise: {', '.join(found.other_side)}"))
    if found.links:
        out.print(Text("\nLinked with", style="bold"))
    for link in found.links:
        arrow = "→" if link.direction == "out" else "←"
        record_id = f"  [{link.record_id}]" if link.record_id else ""
        facts = f" – {link.facts}" if link.facts else ""
        told = f"{link.header}: {link.other_name} ({link.other_id}){facts}{record_id}"
        out.print(Text(f"  {arrow} {told}"))
