"""Commands on what is at hand: catalogue entries, statement files, saved proofs."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gradproof.cli.output import DONE, FAILED, PAGES, UNDECIDED, check_target, write
from gradproof.errors import GradproofError

if TYPE_CHECKING:
    from gradproof.entries import Entry
    from gradproof.proof import Proof
    from gradproof.statement import Statement


def derive(options: argparse.Namespace) -> int:
    check_target(options.to, options.output)
    proof = _prove(options.what)
    write(options.output, PAGES["json" if options.to == "proof" else options.to](proof, options.style, options.detail))
    return DONE


def check(options: argparse.Namespace) -> int:
    if options.numbers:
        return _check_numbers([s for what in options.what or [None] for s in _statements(what)])
    if options.what:
        for what in options.what:
            proof = _prove(what)
            print("\n".join([_line(proof), *_proved(proof)]))
        return DONE
    codes = [_check_one(e) for e in _catalogue_entries()]
    print(f"{codes.count(DONE)} of {len(codes)} proved")
    return max(codes, default=DONE) if FAILED not in codes else FAILED


def _line(proof: Proof) -> str:
    return f"{proof.statement.number} {_plain(proof.statement.title)}: {proof.summary}".strip()


def _plain(title: str) -> str:
    from gradproof.render.words import PLAIN

    return PLAIN.say((title,))


def _proved(proof: Proof) -> Sequence[str]:
    """What was proved and what it rests on, which the title of a file need not tell."""
    from gradproof.render.formulas import text

    rests = [f"  given {text(g.relation)}" for g in proof.assumptions]
    return [*(f"  {text(t.statement)}" for t in proof.theorems), *rests]


def _check_one(entry: Entry) -> int:
    try:
        print(_line(entry.prove()), flush=True)
    except GradproofError as why:
        print(f"{entry.number} {_plain(entry.title)}: {type(why).__name__}: {why.summary}", flush=True)
        return why.exit_code
    return DONE


def _check_numbers(statements: Sequence[Statement]) -> int:
    from gradproof.numbers import check_numbers

    found = [(s.number, n) for s in statements for n in check_numbers(s)]
    for number, checked in found:
        verdict = "right" if checked.right else "WRONG" if not checked.problem else "no value"
        computed = _number(checked.computed) if not checked.problem else checked.problem
        print(f'{verdict:8} {number:4} "{checked.quote}": stated {_number(checked.stated)}, computed {computed}')
    wrong = [n for _, n in found if not n.right]
    print(f"{len(found) - len(wrong)} right, {len(wrong)} not right, of {len(found)}")
    if not wrong:
        return DONE
    return UNDECIDED if all(n.problem for n in wrong) else FAILED


def _number(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(_number(v) for v in value)}]"
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) > 1e-30 else "0"  # what is left of rounding at 45 digits
    return str(value)


def export(options: argparse.Namespace) -> int:
    write(options.output, _prove(options.what).export(options.target, options.shard, options.stream).source)
    return DONE


def _catalogue_entries() -> Sequence[Entry]:
    from gradproof.entries import catalogue

    return tuple(catalogue().values())


def _statements(what: str | None) -> Sequence[Statement]:
    if what is None:
        return [e.statement for e in _catalogue_entries()]
    if what.endswith(".json"):
        from gradproof.storage import load

        saved = load(what).statement
        return [saved] if saved is not None else []
    return [_statement(what)]


def _statement(what: str) -> Statement:
    from gradproof.entries import catalogue, load_statement

    if what.endswith(".py") or os.sep in what:
        return load_statement(what)
    return catalogue()[what].statement


def _prove(what: str) -> Proof:
    """The proof of a catalogue entry or statement file, found anew; or a saved one, checked again."""
    if what.endswith(".json"):
        from gradproof.api import load

        return load(what)
    statement = _statement(what)
    from gradproof.api import prove

    return prove(statement)
