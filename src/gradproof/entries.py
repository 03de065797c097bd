"""The catalogue: one statement file for each result, found by number or by readable name.

Contract. Listing reads file names and first lines only; a statement is executed when it is asked for. The file
`derivations/foundations/a12_softmax_cross_entropy.py` is entry A12, `softmax-cross-entropy`, of the family
`foundations`; the first line of its docstring is the title.

Blind spot. A statement file is Python and is run as such: only load files that you would run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradproof.errors import BadInput

if TYPE_CHECKING:
    from gradproof.api import Proof
    from gradproof.statement import Statement

_FILE = re.compile(r"([a-z]\d+)_(\w+)\.py")
_TITLE = re.compile(r'\s*[rR]?"""\s*(.*?)\s*(?:"""|\n|$)')


class UnknownEntry(BadInput, KeyError):
    """No entry of the catalogue has this number or name."""


@dataclass(frozen=True)
class Entry:
    """One result of the catalogue; `statement` is read from `path` when first asked for."""

    number: str
    name: str
    title: str
    family: str
    path: Path

    @cached_property
    def statement(self) -> Statement:
        return load_statement(self.path)

    def prove(self) -> Proof:
        """Derive, check and audit. Raises NotDecided where no derivation is found, Refuted where the claim is false."""
        from gradproof.api import prove

        return prove(self.statement)


@dataclass(frozen=True)
class Family:
    """A folder of the catalogue: its title and what is said of it, in which mathematics stands between dollar signs."""

    name: str
    title: str
    about: tuple[str, ...]  # paragraphs


class Catalogue(Mapping[str, Entry]):
    """Entries by number ("A12") or name ("softmax-cross-entropy"), upper or lower case; iterates over the numbers."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        ordered = sorted(entries, key=lambda e: (e.number[0], int(e.number[1:])))
        self._by_number = _unique((e.number, e) for e in ordered)
        self._by_name = _unique((e.name, e) for e in ordered)

    def __getitem__(self, key: str) -> Entry:
        found = self._by_number.get(key.upper()) or self._by_name.get(key.lower().replace("_", "-"))
        if found is None:
            raise UnknownEntry(f"no entry {key!r} in the catalogue", found=key, advice=self._near(key))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_number)

    def __len__(self) -> int:
        return len(self._by_number)

    def families(self) -> dict[Family, tuple[Entry, ...]]:
        """The families in the order of the catalogue, each with its entries."""
        found: dict[str, list[Entry]] = {}
        for entry in self.values():
            found.setdefault(entry.family, []).append(entry)
        return {_family(entries[0].path.parent): tuple(entries) for entries in found.values()}

    def _near(self, key: str) -> str:
        from difflib import get_close_matches

        near = get_close_matches(key.lower(), [*self._by_name, *(n.lower() for n in self._by_number)], n=3)
        near = [n.upper() if n.upper() in self._by_number else n for n in near]
        return f"did you mean {' or '.join(near)}?" if near else "`gradproof list` shows every entry"


def _unique(pairs: Iterable[tuple[str, Entry]]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for key, entry in pairs:
        if (first := found.setdefault(key, entry)) is not entry:
            raise BadInput(f"two statement files are called {key}", found=f"{first.path.name} and {entry.path.name}")
    return found


def home() -> Path:
    """The folder of the statement files: inside an installed package, else at the top of the source checkout."""
    packaged = Path(__file__).parent / "derivations"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "derivations"


def catalogue(folder: Path | None = None) -> Catalogue:
    """All entries below `folder` (gradproof's own, where it is not given)."""
    root = home() if folder is None else folder
    if not root.is_dir():
        raise BadInput("the folder of statement files is missing", where=str(root), advice="reinstall gradproof")
    return Catalogue(tuple(e for path in sorted(root.glob("*/*.py")) if (e := _entry(path))))


def _family(folder: Path) -> Family:
    """A family as its README says: the title after "# ", then paragraphs; its folder's name where there is none."""
    readme = folder / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    head, *about = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()] or [folder.name.capitalize()]
    return Family(folder.name, head.removeprefix("# "), tuple(about))


def _entry(path: Path) -> Entry | None:
    if not _FILE.fullmatch(path.name):
        return None
    with path.open(encoding="utf-8") as file:
        return Entry(*_named(path, file.read(400)), path.parent.name, path)


def load_statement(path: str | Path) -> Statement:
    """The `statement` that a statement file defines. The file is executed.

    Raises BadInput, with the line of the file, where it cannot be read, fails, or defines no `statement`.
    """
    from gradproof.statement import Statement

    file = Path(path)
    try:
        source = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as why:
        raise BadInput("cannot read the statement file", where=str(file), found=str(why)) from why
    names: dict[str, Any] = {"__name__": "gradproof_statement", "__file__": str(file)}
    try:
        exec(compile(source, str(file), "exec"), names)
    except SyntaxError as why:
        raise BadInput("this is not Python", where=f"{file}:{why.lineno}", found=why.msg) from why
    except (Exception, SystemExit) as why:
        where = f"{file}:{_line(why, str(file))}"
        raise BadInput("the statement file failed", where=where, found=f"{type(why).__name__}: {why}") from why
    found = names.get("statement")
    if not isinstance(found, Statement):
        raise BadInput(
            "the file defines no `statement`" if found is None else "`statement` is not a Statement",
            where=str(file),
            expected="statement = Statement(claims=(...,), givens=(...,))",
            found="" if found is None else f"{type(found).__name__}",
            advice="the files in derivations/foundations/ are examples",
        )
    number, name, title = _named(file, source)
    return replace(found, number=found.number or number, name=found.name or name, title=found.title or title)


def _named(path: Path, source: str) -> tuple[str, str, str]:
    """Number, name and title, from the file's name and the first line of its docstring."""
    parts = _FILE.fullmatch(path.name)
    number, name = (parts[1].upper(), parts[2]) if parts else ("", path.stem)
    name = name.replace("_", "-")
    title = _TITLE.match(source)
    return number, name, title[1].rstrip(".") if title and title[1] else name


def _line(error: BaseException, file: str) -> int:
    """The line of `file` where the error arose: the innermost frame that belongs to it."""
    line, frame = 0, error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == file:
            line = frame.tb_lineno
        frame = frame.tb_next
    return line
