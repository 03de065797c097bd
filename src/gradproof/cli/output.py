"""Where the command line writes, and the forms a proof can be written in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from gradproof.errors import BadInput

if TYPE_CHECKING:
    from gradproof.proof import Proof

DONE, FAILED, BAD, UNDECIDED = 0, 1, 2, 3

PAGES: dict[str, Callable[[Proof, str, str], str | bytes]] = {
    "text": lambda proof, style, detail: proof.text(style, detail),
    "tex": lambda proof, style, detail: proof.latex(style, detail),
    "pdf": lambda proof, style, detail: proof.pdf(None, style, detail),
    "md": lambda proof, style, detail: proof.markdown(style, detail),
    "json": lambda proof, style, detail: proof.json(),
}


def check_target(form: str, path: str | None) -> None:
    if form == "pdf" and path is None:
        raise BadInput("a PDF needs a file to go to", advice="add -o page.pdf")


def complain(text: str, code: int) -> int:
    print(f"gradproof: {text}", file=sys.stderr)
    return code


def write(path: str | None, content: str | bytes) -> None:
    if path is not None:
        from gradproof.storage.files import write_file

        print(write_file(path, content), file=sys.stderr)
        return
    text = content.decode() if isinstance(content, bytes) else content
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    if not text.endswith("\n"):
        sys.stdout.write("\n")
