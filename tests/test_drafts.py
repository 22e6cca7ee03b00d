"""Drafts: looked at, published whole or not at all, taken back, and written down for good."""

import datetime
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rdflib import Dataset
from testham import TABLES, write_tables

from graph.build import build_dataset
from graph.drafts import (
    By,
    Used,
    discard,
    draft,
    draft_entry,
    draft_release,
    history,
    live_release,
    prune,
    publish,
    releases,
    rollback,
    used,
)
from graph.errors import ReleaseError
from graph.release import current_release, read_quads, write_release
from ontology.schema import Schema

ROOT = Path(__file__).parent.parent
DAY = datetime.datetime(2026, 11, 22, 9, 30, tzinfo=datetime.UTC)


def by(minute: int = 0) -> By:
    return By("ada", DAY + datetime.timedelta(minutes=minute))


@pytest.fixture(scope="module")
def worlds(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> list[Dataset]:
    """Four datasets that differ in one amount."""
    found = []
    for amount in ("30000", "31000", "32000", "33000"):
        awards = TABLES["awards"].replace("30000", amount)
        folder = write_tables(tmp_path_factory.mktemp(amount), awards=awards)
        found.append(build_dataset([folder], schema))
    return found


def test_a_draft_is_not_live_until_it_is_published(worlds: list[Dataset], tmp_path: Path) -> None:
    live = write_release(worlds[0], tmp_path)
    made = draft(worlds[1], tmp_path, by(), [Used("list.xlsx", "ab" * 32)], ["2 rows left out"])
    assert (live_release(tmp_path), draft_release(tmp_path)) == (live, made)
    entry = draft_entry(tmp_path)
    assert entry is not None
    assert (entry.who, entry.made_from, entry.notes) == (
        "ada",
        (Used("list.xlsx", "ab" * 32),),
        ("2 rows left out",),
    )
    assert publish(tmp_path, by(1)) == made
    assert (current_release(tmp_path), draft_release(tmp_path)) == (made, None)
    with pytest.raises(ReleaseError, match=r"no draft.*fingerpost import"):
        publish(tmp_path, by(2))


def test_the_first_draft_of_all_can_be_published(worlds: list[Dataset], tmp_path: Path) -> None:
    assert (live_release(tmp_path), releases(tmp_path), history(tmp_path)) == (None, [], ())
    made = draft(worlds[0], tmp_path, by())
    assert live_release(tmp_path) is None
    publish(tmp_path, by(1))
    assert live_release(tmp_path) == made
    with pytest.raises(ReleaseError, match="No release was live before"):
        rollback(tmp_path, by(2))


def test_rolling_back_goes_back_step_by_step(worlds: list[Dataset], tmp_path: Path) -> None:
    made = []
    for minute, world in enumerate(worlds[:3]):
        made.append(draft(world, tmp_path, by(minute)))
        publish(tmp_path, by(minute))
    assert rollback(tmp_path, by(5)) == made[1]
    assert rollback(tmp_path, by(6)) == made[0] == current_release(tmp_path)
    assert rollback(tmp_path, by(7), to=made[2].name) == made[2]
    # Going forward by name is a step too, from which one comes back.
    assert rollback(tmp_path, by(8)) == made[0]
    for wrong in ("0123456789abcdef", "../../etc/passwd", made[0].name):
        with pytest.raises(ReleaseError, match="fingerpost releases"):
            rollback(tmp_path, by(9), to=wrong)


def test_a_draft_that_would_take_back_what_became_live_since_is_refused(
    worlds: list[Dataset], tmp_path: Path
) -> None:
    write_release(worlds[0], tmp_path)
    draft(worlds[1], tmp_path, by())
    other = write_release(worlds[2], tmp_path)
    with pytest.raises(ReleaseError, match=r"has changed since.*Import again"):
        publish(tmp_path, by(1))
    assert current_release(tmp_path) == other


def test_a_damaged_draft_is_not_published(worlds: list[Dataset], tmp_path: Path) -> None:
    live = write_release(worlds[0], tmp_path)
    made = draft(worlds[1], tmp_path, by())
    made.path.write_bytes(made.path.read_bytes().replace(b"31000", b"99000"))
    with pytest.raises(ReleaseError, match="damaged"):
        publish(tmp_path, by(1))
    made.path.unlink()
    with pytest.raises(ReleaseError, match="missing"):
        publish(tmp_path, by(1))
    assert current_release(tmp_path) == live
    assert [e.act for e in history(tmp_path)] == ["found", "draft"]


def test_a_release_that_a_build_made_live_is_in_the_history(
    worlds: list[Dataset], tmp_path: Path
) -> None:
    built = write_release(worlds[0], tmp_path)
    made = draft(worlds[1], tmp_path, by())
    publish(tmp_path, by(1))
    told = [(e.act, e.who, e.release, e.live) for e in history(tmp_path)]
    assert told == [
        ("found", "", built.name, ""),
        ("draft", "ada", made.name, built.name),
        ("publish", "ada", made.name, built.name),
    ]
    again = write_release(worlds[2], tmp_path)
    assert rollback(tmp_path, by(2)) == made
    assert [e.act for e in history(tmp_path)][3:] == ["found", "rollback"]
    assert history(tmp_path)[3].release == again.name


def test_old_releases_go_only_when_told_and_never_what_is_in_use(
    worlds: list[Dataset], tmp_path: Path
) -> None:
    made = []
    for minute, world in enumerate(worlds[:3]):
        made.append(draft(world, tmp_path, by(minute)))
        publish(tmp_path, by(minute))
    waiting = draft(worlds[3], tmp_path, by(4))
    assert {k.release for k in releases(tmp_path)} == {*made, waiting}
    assert [(k.release, k.is_live, k.is_draft) for k in releases(tmp_path)][:2] == [
        (waiting, False, True),
        (made[2], True, False),
    ]
    assert prune(tmp_path, by(5), keep=3) == ()
    assert prune(tmp_path, by(5), keep=0) == tuple(sorted(m.name for m in made[:2]))
    assert {k.release for k in releases(tmp_path)} == {made[2], waiting}
    assert history(tmp_path)[-1].removed == tuple(sorted(m.name for m in made[:2]))
    with pytest.raises(ReleaseError, match="There is no release"):
        rollback(tmp_path, by(6))
    discard(tmp_path, by(7))
    assert draft_release(tmp_path) is None
    assert prune(tmp_path, by(8), keep=0) == (waiting.name,)
    assert current_release(tmp_path) == made[2]


# ---------------------------------------------------------------- the history


def log(home: Path) -> Path:
    return home / "releases" / "history.jsonl"


@pytest.fixture
def lived(worlds: list[Dataset], tmp_path: Path) -> Path:
    for minute, world in enumerate(worlds[:2]):
        draft(world, tmp_path, by(minute))
        publish(tmp_path, by(minute))
    return tmp_path


def test_a_history_that_was_changed_is_noticed(lived: Path) -> None:
    lines = log(lived).read_bytes().splitlines(keepends=True)
    other = json.loads(lines[1]) | {"who": "eve"}
    changed = {
        "a line changed": [lines[0], json.dumps(other).encode() + b"\n", *lines[2:]],
        "a line taken out": [lines[0], *lines[2:]],
        "the first taken out": lines[1:],
        "two exchanged": [lines[1], lines[0], *lines[2:]],
        "a line put in": [*lines, lines[-1]],
        "no JSON": [*lines, b"{}\n"],
        "no object": [*lines, b"[1]\n"],
    }
    for how, wrong in changed.items():
        log(lived).write_bytes(b"".join(wrong))
        with pytest.raises(ReleaseError, match="has been changed"):
            history(lived)
        before = current_release(lived)
        with pytest.raises(ReleaseError, match="has been changed"):
            rollback(lived, by(9))
        assert current_release(lived) == before, how


def test_a_line_that_was_not_finished_is_dropped(worlds: list[Dataset], lived: Path) -> None:
    whole = log(lived).read_bytes()
    entries = history(lived)
    log(lived).write_bytes(whole + whole.splitlines()[-1][:57])
    assert history(lived) == entries
    draft(worlds[2], lived, by(9))
    assert history(lived)[:-1] == entries
    assert log(lived).read_bytes().startswith(whole)


def test_an_act_that_was_written_down_and_not_done_is_marked(
    worlds: list[Dataset], lived: Path
) -> None:
    live = current_release(lived)
    made = draft(worlds[2], lived, by(3))
    # As a kill between the line and the pointer leaves it.
    publish(lived, by(4))
    (lived / "releases" / "current").write_text(live.name)
    (lived / "releases" / "draft").write_text(made.name)
    assert publish(lived, by(5)) == made
    assert [e.act for e in history(lived)][-3:] == ["publish", "undone", "publish"]
    assert rollback(lived, by(6)) == live


def test_files_are_named_with_their_hashes(tmp_path: Path) -> None:
    folder = write_tables(tmp_path)
    (tmp_path / "list.csv").write_bytes(b"a,b\n")
    found = used([folder, tmp_path / "list.csv"])
    assert found[-1].name == "list.csv"
    assert found[0] == used([folder])[0]
    assert {u.name for u in found} > {"testham/partnership.toml", "testham/services.csv"}
    assert len({u.sha256 for u in found}) == len(found)


# ---------------------------------------------------------------- killed at any moment

ACTS = """
import contextlib, datetime, sys
from pathlib import Path
from graph.drafts import By, draft, publish, rollback
from graph.errors import ReleaseError

home, first, many, alone = Path(sys.argv[1]), *map(int, sys.argv[2:])
print("now", flush=True)
for n in range(first, first + many):
    by = By("ada", datetime.datetime.fromtimestamp(n, datetime.UTC))
    # Where others act too, the draft may be another's by now, or be of another time.
    with contextlib.suppress() if alone else contextlib.suppress(ReleaseError):
        draft(b"<a:%d> <a:b> <a:c> .\\n" % n * 2000, home, by)
        publish(home, by)
        if n % 7 == 6:
            rollback(home, by)
"""


def acting(home: Path, first: int, many: int, alone: bool) -> subprocess.Popen[bytes]:
    """A process that drafts, publishes and rolls back, one after the other."""
    numbers = map(str, (first, many, int(alone)))
    return subprocess.Popen(
        [sys.executable, "-c", ACTS, str(home), *numbers], cwd=ROOT, stdout=subprocess.PIPE
    )


def test_a_publish_killed_at_any_moment_leaves_a_whole_release_live(
    worlds: list[Dataset], tmp_path: Path
) -> None:
    write_release(worlds[0], tmp_path)
    moments = random.Random(5)  # noqa: S311
    acted = 0
    for attempt in range(25):
        with acting(tmp_path, attempt * 10_000, 10_000, alone=True) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(moments.uniform(0, 0.08))
            child.send_signal(signal.SIGKILL)
        live = live_release(tmp_path)
        assert live is not None
        assert list(read_quads(live)), "whole: its content has the hash it is named by"
        entries = history(tmp_path)
        acted = max(acted, len(entries))
        if entries:
            # What is live is what the last act made so, or what was live before it.
            known = {e.release for e in entries if e.act in ("publish", "rollback", "found")}
            assert live.name in known | {entries[-1].live}
    assert acted > 50
    # And it goes on as if nothing had happened.
    made = draft(worlds[1], tmp_path, by())
    assert publish(tmp_path, by(1)) == made == current_release(tmp_path)
    earlier = rollback(tmp_path, by(2))
    assert list(read_quads(earlier))


def test_several_at_once_leave_one_whole_history(worlds: list[Dataset], tmp_path: Path) -> None:
    write_release(worlds[0], tmp_path)
    running = [acting(tmp_path, n * 1000, 15, alone=False) for n in range(3)]
    for child in running:
        child.communicate()
    assert [child.returncode for child in running] == [0, 0, 0]
    entries = history(tmp_path)
    assert sum(entry.act == "draft" for entry in entries) == 45
    live = [e.release for e in entries if e.act in ("publish", "rollback")]
    assert current_release(tmp_path).name == live[-1]


def test_a_draft_of_which_the_history_says_nothing_is_not_published(
    worlds: list[Dataset], tmp_path: Path
) -> None:
    draft(worlds[0], tmp_path, by())
    (tmp_path / "releases" / "history.jsonl").unlink()
    with pytest.raises(ReleaseError, match="says nothing of the draft"):
        publish(tmp_path, by(1))
    assert not (tmp_path / "releases" / "current").exists()


def test_a_name_that_holds_a_contact_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "list_07700_900123.csv"
    path.write_text("x")
    (one,) = used([path])
    assert one.name == "(a name that is not repeated)"
