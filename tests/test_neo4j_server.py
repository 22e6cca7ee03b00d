"""The throw-away Neo4j server: what it says where something is missing."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from neo4j_server import (
    CACHE_VARIABLE,
    OLDEST_JAVA,
    Neo4jUnavailable,
    fetch_jars,
    find_java,
    find_maven,
    jar_folder,
    neo4j_version,
    running_server,
)

SERVER = Path(__file__).with_name("neo4j_server.py")


@pytest.fixture
def no_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """PATH is one empty folder."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def java_that_says(folder: Path, words: str) -> None:
    script = folder / "java"
    script.write_text(f"#!/bin/sh\necho '{words}' >&2\n", encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)


def test_without_java_it_says_what_to_install(no_path: Path) -> None:
    with pytest.raises(Neo4jUnavailable, match=f"no 'java' on PATH: install Java {OLDEST_JAVA}"):
        find_java()
    with pytest.raises(Neo4jUnavailable, match="no 'java' on PATH"), running_server():
        pytest.fail("there is no server without Java")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ('openjdk version "11.0.2" 2019-01-15', "is Java 11: put Java 17 or newer first on PATH"),
        ('java version "1.8.0_292"', "is Java 1: put Java 17"),
        ("no idea", "does not tell its version"),
    ],
)
def test_a_java_that_is_too_old_is_told(no_path: Path, words: str, told: str) -> None:
    java_that_says(no_path, words)
    with pytest.raises(Neo4jUnavailable, match=told):
        find_java()


@pytest.mark.parametrize("words", ['openjdk version "17.0.15"', 'openjdk version "25-ea"'])
def test_a_java_that_is_new_enough_is_found(no_path: Path, words: str) -> None:
    java_that_says(no_path, words)
    assert find_java() == str(no_path / "java")


def test_without_maven_it_says_which_cache_would_do(
    no_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    for work in (find_maven, fetch_jars):
        with pytest.raises(Neo4jUnavailable, match=f"install Maven, or set {CACHE_VARIABLE}"):
            work()
    assert not (tmp_path / "cache").exists()


def test_a_cache_that_is_full_needs_no_maven(
    no_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    jar_folder().mkdir(parents=True)
    assert fetch_jars() == tmp_path / neo4j_version() / "lib"


def test_by_hand_it_ends_with_a_message_and_no_traceback(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, str(SERVER)],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith("error: no 'java' on PATH")
    assert "Traceback" not in ended.stderr
