"""README and tutorial do what they show: every block is run, in order, and must print what stands below it.

    ```python      is executed, all of a page in one namespace; a first line "# file: my_loss.py" saves it instead
    ```console     is a session: "$ gradproof ..." runs the command line, "$ echo $?" tells its exit code
    ```text        below a python block is what it prints

A line "..." in an output stands for any lines. The worst difference of an audit is not compared, being rounding.
`pytest --update-golden` writes what was found into the page.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from gradproof import axioms
from gradproof.cli import main

ROOT = Path(__file__).parents[2]
EXECUTED = ["README.md", "docs/tutorial.md"]
PAGES = [*EXECUTED, *(f"docs/{p.name}" for p in sorted((ROOT / "docs").glob("*.md")) if p.name != "tutorial.md")]

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAVED = re.compile(r"# file: (\S+)\n")
ROUNDING = re.compile(r"worst difference \S+")


class Session:
    """A reader who types in what a page shows."""

    def __init__(self) -> None:
        self.names: dict[str, object] = {"__name__": "page"}
        self.code = 0

    def python(self, source: str) -> str:
        if saved := SAVED.match(source):
            Path(saved[1]).write_text(source[saved.end() :], encoding="utf-8")
            return ""
        printed = StringIO()
        with redirect_stdout(printed):
            exec(compile(source, "page", "exec"), self.names)
        return printed.getvalue()

    def console(self, command: str) -> str:
        if command == "echo $?":
            return f"{self.code}\n"
        program, *arguments = shlex.split(command)
        assert program == "gradproof", f"this test knows no {program!r}"
        printed = StringIO()
        with redirect_stdout(printed), redirect_stderr(printed):
            try:
                self.code = main(arguments)
            except SystemExit as done:  # what argparse does for --help and for wrong arguments
                self.code = int(done.code or 0)
        return printed.getvalue()


def commands(session: str) -> Iterator[tuple[str, str]]:
    """The commands of a console block, each with the output below it."""
    for part in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def same(shown: str, found: str) -> bool:
    pattern = re.escape(ROUNDING.sub("worst difference", shown.rstrip()))
    pattern = re.sub(r"^\\\.\\\.\\\.$", "(?:.*\n)*?.*", pattern.replace("\\\n", "\n"), flags=re.MULTILINE)
    return re.fullmatch(pattern, ROUNDING.sub("worst difference", found.rstrip())) is not None


def kept(shown: str, found: str) -> str:
    """The output as the page shows it where it is right, else as it was found."""
    return shown if same(shown, found) else f"{found.rstrip()}\n"


def replayed(page: str) -> str:
    """The page with the output of every block replaced by what the block prints."""
    session, printed = Session(), ""

    def play(block: re.Match[str]) -> str:
        nonlocal printed
        language, body = block.groups()
        if language == "python":
            printed = session.python(body)
        elif language == "text":
            body, printed = kept(body, printed), ""
        elif language == "console":
            body = "".join(f"$ {c}\n{kept(shown, session.console(c))}" for c, shown in commands(body))
        return f"```{language}\n{body}```"

    return BLOCK.sub(play, page)


@pytest.mark.parametrize("name", EXECUTED)
def test_a_page_does_what_it_shows(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    path = ROOT / name
    page = path.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = replayed(page)
    if request.config.getoption("--update-golden"):
        path.write_text(found, encoding="utf-8")
    else:
        assert found == page


def test_a_wrong_output_is_noticed() -> None:
    page = "```python\nprint(1 + 1)\n```\n\nprints\n\n```text\n3\n```\n"
    assert replayed(page) == page.replace("3", "2")
    assert replayed("```console\n$ gradproof derive A99\n$ echo $?\n0\n```\n").endswith("2\n```\n")
    assert same("a\n...\nd\n", "a\nb\nc\nd\n")
    assert not same("a\n...\nd\n", "a\nb\nc\n")
    assert same("audited, worst difference 1e-45\n", "audited, worst difference 3e-44\n")


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", BLOCK.sub("", page))]
    missing = [link for link in links if link and "://" not in link and not ((ROOT / name).parent / link).exists()]
    assert not missing


def test_the_table_of_rules_is_current(request: pytest.FixtureRequest) -> None:
    path = ROOT / "docs" / "rules.md"
    if request.config.getoption("--update-golden"):
        path.write_text(axioms.page("md"), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == axioms.page("md"), "run `make docs`, or pytest --update-golden"
