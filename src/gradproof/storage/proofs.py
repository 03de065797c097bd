"""Proofs as JSON: the derivation, the statement it answers, and what the audit saw.

Contract. Reading gives back exactly what was saved, executes nothing, and refuses whatever is not of the format.
It does not say that the derivation is right: `gradproof.load` checks it again.

Blind spot. The audit's report is what the file says it was, not a new audit.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from gradproof.derivation import AuditReport, Derivation, Given, Inference, Step, Theorem
from gradproof.errors import BadInput
from gradproof.expression import Array, Definition, Expr, Index, Relation, Symbol
from gradproof.statement import Statement, WorkedNumber
from gradproof.storage import shapes
from gradproof.storage.codecs import (
    BINDING,
    FLAG,
    REAL,
    TEXT,
    VALUE,
    WHOLE,
    choice,
    many,
    mapping,
    node,
    optional,
    record,
)
from gradproof.storage.files import write_file
from gradproof.storage.terms import Reader, Writer

FORMAT, VERSION = "gradproof proof", 1

TERM, INDEX = node(Expr), node(Index)
GIVEN = record(Given, relation=node(Relation), over=many(INDEX), apart=many(many(INDEX, 2)), text=TEXT)
STEP = record(
    Step,
    rule=TEXT,
    bindings=mapping(BINDING),
    result=TERM,
    at=many(WHOLE),
    opened=many(TEXT),
    relation=choice(*Relation.FLIPPED),
    backwards=FLAG,
    shown=WHOLE,
)
THEOREM = record(
    Theorem,
    name=TEXT,
    statement=TERM,
    start=optional(TERM),
    steps=many(STEP),
    by=optional(record(Inference, rule=TEXT, bindings=mapping(BINDING), premises=many(TEXT))),
    title=TEXT,
    over=many(INDEX),
    role=choice("lemma", "claim"),
    bounds=many(TEXT),
)
DERIVATION = record(Derivation, title=TEXT, givens=many(GIVEN), theorems=many(THEOREM), number=TEXT, source=TEXT)
NUMBER = record(WorkedNumber, expression=TERM, inputs=mapping(VALUE), stated=VALUE, tolerance=REAL, quote=TEXT)
STATEMENT = record(
    Statement,
    number=TEXT,
    name=TEXT,
    title=TEXT,
    claims=many(TERM),
    givens=many(GIVEN),
    source=TEXT,
    note=TEXT,
    lemmas=many(TERM),
    through=many(TERM),
    numbers=many(NUMBER),
    arguments=many(node(Symbol, Array, Index)),
    definitions=many(node(Definition)),
)
AUDIT = record(AuditReport, lines=WHOLE, points=WHOLE, worst=REAL, sizes=many(WHOLE), untested=many(TEXT), refuted=TEXT)


@dataclass(frozen=True)
class Saved:
    """What one file holds."""

    derivation: Derivation
    statement: Statement | None = None
    audit: AuditReport | None = None


PARTS = {"derivation": DERIVATION, "statement": optional(STATEMENT), "audit": optional(AUDIT)}


def save(path: str | Path, saved: Saved) -> Path:
    """Write the file, whole or not at all."""
    return write_file(path, dumps(saved))


def load(path: str | Path) -> Saved:
    """Read a file that `save` wrote. Raises BadInput with the place where it is anything else."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as why:
        raise BadInput("cannot read the saved proof", where=str(path), found=str(why)) from why
    return loads(text, str(path))


def dumps(saved: Saved) -> str:
    """The text of the file, one term a line."""
    table = Writer()
    parts = {name: codec.write(getattr(saved, name), table) for name, codec in PARTS.items()}
    head = f'{{\n"format": {json.dumps(FORMAT)},\n"version": {VERSION},\n"terms": [\n'
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in table.rows)
    rest = ",\n".join(f'"{name}": {_json(part)}' for name, part in parts.items())
    return f"{head}{rows}\n],\n{rest}\n}}\n"


def _json(part: object) -> str:
    try:
        return json.dumps(part, ensure_ascii=False, indent=1, allow_nan=False)
    except (TypeError, ValueError) as why:
        raise BadInput("this proof holds a value that cannot be saved", found=str(why)) from why


def loads(text: str, where: str = "proof") -> Saved:
    """Raises BadInput with the place inside the text where it is not of the format."""
    found = shapes.fields(shapes.parse(text, where), where, ("format", "version", "terms", *PARTS))
    shapes.text(found["format"], f"{where}: format", (FORMAT,))
    if found["version"] != VERSION:
        shapes.refuse(f"{where}: version", f"version {VERSION}", found["version"])
    table = Reader(found["terms"])
    return Saved(**{name: codec.read(found[name], f"{where}: {name}", table) for name, codec in PARTS.items()})
