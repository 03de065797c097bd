r"""Terms as LaTeX and as plain text for a terminal.

    latex(p[k] - y[k])  ->  p_k - y_k          text(D(L, z[k]))  ->  dL/dz_k

Contract. LaTeX needs amsmath and amssymb only, the text is ASCII; the writing is one-to-one as `grammar` says, except
that the text leaves the range of a sum to the names its letter indexes.

Blind spot. `\sigma` and `\Gamma` before a bracket would read as functions, so symbols of these names get a product sign
there; no other name is protected from looking like a function.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import ClassVar

from gradproof.expression import Binder, Expr, Product
from gradproof.render.grammar import Grammar
from gradproof.render.naming import join_indices, latex_name, text_name
from gradproof.render.signs import ATOM, FACTOR, SUM, TERM, Piece, Scope


def latex(e: Expr, avoid: Iterable[str] = ()) -> str:
    """The term in LaTeX; bound indices get no letter from `avoid`."""
    return LATEX.formula(e, avoid)


def text(e: Expr, avoid: Iterable[str] = ()) -> str:
    """The term in plain text."""
    return TEXT.formula(e, avoid)


def _total(moving: Sequence[tuple[Piece, int]]) -> int:
    return sum(n for _, n in moving)


class Latex(Grammar):
    """Textbook LaTeX."""

    wide_brackets = (r"\biggl(", r"\biggr)")
    flat = False
    FUNCTIONS: ClassVar = {
        "log": r"\log", "tanh": r"\tanh", "exp": r"\exp", "sigmoid": r"\sigma", "gamma": r"\Gamma",
        "sin": r"\sin", "cos": r"\cos",
    }  # fmt: skip
    # Functions of one argument with a sign of their own: sign, bracket, what stands before and after the argument.
    WRITTEN_OUT: ClassVar = {
        "relu": (r"\max", "(", "0, ", "", ")"), "abs": ("", "|", "", "", "|"),
        "step": (r"\mathbf{1}", "[", "", " > 0", "]"),
    }  # fmt: skip
    RELATIONS: ClassVar = {"=": "=", "<": "<", ">": ">", "<=": r"\le", ">=": r"\ge", "!=": r"\ne", "<=>": r"\iff"}
    CONSTANTS: ClassVar = {"pi": r"\pi", "oo": r"\infty"}
    LAWS: ClassVar = {"Gaussian": r"\mathcal{N}", "Exponential": r"\mathrm{Exp}"}

    def bracket(self, piece: Piece) -> Piece:
        left, right = (r"\left(", r"\right)") if piece.tall else ("(", ")")
        return Piece(f"{left}{piece.text}{right}", ATOM, tall=piece.tall)

    def times(self, before: str, after: str) -> str:
        if after[0].isdigit() or _looks_like_a_call(before, after):
            return r" \cdot "
        derivative = after.startswith((r"\frac{\partial", r"\frac{d}"))
        beside = r"\frac" in before and after.startswith(r"\frac")
        word = r"\mathrm" in (before[:7], after[:7])
        return r" \, " if derivative or beside or word else " "

    def ratio(self, above: Piece, below: Piece, scope: Scope) -> Piece:
        if scope.tight:
            return slashed(self, above, below, "/")
        return Piece(rf"\frac{{{above.text}}}{{{below.text}}}", FACTOR, tall=True)

    def is_fraction(self, piece: Piece) -> bool:
        return piece.level == FACTOR and piece.text.startswith(r"\frac")

    def root(self, inner: Piece) -> Piece:
        return Piece(rf"\sqrt{{{inner.text}}}", FACTOR, tall=inner.tall)

    def raised(self, base: Piece, exponent: Piece) -> Piece:
        power = exponent.text if len(exponent.text) == 1 and base.text != "e" else f"{{{exponent.text}}}"
        return Piece(f"{base.text}^{power}", FACTOR, tall=base.tall)

    def function_name(self, name: str) -> str:
        return self.FUNCTIONS.get(name, rf"\operatorname{{{name}}}")

    def call(self, name: str, arguments: Sequence[Piece]) -> Piece:
        inside = Piece(", ".join(a.text for a in arguments), SUM, tall=any(a.tall for a in arguments))
        if name in self.WRITTEN_OUT and len(arguments) == 1:
            return self.written_out(name, inside)
        if name == "lgamma":
            return Piece(rf"\log \Gamma{self.bracket(inside).text}", FACTOR, True, inside.tall)
        level = FACTOR if name in self.unbracketed else ATOM
        return Piece(self.function_name(name) + self.bracket(inside).text, level, tall=inside.tall)

    def written_out(self, name: str, inside: Piece) -> Piece:
        sign, left, before, after, right = self.WRITTEN_OUT[name]
        if inside.tall or left == "|":  # a bar must show which side it is
            left, right = rf"\left{left}", rf"\right{right}"
        return Piece(f"{sign}{left}{before}{inside.text}{after}{right}", ATOM, tall=inside.tall)

    def big(self, e: Binder, below: str, above: str = "") -> str:
        sign = r"\prod" if isinstance(e, Product) else r"\sum"
        return f"{sign}_{{{below}}}" + (f"^{{{above}}}" if above else "")

    def summed(self, e: Binder, letter: str, size: str, range_is_clear: bool) -> str:
        return self.big(e, f"{letter}=1", size)

    def ordered(self, low: str, high: str, strict: bool) -> Piece:
        return Piece(rf"\mathbf{{1}}[{low} {self.relation_sign('<' if strict else '<=')} {high}]", ATOM)

    def differentiated(self, body: Piece, named: bool, moving: Sequence[tuple[Piece, int]], total: bool) -> Piece:
        d, order = "d" if total else r"\partial", _total(moving)
        sign = d if order == 1 else f"{d}^{order}"
        below = r" \, ".join(self._moving(d, v, n) for v, n in moving)
        if named:
            return Piece(rf"\frac{{{join_d(sign, body.text)}}}{{{below}}}", FACTOR, tall=True)
        inner = body if body.level >= FACTOR else self.bracket(body)
        return Piece(rf"\frac{{{sign}}}{{{below}}} {inner.text}", FACTOR, True, True)

    def _moving(self, d: str, variable: Piece, order: int) -> str:
        bare = variable if order == 1 or variable.level == ATOM else self.bracket(variable)
        return join_d(d, bare.text) + (f"^{order}" if order > 1 else "")

    def limit_sign(self, letter: str, point: str, side: str) -> str:
        return rf"\lim_{{{letter} \to {point}{side and '^' + side}}}"

    def solution_sign(self, letter: str) -> str:
        return rf"\text{{the }} {letter} \text{{ with }}"

    def ranking_sign(self, kind: str, family: str, index: str) -> str:
        return rf"\operatorname{{{kind}}}_{{{family}}}({index})"

    def mean(self, body: Piece, letter: str, law: str, parameters: Sequence[str]) -> Piece:
        left, right = (r"\left[", r"\right]") if body.tall else ("[", "]")
        name = self.LAWS.get(law, rf"\mathrm{{{law}}}")
        said = rf"{name}({', '.join(parameters)})"
        return Piece(rf"\mathbb{{E}}_{{{letter} \sim {said}}}{left}{body.text}{right}", ATOM, tall=body.tall)

    def relation_sign(self, operator: str) -> str:
        return self.RELATIONS[operator]

    def quantifier(self, letters: Sequence[tuple[str, str]]) -> str:
        said = ", ".join(rf"{a} = 1, \dots, {size}" if size else a for a, size in letters)
        return rf" \quad \text{{for all }} {said}"

    def optimum_sign(self, kind: str, letter: str) -> str:
        return rf"\operatorname*{{arg\,{kind}}}_{{{letter}}}"

    def family(self, body: Piece, letter: str, size: str) -> Piece:
        return Piece(f"{self.bracket(body).text}_{{{letter}=1}}^{{{size}}}", FACTOR, tall=body.tall)

    def constant_sign(self, name: str) -> str:
        return self.CONSTANTS[name]

    def named(self, name: str, indices: Sequence[str], defined: bool) -> Piece:
        found = latex_name(name, defined)
        return Piece(found.latex(indices), ATOM if found.plain else FACTOR)

    def inverted(self, matrix: Piece, indices: Sequence[str]) -> Piece:
        whole = matrix if matrix.level == ATOM else self.bracket(matrix)
        return Piece(f"({whole.text}^{{-1}})_{{{join_indices(indices)}}}", FACTOR)

    def of_whole(self, kind: str, matrix: Piece) -> Piece:
        if kind == "det":
            return Piece(rf"\det {matrix.text}", FACTOR, True)
        return Piece(rf"\lambda_{{\min}}({matrix.text})", ATOM)

    def definite(self, matrix: Piece, strictly: bool) -> str:
        return rf"{matrix.text} {chr(92)}{'succ' if strictly else 'succeq'} 0"

    def letter(self, name: str) -> str:
        return name if name in ("d", "e") else latex_name(name).latex()

    def counted(self, name: str) -> str:
        return latex_name(name).latex()


class Text(Grammar):
    """Plain text, one line a formula."""

    wide_brackets = ("(", ")")
    flat = True
    FUNCTIONS: ClassVar = {"sigmoid": "sigma"}
    LAWS: ClassVar = {"Gaussian": "N", "Exponential": "Exp"}
    WRITTEN_OUT: ClassVar = {"relu": "max(0, {})", "abs": "|{}|", "step": "[{} > 0]"}

    def bracket(self, piece: Piece) -> Piece:
        return Piece(f"({piece.text})", ATOM)

    def times(self, before: str, after: str) -> str:
        misread = after[0].isdigit() or (re.search(r"(^|\W)sigma$", before) and after.startswith("("))
        return " * " if misread else " "

    def ratio(self, above: Piece, below: Piece, scope: Scope) -> Piece:
        return slashed(self, above, below, "/" if scope.tight or above.text.isdigit() else " / ")

    def is_fraction(self, piece: Piece) -> bool:
        return False

    def root(self, inner: Piece) -> Piece:
        return Piece(f"sqrt({inner.text})", ATOM)

    def raised(self, base: Piece, exponent: Piece) -> Piece:
        return Piece(f"{base.text}^{braced(exponent.text, 1)}", FACTOR)

    def function_name(self, name: str) -> str:
        return self.FUNCTIONS.get(name, name)

    def call(self, name: str, arguments: Sequence[Piece]) -> Piece:
        inside = ", ".join(a.text for a in arguments)
        if name in self.WRITTEN_OUT and not (name == "abs" and "|" in inside):  # bars inside bars are not told apart
            return Piece(self.WRITTEN_OUT[name].format(inside), ATOM)
        return Piece(f"{self.function_name(name)}({inside})", FACTOR if name in self.unbracketed else ATOM)

    def big(self, e: Binder, below: str, above: str = "") -> str:
        sign = "prod" if isinstance(e, Product) else "sum"
        return f"{sign}_{{{below}}}" + (f"^{braced(above)}" if above else "")

    def summed(self, e: Binder, letter: str, size: str, range_is_clear: bool) -> str:
        if range_is_clear:
            return f"{'prod' if isinstance(e, Product) else 'sum'}_{letter}"
        return self.big(e, f"{letter}=1", size)

    def ordered(self, low: str, high: str, strict: bool) -> Piece:
        return Piece(f"[{low} {'<' if strict else '<='} {high}]", ATOM)

    def differentiated(self, body: Piece, named: bool, moving: Sequence[tuple[Piece, int]], total: bool) -> Piece:
        order = _total(moving)
        below = " ".join(f"d{v.text}" + (f"^{n}" if n > 1 else "") for v, n in moving)
        apart = order > 1 or (named and re.match(r"\w{2}", body.text) and body.text[1] != "_")
        above = ("d" if order == 1 else f"d^{order}") + (" " if apart else "")
        above += body.text if named else self.bracket(body).text
        return Piece(f"{above}/{f'({below})' if ' ' in below else below}", FACTOR, True)

    def limit_sign(self, letter: str, point: str, side: str) -> str:
        return f"lim_{{{letter} -> {point}{side}}}"

    def solution_sign(self, letter: str) -> str:
        return f"the {letter} with"

    def ranking_sign(self, kind: str, family: str, index: str) -> str:
        return f"{kind}({family})[{index}]"

    def mean(self, body: Piece, letter: str, law: str, parameters: Sequence[str]) -> Piece:
        said = f"{self.LAWS.get(law, law)}({', '.join(parameters)})"
        return Piece(f"E_{{{letter} ~ {said}}}[{body.text}]", ATOM)

    def relation_sign(self, operator: str) -> str:
        return operator

    def quantifier(self, letters: Sequence[tuple[str, str]]) -> str:
        return f" for all {', '.join(f'{a} = 1..{size}' if size else a for a, size in letters)}"

    def optimum_sign(self, kind: str, letter: str) -> str:
        return f"arg{kind}_{letter}"

    def family(self, body: Piece, letter: str, size: str) -> Piece:
        return Piece(f"({body.text})_{{{letter}=1..{size}}}", FACTOR)

    def constant_sign(self, name: str) -> str:
        return name

    def named(self, name: str, indices: Sequence[str], defined: bool) -> Piece:
        found = text_name(name, indices)
        return Piece(found, FACTOR if "^" in found or "(" in found or "'" in found else ATOM)

    def inverted(self, matrix: Piece, indices: Sequence[str]) -> Piece:
        whole = matrix if matrix.level == ATOM else self.bracket(matrix)
        below = join_indices(indices)
        return Piece(f"({whole.text}^-1)_{braced(below, 99)}", FACTOR)

    def of_whole(self, kind: str, matrix: Piece) -> Piece:
        if kind == "det":
            return Piece(f"det {matrix.text}", FACTOR, True)
        return Piece(f"lambda_min({matrix.text})", ATOM)

    def definite(self, matrix: Piece, strictly: bool) -> str:
        return f"{matrix.text} positive {'' if strictly else 'semi'}definite"

    def letter(self, name: str) -> str:
        return text_name(name)

    def counted(self, name: str) -> str:
        return text_name(name)


def slashed(signs: Latex | Text, above: Piece, below: Piece, slash: str) -> Piece:
    """A quotient on the line: only the last factor may stand below it without brackets."""
    top = above if above.level >= TERM and not above.open else signs.bracket(above)
    bottom = below if below.level >= FACTOR and not below.open else signs.bracket(below)
    return Piece(f"{top.text}{slash}{bottom.text}", TERM, tall=top.tall or bottom.tall)


def _looks_like_a_call(before: str, after: str) -> bool:
    """A symbol that is read as a function before a bracket; pi only if the bracket holds no sum."""
    if not after.startswith(("(", r"\left(")):
        return False
    return before.endswith((r"\sigma", r"\Gamma")) or (before.endswith(r"\pi") and not re.match(r"[^)]* [-+] ", after))


def join_d(sign: str, name: str) -> str:
    return f"{sign}{'' if sign == 'd' else ' '}{name}"


def braced(script: str, bare: int = 99) -> str:
    """The script of a terminal's ^, in braces unless it is a word of at most `bare` characters."""
    return script if re.fullmatch(r"\w+", script) and len(script) <= bare else f"{{{script}}}"


LATEX, TEXT = Latex(), Text()
