"""The command line: thin, and light until a command needs more.

Exit codes: 0 proved or done, 1 refuted or wrong, 2 bad input, 3 not decided. Results go to standard output, everything
else to standard error; no traceback is shown unless GRADPROOF_TRACEBACK is set.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from gradproof.cli import book, catalogued, formulas
from gradproof.cli.output import DONE, PAGES, UNDECIDED, complain, write
from gradproof.errors import GradproofError

EPILOG = r"""exit codes: 0 proved or done, 1 refuted, 2 bad input, 3 not decided

  gradproof list --family foundations
  gradproof list --prove --to md
  gradproof book -o book.pdf
  gradproof derive A12 --style cases --to tex -o softmax.tex
  gradproof derive my_loss.py --detail full
  gradproof derive --loss '-\sum_i y_i \log p_i' --let 'p_i = \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}' \
                   --given '\sum_i y_i = 1' --wrt z_k --expect 'p_k - y_k'
  gradproof derive A12 --to json -o a12.json && gradproof check a12.json
  gradproof check --claim '\sigma(-x) = 1 - \sigma(x)'
  gradproof check appendix.tex notes.md --to sarif -o findings.sarif
  gradproof export softmax-cross-entropy --target numpy"""

FORMULAS = {
    "--loss": "the loss in LaTeX",
    "--wrt": "what to differentiate in, such as z_k; left out, the loss itself is brought into its textbook form",
    "--expect": "the form the result should have",
    "--claim": "a relation, or a chain of them, in LaTeX; may be repeated",
    "--let": "a definition in LaTeX, name = formula; may be repeated",
    "--given": "a hypothesis in LaTeX: an equation, a sign, a range; may be repeated",
}
REPEATED = ("--claim", "--let", "--given")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(_attached(sys.argv[1:] if arguments is None else arguments))
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except GradproofError as why:
        return complain(str(why), why.exit_code)
    except BrokenPipeError:
        # The reader has gone; Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return complain("interrupted", 130)
    except Exception as why:
        if os.environ.get("GRADPROOF_TRACEBACK"):
            raise
        text = f"a fault of gradproof, please report it: {type(why).__name__}: {why}"
        return complain(f"{text}\n  what to do: set GRADPROOF_TRACEBACK=1 to see where", UNDECIDED)
    return code


def _attached(arguments: Sequence[str]) -> list[str]:
    """The arguments with each formula joined to its option, since a formula may begin with a minus."""
    found: list[str] = []
    for argument in arguments:
        if found and found[-1] in FORMULAS and argument.partition("=")[0] not in FORMULAS:
            found[-1] += f"={argument}"
        else:
            found.append(argument)
    return found


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
        made.set_defaults(run=run, usage_error=made.error)
        return made

    listing = command("list", book.listing, "the catalogue as a table: families, numbers, names and titles")
    _family(listing)
    listing.add_argument("--prove", action="store_true", help="prove every entry and show its status, steps and time")
    listing.add_argument("--to", choices=("text", "md", "json"), default="text", help="what to write (default: text)")
    _output(listing)

    which = "a number (A12) or name of the catalogue, or a statement file"
    deriving = command("derive", _derive, "derive, check, audit, and print the page")
    deriving.add_argument("what", metavar="ID|FILE.py", nargs="?", help=f"{which}; or use --loss")
    _formulas(deriving, "--loss", "--let", "--given", "--wrt", "--expect")
    deriving.add_argument(
        "--style", choices=("delta", "cases"), default="delta", help="write delta_ik, or the cases i = k, i != k"
    )
    deriving.add_argument("--detail", choices=("brief", "normal", "full"), default="normal", help="full: every step")
    forms = "what to write (default: text); of a --loss, json is a summary and proof the file that check reads"
    deriving.add_argument("--to", choices=(*PAGES, "proof"), default="text", help=forms)
    _output(deriving)

    checking = command("check", _check, "check proofs again, or the claims of a formula, a .tex or a .md file")
    files = f"{which}, a saved proof.json, or .tex and .md files; all of the catalogue if left out"
    checking.add_argument("what", metavar="ID|FILE", nargs="*", help=files)
    _formulas(checking, "--claim", "--let", "--given")
    checking.add_argument("--numbers", action="store_true", help="check the worked numbers of the text instead")
    checking.add_argument("--to", choices=("text", "json", "sarif"), default="text", help="how to report on formulas")
    _output(checking)

    exporting = command("export", _export, "source code that stands alone")
    exporting.add_argument("what", metavar="ID|FILE", nargs="?", help=f"{which}, or a saved proof.json; or use --loss")
    _formulas(exporting, "--loss", "--let", "--given", "--wrt")
    exporting.add_argument("--target", default="numpy", metavar="NAME", help="numpy (default), torch, jax, c")
    parts = exporting.add_mutually_exclusive_group()
    split = "a size, such as K, whose axis"
    parts.add_argument("--shard", default="", metavar="SIZE", help=f"{split} lies on several machines (torch, jax)")
    parts.add_argument("--stream", default="", metavar="SIZE", help=f"{split} comes in chunks (numpy, torch, jax)")
    _output(exporting)

    printing = command("book", book.book, "prove the catalogue and print it as one book, with contents and indices")
    _family(printing)
    printing.add_argument("-o", dest="output", metavar="book.tex|book.pdf", help="LaTeX on standard output if left out")

    ruling = command("rules", _rules, "the axioms")
    ruling.add_argument("--to", choices=("text", "md"), default="text", help="what to write (default: text)")
    _output(ruling)
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from gradproof import __version__

        print(f"gradproof {__version__}")
        parser.exit()


def _formulas(parser: argparse.ArgumentParser, *names: str) -> None:
    for name in names:
        if name in REPEATED:
            parser.add_argument(name, action="append", default=[], metavar="LATEX", help=FORMULAS[name])
        else:
            parser.add_argument(name, metavar="LATEX", help=FORMULAS[name])


def _family(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--family", metavar="NAME", help="only this family, such as foundations")
    parser.add_argument("--jobs", type=int, metavar="N", help="processes for proofs (default: one a processor)")


def _output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", dest="output", metavar="PATH", help="write to a file instead of standard output")


def _derive(options: argparse.Namespace) -> int:
    _one_of(options, options.loss is not None, "--loss")
    return formulas.derive(options) if options.loss is not None else catalogued.derive(options)


def _export(options: argparse.Namespace) -> int:
    _one_of(options, options.loss is not None, "--loss")
    return formulas.export(options) if options.loss is not None else catalogued.export(options)


def _check(options: argparse.Namespace) -> int:
    documents = [name for name in options.what if name.endswith(formulas.SUFFIXES)]
    if options.claim or documents:
        _one_of(options, bool(options.claim), "--claim")
        if options.numbers:
            options.usage_error("--numbers is for catalogue entries and statement files")
        if len(documents) < len(options.what):
            options.usage_error("check .tex and .md files apart from everything else")
        return formulas.check_files(options) if documents else formulas.check(options)
    if options.let or options.given:
        options.usage_error("--let and --given need a --claim or a file")
    if options.to != "text" or options.output:
        options.usage_error("--to and -o are for a --claim and for .tex and .md files")
    return catalogued.check(options)


def _one_of(options: argparse.Namespace, is_formula: bool, option: str) -> None:
    if is_formula and options.what:
        options.usage_error(
            f"{option} stands in the place of {options.what if option == '--loss' else options.what[0]}"
        )
    if not is_formula and not options.what:
        options.usage_error(f"what? give a catalogue entry, a file, or {option}")
    extra = [name for name in FORMULAS if not is_formula and getattr(options, name[2:], None)]
    if option == "--loss" and extra:
        options.usage_error(f"{extra[0]} needs a --loss")


def _rules(options: argparse.Namespace) -> int:
    from gradproof.axioms import page

    write(options.output, page(options.to))
    return DONE
