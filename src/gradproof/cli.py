"""The command line: thin, and light until a command needs more.

Exit codes: 0 proved or done, 1 refuted or wrong, 2 bad input, 3 not decided. Results go to standard output, everything
else to standard error; no traceback is shown unless GRADPROOF_TRACEBACK is set.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from gradproof.errors import BadInput, GradproofError

if TYPE_CHECKING:
    from gradproof.entries import Entry
    from gradproof.proof import Proof
    from gradproof.statement import Statement

DONE, FAILED, BAD, UNDECIDED = 0, 1, 2, 3

EPILOG = """exit codes: 0 proved or done, 1 refuted, 2 bad input, 3 not decided

  gradproof list --family foundations
  gradproof derive A12 --style cases --to tex -o softmax.tex
  gradproof derive my_loss.py --detail full
  gradproof derive A12 --to json -o a12.json && gradproof check a12.json
  gradproof export softmax-cross-entropy --target numpy"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except GradproofError as why:
        return _complain(str(why), why.exit_code)
    except BrokenPipeError:
        # The reader has gone; Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return _complain("interrupted", 130)
    except Exception as why:
        if os.environ.get("GRADPROOF_TRACEBACK"):
            raise
        text = f"a fault of gradproof, please report it: {type(why).__name__}: {why}"
        return _complain(f"{text}\n  what to do: set GRADPROOF_TRACEBACK=1 to see where", UNDECIDED)
    return code


def _complain(text: str, code: int) -> int:
    print(f"gradproof: {text}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gradproof",
        description="From a loss to its derivation, its proof and its code.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about)
        made.set_defaults(run=run)
        return made

    listing = command("list", _list, "numbers, names and titles of the catalogue")
    listing.add_argument("--family", metavar="NAME", help="only this family, such as foundations")

    which = "a number (A12) or name of the catalogue, or a statement file"
    deriving = command("derive", _derive, "derive, check, audit, and print the page")
    deriving.add_argument("what", metavar="ID|FILE.py", help=which)
    deriving.add_argument(
        "--style", choices=("delta", "cases"), default="delta", help="write delta_ik, or the cases i = k, i != k"
    )
    deriving.add_argument("--detail", choices=("brief", "normal", "full"), default="normal", help="full: every step")
    deriving.add_argument("--to", choices=tuple(PAGES), default="text", help="what to write (default: text)")
    _output(deriving)

    checking = command("check", _check, "check again, without searching where a proof was saved")
    checking.add_argument("what", metavar="ID|FILE", nargs="?", help=f"{which}, or a saved proof.json; all if left out")
    checking.add_argument("--numbers", action="store_true", help="check the worked numbers of the text instead")

    exporting = command("export", _export, "source code that stands alone")
    exporting.add_argument("what", metavar="ID|FILE", help=f"{which}, or a saved proof.json")
    exporting.add_argument("--target", default="numpy", metavar="NAME", help="numpy (default)")
    _output(exporting)

    ruling = command("rules", _rules, "the axioms")
    ruling.add_argument("--to", choices=("text", "md"), default="text", help="what to write (default: text)")
    _output(ruling)
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from gradproof import __version__

        print(f"gradproof {__version__}")
        parser.exit()


def _output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", dest="output", metavar="PATH", help="write to a file instead of standard output")


PAGES: dict[str, Callable[[Proof, str, str], str | bytes]] = {
    "text": lambda proof, style, detail: proof.text(style, detail),
    "tex": lambda proof, style, detail: proof.latex(style, detail),
    "pdf": lambda proof, style, detail: proof.pdf(None, style, detail),
    "md": lambda proof, style, detail: proof.markdown(style, detail),
    "json": lambda proof, style, detail: proof.json(),
}


def _list(options: argparse.Namespace) -> int:
    from gradproof.entries import catalogue

    entries = [e for e in catalogue().values() if options.family in (None, e.family)]
    if not entries:
        known = sorted({e.family for e in catalogue().values()})
        raise BadInput(f"no family {options.family!r}", expected=", ".join(known) or "a catalogue that is not empty")
    width = max(len(e.name) for e in entries)
    _write(None, "".join(f"{e.number:4} {e.name:{width}}  {e.title}\n" for e in entries))
    return DONE


def _derive(options: argparse.Namespace) -> int:
    if options.to == "pdf" and options.output is None:
        raise BadInput("a PDF needs a file to go to", advice="add -o page.pdf")
    proof = _prove(options.what)
    _write(options.output, PAGES[options.to](proof, options.style, options.detail))
    return DONE


def _check(options: argparse.Namespace) -> int:
    if options.numbers:
        return _check_numbers(_statements(options.what))
    if options.what is not None:
        proof = _prove(options.what)
        print("\n".join([_line(proof), *_proved(proof)]))
        return DONE
    codes = [_check_one(e) for e in _catalogue_entries()]
    print(f"{codes.count(DONE)} of {len(codes)} proved")
    return max(codes, default=DONE) if FAILED not in codes else FAILED


def _line(proof: Proof) -> str:
    return f"{proof.statement.number} {proof.statement.title}: {proof.summary}".strip()


def _proved(proof: Proof) -> Sequence[str]:
    """What was proved and what it rests on, which the title of a file need not tell."""
    from gradproof.render.formulas import text

    rests = [f"  given {text(g.relation)}" for g in proof.assumptions]
    return [*(f"  {text(t.statement)}" for t in proof.theorems), *rests]


def _check_one(entry: Entry) -> int:
    try:
        print(_line(entry.prove()), flush=True)
    except GradproofError as why:
        print(f"{entry.number} {entry.title}: {type(why).__name__}: {why.summary}", flush=True)
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


def _export(options: argparse.Namespace) -> int:
    _write(options.output, _prove(options.what).export(options.target).source)
    return DONE


def _rules(options: argparse.Namespace) -> int:
    from gradproof.axioms import page

    _write(options.output, page(options.to))
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


def _write(path: str | None, content: str | bytes) -> None:
    if path is not None:
        from gradproof.storage.files import write_file

        print(write_file(path, content), file=sys.stderr)
        return
    text = content.decode() if isinstance(content, bytes) else content
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    if not text.endswith("\n"):
        sys.stdout.write("\n")
