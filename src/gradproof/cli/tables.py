"""The catalogue as a table to browse: for a terminal, as Markdown, as JSON.

Contract. Entries stand in the order of the catalogue, below the title of their family. What became of a proof is
printed only where it was tried.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from gradproof.render.words import PLAIN

if TYPE_CHECKING:
    from gradproof.book import Page
    from gradproof.entries import Entry, Family

STATUS = {0: "proved", 1: "refuted", 2: "unreadable", 3: "unknown"}  # by exit code
Members = Mapping["Family", tuple["Entry", ...]]
Results = Mapping[str, "Page"]


def text(members: Members, results: Results) -> str:
    entries = [e for found in members.values() for e in found]
    width = max(len(e.name) for e in entries)
    lines: list[str] = []
    for family, found in members.items():
        lines += ["", f"{PLAIN.say((family.title,))} ({family.name})", ""]
        lines += [f"{e.number:4} {e.name:{width}}  {_told(results, e)}{PLAIN.say((e.title,))}" for e in found]
    return "\n".join([*lines[1:], *_total(results), ""])


def _told(results: Results, entry: Entry) -> str:
    result = results.get(entry.number)
    return f"{STATUS[result.code]:10} {result.steps:4} steps {result.seconds:6.2f} s  " if result else ""


def _total(results: Results) -> list[str]:
    if not results:
        return []
    proved = sum(not r.problem for r in results.values())
    problems = [f"{r.number}: {r.problem}" for r in results.values() if r.problem]
    return ["", *problems, f"{proved} of {len(results)} proved, {sum(r.steps for r in results.values())} steps"]


def markdown(members: Members, results: Results) -> str:
    heads = ["number", "name", "title", *(["status", "steps", "seconds"] if results else [])]
    lines = ["# The catalogue"]
    for family, found in members.items():
        lines += ["", f"## {family.title}", ""]
        lines += [line for paragraph in family.about for line in (paragraph, "")]
        lines += [_row(heads), _row(["---"] * len(heads))]
        lines += [_row([e.number, f"`{e.name}`", e.title, *_cells(results, e)]) for e in found]
    return "\n".join([*lines, ""])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(c.replace('|', chr(92) + '|') for c in cells)} |"


def _cells(results: Results, entry: Entry) -> list[str]:
    result = results.get(entry.number)
    return [STATUS[result.code], str(result.steps), f"{result.seconds:.2f}"] if result else []


def as_json(members: Members, results: Results) -> str:
    rows = [_record(family, e, results.get(e.number)) for family, found in members.items() for e in found]
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"


def _record(family: Family, entry: Entry, result: Page | None) -> dict[str, object]:
    known: dict[str, object] = {
        "family": family.name, "number": entry.number, "name": entry.name, "title": entry.title,
    }  # fmt: skip
    if result is not None:
        known |= {"status": STATUS[result.code], "steps": result.steps, "seconds": round(result.seconds, 3)}
        known |= {"problem": result.problem} if result.problem else {}
    return known


TABLES: Mapping[str, Callable[[Members, Results], str]] = {"text": text, "md": markdown, "json": as_json}
