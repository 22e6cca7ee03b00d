"""Commands about who may do what: keys for programs, and the log of what was done."""

import datetime
from collections import deque
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.access import keys as key_file
from api.access.access import log_path
from api.access.keys import Keys
from api.access.log import Log, lines
from api.access.roles import Actor, Role
from api.commands.common import mendable, out_console, say
from api.settings import Settings
from graph.errors import FingerpostError

app = typer.Typer()
keys = typer.Typer(help="Keys with which programs use the staff application.", no_args_is_help=True)
app.add_typer(keys, name="key")
_LOCAL = Actor("command line", Role.PUBLISHER, "local")


def _keys() -> Keys:
    return Keys(Settings().home / key_file.FILE)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _log(act: str, **facts: str) -> None:
    """Write down what is about to be done."""
    Log(log_path(Settings()), _now).append(_LOCAL, act, facts)


@keys.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help="A post or a system, not a person.")],
    role: Annotated[str, typer.Option(help="reader, editor or publisher.")],
    days: Annotated[int, typer.Option(help="How long it opens.", min=1, max=3650)] = key_file.DAYS,
) -> None:
    """Make a key and show it, this once: only its hash is kept."""
    with mendable():
        found, kept = _role(role), _keys()
        is_first = not kept.exist()
        key_file.check_name(name)
        _log("add key", name=name, role=found.word)
        made = kept.add(name, found, _now().date(), days)
    out_console().print(Text(made), soft_wrap=True)
    say("This key is shown once and kept by nobody: put it where the program reads its secrets.")
    say("It is sent as: Authorization: Bearer fp_… (never in an address).")
    if is_first:
        say("From now on the staff application asks everybody for a key or to sign in.")


@keys.command("list")
def list_keys() -> None:
    """List the keys: whose they are, what they may do, and until when."""
    with mendable():
        found, today = _keys().all(), _now().date()
    shown = Table(header_style="bold")
    for column in ("id", "name", "role", "made", "opens until"):
        shown.add_column(column, overflow="fold")
    for key in found:
        until = key.expires.isoformat() + ("" if key.is_live(today) else " (expired)")
        shown.add_row(*map(Text, (key.id, key.name, key.role.word, key.made.isoformat(), until)))
    out_console().print(shown)


@keys.command("remove")
def remove_key(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="See: fingerpost key list")],
) -> None:
    """Remove a key: it opens nothing from now on, also where the application runs already."""
    with mendable():
        kept = _keys()
        key = kept.get(identifier)
        _log("remove key", name=key.name, key=key.id)
        kept.remove(key.id)
    say(f"Removed the key {key.id} of {key.name}.")


@app.command("audit")
def audit_command(
    check: Annotated[bool, typer.Option("--check", help="Only verify that it is whole.")] = False,
    expect: Annotated[
        str | None, typer.Option(help="A hash noted earlier: fails if its line is gone.")
    ] = None,
    last: Annotated[int, typer.Option(help="How many lines to list.", min=1)] = 50,
) -> None:
    """List what was done and attempted in the staff application, after verifying every line."""
    with mendable():
        number, digest, is_expected = 0, "", expect is None
        shown: deque[tuple[str, ...]] = deque(maxlen=last)
        for line, digest in lines(log_path(Settings())):
            number += 1
            is_expected = is_expected or digest == expect
            facts = ", ".join(f"{name} {fact}" for name, fact in line.facts.items())
            act = f"{line.act} (refused: {line.refused})" if line.refused else line.act
            shown.append((line.when, line.who, line.role, line.how, act, facts))
        if not is_expected:
            raise FingerpostError(
                "The line with that hash is not in the log: its end was cut off, or it is another "
                "log. Compare it with a backup."
            )
    if not check:
        table = Table(header_style="bold")
        for column in ("when", "who", "role", "how", "what", "about"):
            table.add_column(column, overflow="fold")
        for row in shown:
            table.add_row(*map(Text, row))
        out_console().print(table)
    say(f"Whole: {number} lines, each following from the one before it.")
    if digest:
        say(
            f"The last has the hash {digest}\nNote it elsewhere: fingerpost audit --expect HASH "
            "fails if the end of the log is cut off."
        )


def _role(word: str) -> Role:
    try:
        return Role.of(word)
    except ValueError:
        raise FingerpostError("A role is one of: reader, editor, publisher.") from None
