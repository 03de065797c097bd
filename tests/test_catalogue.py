"""The catalogue: names, titles, laziness, and what is said of files that are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

import gradproof
from gradproof.entries import Catalogue, UnknownEntry, catalogue, home, load_statement
from gradproof.errors import BadInput, GradproofError
from gradproof.statement import Statement

GOOD = '''"""The variable is its own derivative, plainly."""
from gradproof.notation import *
from gradproof.statement import Statement

a = scalar("a")
statement = Statement(claims=(Eq(D(a, a), 1),))
'''


def write(folder: Path, name: str, text: str = GOOD) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def small(folder: Path) -> Catalogue:
    write(folder, "foundations/a2_second_one.py")
    write(folder, "foundations/a10_tenth.py", "statement = None\n")
    write(folder, "other/b01_plain_derivative.py")
    write(folder, "other/__init__.py", "")
    write(folder, "other/notes.txt", "")
    return catalogue(folder)


def test_entries_are_found_by_number_and_name_in_order(tmp_path: Path) -> None:
    book = small(tmp_path)
    assert list(book) == ["A2", "A10", "B01"]
    assert book["b01"] is book["plain-derivative"] is book["Plain_Derivative"]
    entry = book["A2"]
    assert (entry.number, entry.name, entry.family) == ("A2", "second-one", "foundations")
    assert entry.title == "The variable is its own derivative, plainly"
    assert book["A10"].title == "tenth"


def test_listing_executes_nothing(tmp_path: Path) -> None:
    write(tmp_path, "f/c01_fails.py", '"""A title."""\nraise RuntimeError("executed")\n')
    book = catalogue(tmp_path)
    assert [e.title for e in book.values()] == ["A title"]
    with pytest.raises(BadInput, match="executed"):
        _ = book["C01"].statement


def test_number_name_and_title_come_from_the_file(tmp_path: Path) -> None:
    statement = small(tmp_path)["A2"].statement
    assert isinstance(statement, Statement)
    assert (statement.number, statement.name) == ("A2", "second-one")
    assert statement.title == "The variable is its own derivative, plainly"
    own = load_statement(write(tmp_path, "my_loss.py"))
    assert (own.number, own.name) == ("", "my-loss")


def test_an_unknown_entry_is_a_key_error_with_a_suggestion(tmp_path: Path) -> None:
    book = small(tmp_path)
    assert "A3" not in book
    with pytest.raises(UnknownEntry, match="did you mean plain-derivative") as caught:
        book["plain-derivatives"]
    with pytest.raises(UnknownEntry, match="did you mean B01"):
        book["b012"]
    assert isinstance(caught.value, KeyError)
    assert isinstance(caught.value, GradproofError)
    assert not str(caught.value).startswith("'")


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "f/a01_one.py")
    write(tmp_path, "g/a01_other.py")
    with pytest.raises(BadInput, match=r"A01\n.*a01_one.py and a01_other.py"):
        catalogue(tmp_path)
    (tmp_path / "g/a01_other.py").rename(tmp_path / "g/a02_one.py")
    with pytest.raises(BadInput, match="called one"):
        catalogue(tmp_path)


WRONG = [
    ("x = (1\n", r"wrong\.py:1: this is not Python"),
    ("x = 1\ny = x / 0\n", r"wrong\.py:2: the statement file failed\n.*ZeroDivisionError"),
    ("def f():\n    return [][1]\n\n\nf()\n", r"wrong\.py:2: .*\n.*IndexError"),
    (GOOD.replace("Eq(D(a, a), 1)", "D(a, a + 1)"), r"wrong\.py:6: .*\n.*derivative is taken in a symbol"),
    ("import sys\nsys.exit(3)\n", r"wrong\.py:2: .*\n.*SystemExit"),
    ("x = 1\n", "defines no `statement`\n.*expected: statement = Statement"),
    ("statement = 3\n", "`statement` is not a Statement\n.*\n.*found: int"),
]


@pytest.mark.parametrize(("text", "message"), WRONG, ids=[m[:30] for _, m in WRONG])
def test_a_wrong_file_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        load_statement(write(tmp_path, "wrong.py", text))


def test_a_missing_file_or_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.py"):
        load_statement(tmp_path / "none.py")
    with pytest.raises(BadInput, match="missing"):
        catalogue(tmp_path / "none")


def test_the_shipped_statements_are_named_by_their_files() -> None:
    book = gradproof.catalogue()
    assert home().is_dir()
    for number, entry in book.items():
        statement = entry.statement
        assert (statement.number, statement.name) == (number, entry.name)
        assert statement.title
        assert statement.claims, f"{number} claims nothing"
