"""Commands on formulas: a loss or a claim on the command line, and files that hold formulas."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from gradproof.cli.output import DONE, FAILED, PAGES, check_target, complain, write

if TYPE_CHECKING:
    from gradproof.claims.request import Formulas

SUFFIXES = (".tex", ".ltx", ".latex", ".md", ".markdown")


def _formulas(options: argparse.Namespace) -> Formulas:
    from gradproof.claims.request import Formulas

    return Formulas(
        loss=getattr(options, "loss", None),
        wrt=getattr(options, "wrt", None),
        expect=getattr(options, "expect", None),
        claims=tuple(getattr(options, "claim", ())),
        lets=tuple(options.let),
        givens=tuple(options.given),
    )


def derive(options: argparse.Namespace) -> int:
    """The page of a loss; where its expected form is false or out of reach, what is wrong."""
    check_target(options.to, options.output)
    from gradproof.claims import data
    from gradproof.claims.request import derive as derived

    found = derived(_formulas(options))
    complaint = found.complaint()
    if options.to == "json":
        write(options.output, json.dumps(data.derived(found), indent=2, ensure_ascii=False))
        return complaint.exit_code if complaint else DONE
    if complaint is not None:
        return complain(str(complaint), complaint.exit_code)
    assert found.proof is not None
    form = "json" if options.to == "proof" else options.to
    write(options.output, PAGES[form](found.proof, options.style, options.detail))
    return DONE


def export(options: argparse.Namespace) -> int:
    from gradproof.claims.request import derive as derived

    found = derived(_formulas(options))
    complaint = found.complaint()
    if complaint is not None:
        return complain(str(complaint), complaint.exit_code)
    assert found.proof is not None
    write(options.output, found.proof.export(options.target, options.shard, options.stream).source)
    return DONE


def check(options: argparse.Namespace) -> int:
    """The verdict on every relation of every --claim."""
    if options.to == "sarif":
        options.usage_error("sarif is for files; use --to text or json")
    from gradproof.claims import data, report
    from gradproof.claims.request import check as checked
    from gradproof.claims.request import overall
    from gradproof.claims.verdict import EXIT_CODES

    found = checked(_formulas(options))
    if options.to == "json":
        write(options.output, json.dumps(data.checked(found), indent=2, ensure_ascii=False))
    else:
        write(options.output, report.claims(found))
    return EXIT_CODES[overall(found)]


def check_files(options: argparse.Namespace) -> int:
    """The verdicts on the displays of .tex and .md files; 1 if something is refuted, else 0."""
    from gradproof.claims import report
    from gradproof.claims.files import review
    from gradproof.claims.sarif import log

    reviews = [review(path, options.let, options.given) for path in options.what]
    forms = {"text": report.files, "json": report.files_json, "sarif": log}
    write(options.output, forms[options.to](reviews))
    return FAILED if any(r.refuted for r in reviews) else DONE
