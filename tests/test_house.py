"""The house itself: what is tracked, what is locked, and what the README speaks of."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

from api.cli import app

ROOT = Path(__file__).parent.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z0-9]+):.*##", MAKEFILE, re.M)
LOCKS = ("requirements.lock", "requirements-dev.lock")


def git(*arguments: str) -> str:
    if not (ROOT / ".git").exists():
        pytest.skip("no git repository: an unpacked archive has nothing tracked")
    ran = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return ran.stdout


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    return [ROOT / name for name in git("ls-files", "-z").split("\0") if name]


def texts(paths: list[Path]) -> list[tuple[Path, str]]:
    found = []
    for path in paths:
        if path.is_file():
            content = path.read_bytes()
            if b"\0" not in content:
                found.append((path, content.decode("utf-8")))
    return found


def test_tests_are_flat_and_no_package(tracked: list[Path]) -> None:
    """A package below tests/ would shadow the one that it tests."""
    assert not list((ROOT / "tests").rglob("__init__.py"))
    below = {p.parent for p in tracked if p.name.startswith("test_") and p.suffix == ".py"}
    assert below == {ROOT / "tests"}


def test_every_test_has_a_docstring_that_says_what_it_holds() -> None:
    for path in sorted((ROOT / "tests").glob("*.py")):
        assert path.read_text(encoding="utf-8").startswith('"""'), path.name


def test_no_tracked_file_tells_of_a_machine_or_a_registry(tracked: list[Path]) -> None:
    # Put together here, so that this file does not tell of them itself.
    folders = "|".join(("home", "Users", "root", "work"))
    machine = re.compile(rf"(?<![\w./$}}-])/(?:{folders})/[\w.-]+/")
    hosts = ("artifact" + "ory", "nex" + "us", "dev" + "pi", "code" + "artifact", "pypi" + ".org")
    registry = re.compile(
        rf"https?://[\w.-]*(?:{'|'.join(map(re.escape, hosts))})|--(?:extra-)?index-" + "url"
    )
    for path, text in texts(tracked):
        name = path.relative_to(ROOT)
        assert not machine.search(text), f"{name}: {machine.findall(text)}"
        found = registry.search(text)
        assert not found, f"{name}: {found}"


def test_nothing_that_make_makes_is_tracked_or_untracked(tracked: list[Path]) -> None:
    made = ("var", ".venv", ".cache", ".pytest_cache", ".mypy_cache", ".ruff_cache", "build")
    for name in (*made, "fingerpost.egg-info", ".import_linter_cache", ".hypothesis"):
        assert git("check-ignore", f"{name}/x").strip(), f"{name}/ is not in .gitignore"
    assert not [p for p in tracked if p.relative_to(ROOT).parts[0] in made]


@pytest.mark.parametrize("name", LOCKS)
def test_locks_have_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^--|^-[ief] ", text, re.M), "no options: they would name an index"
    blocks = re.split(r"^(?=[A-Za-z0-9])", text.replace("\\\n", " "), flags=re.M)
    pins = [block for block in blocks if block.strip() and not block.startswith("#")]
    assert len(pins) > 20
    for pin in pins:
        assert re.match(r"[A-Za-z0-9._-]+==\S+", pin), pin[:60]
        assert "--hash=sha256:" in pin, pin[:60]


def test_both_locks_pin_the_same_versions() -> None:
    pins = []
    for name in LOCKS:
        text = (ROOT / name).read_text(encoding="utf-8")
        pins.append(dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.M)))
    both = pins[0].keys() & pins[1].keys()
    assert {n: pins[0][n] for n in both} == {n: pins[1][n] for n in both}


def test_every_dependency_has_a_reason_and_a_pin() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    about = tomllib.loads(text)
    groups = {
        "requirements.lock": about["project"]["dependencies"],
        "requirements-dev.lock": about["dependency-groups"]["dev"],
    }
    for lock, wanted in groups.items():
        pinned = (ROOT / lock).read_text(encoding="utf-8")
        for requirement in wanted:
            reason = re.search(rf'"{re.escape(requirement)}",\s*# (.+)', text)
            assert reason, f"{requirement} has no reason beside it"
            assert len(reason[1].split()) >= 2, requirement
            name = re.split(r"[<>=\[ ;]", requirement)[0]
            assert re.search(rf"^{re.escape(name)}==", pinned, re.M), f"{name} is not in {lock}"


@pytest.fixture(scope="module")
def readme() -> str:
    path = ROOT / "README.md"
    if not path.exists():
        pytest.skip("there is no README yet")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("target", TARGETS)
def test_the_readme_names_every_make_target(readme: str, target: str) -> None:
    assert re.search(rf"\bmake {target}\b", readme)


def test_every_make_target_is_phony_and_says_what_it_does() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.M)
    assert phony
    assert set(phony[1].split()) == set(TARGETS)


@pytest.mark.parametrize("command", sorted(get_command(app).commands))  # type: ignore[attr-defined]
def test_the_readme_names_every_command(readme: str, command: str) -> None:
    assert re.search(rf"\bfingerpost {command}\b", readme)


def test_the_readme_names_no_setting_that_is_not_there(readme: str) -> None:
    from api.settings import Settings

    known = {f"FINGERPOST_{name.upper()}" for name in Settings.model_fields}
    named = set(re.findall(r"FINGERPOST_[A-Z0-9_]+", readme)) - {"FINGERPOST_NEO4J_URI"}
    assert named
    assert named <= known


def test_links_of_the_readme_lead_to_files_that_are_there(readme: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", readme):
        if "://" not in target:
            assert (ROOT / target).exists(), target
    for target in re.findall(r"`([a-z]+/[\w/.-]+)`", readme):
        assert (ROOT / target).exists() or target.endswith("/<name>/"), target
