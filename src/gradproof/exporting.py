"""From a proof to source code: the functions it offers, in a stable form that is shown equal to what was proved.

Contract. A term is rewritten for accuracy only where the normal form shows the rewritten one equal to it under the
declared domains and the givens, as a whole or rewriting by rewriting; what is not shown stays as it was proved. A
function that array code cannot compute (a derivative or limit left in it) is left out, and the header says so; where
none is left, NotExportable is raised.

Blind spot. Equal over the reals is not equal in floating point; the tests compare values at extreme inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from gradproof import __version__
from gradproof.backward import with_backward
from gradproof.derivation import Given
from gradproof.export import DIFFERENTIABLE, Code, Exported, Interior, NotExportable, emit, stabilise
from gradproof.export.names import identifier
from gradproof.expression import Array, Definition, Entry, Expr, Function, Index, Number, Relation, definitions
from gradproof.functions import Interface, Output, interface
from gradproof.normal import Normal
from gradproof.render.formulas import text
from gradproof.render.words import PLAIN
from gradproof.signs import Signs

if TYPE_CHECKING:
    from gradproof.proof import Proof


def export(proof: Proof, target: str = "numpy", shard: str = "", stream: str = "") -> Code:
    """The functions of a proved statement as a module for `target`, with an axis on shards or in chunks."""
    offered = interface(proof.statement, tuple(t.statement for t in proof.theorems))
    offered = in_closed_form(offered, [t.statement for t in proof.certificate.derivation.theorems])
    functions = functions_of(offered, proof.assumptions, target)
    if not functions:
        raise NotExportable(f"nothing to export in {proof.statement.title}", found=text(proof.proposition))
    try:
        return emit(functions, offered.arguments, _header(proof, functions), target, shard, stream)
    except NotExportable as why:
        left = [f for f in functions if _exportable(f, offered, target, shard, stream)]
        if not left:
            raise
        dropped = ", ".join(f.name for f in functions if f not in left)
        note = f"Not exported: {dropped}, for {why.summary[0].lower()}{why.summary[1:]}."
        return emit(left, offered.arguments, f"{_header(proof, left)}\n\n{note}", target, shard, stream)


def in_closed_form(offered: Interface, proved: Sequence[Expr]) -> Interface:
    """The functions, a loss that array code does not compute, such as an expectation, by the equation proved for it.

    Sides of an equation stay as they are: a limit is not computed by what it is equal to.
    """
    equal = {p.args[0]: p.args[1] for p in proved if isinstance(p, Relation) and p.operator == "="}

    def closed(o: Output) -> Output:
        known = (
            o.name in ("loss", "fun")
            and o.term in equal
            and not _exportable(Exported(o.name, o.term, o.axes), offered, "numpy")
        )
        return replace(o, term=equal[o.term]) if known else o

    return replace(offered, outputs=tuple(map(closed, offered.outputs)))


def functions_of(offered: Interface, givens: Sequence[Given], target: str = "numpy") -> list[Exported]:
    """What is offered, in a stable form under the givens, with backward functions for a target that differentiates."""
    signs = _known(offered, givens)
    functions = _exported(offered, signs)
    return _differentiable(functions, offered, signs, givens) if target in DIFFERENTIABLE else functions


def _known(offered: Interface, givens: Sequence[Given]) -> Signs:
    """The signs that the givens tell, of their sides in stable form too."""
    labels = [a for a in offered.arguments if isinstance(a, Index)]
    signs = Interior(givens, labels)
    restated = (_restated(given, signs) for given in givens)
    return Interior([*givens, *(given for given in restated if given is not None)], labels)


def _restated(given: Given, signs: Signs) -> Given | None:
    """a > b as a - b > 0, in stable form."""
    relation = given.relation
    if relation.operator not in ("<", "<=", ">", ">="):
        return None
    below, above = relation.args if "<" in relation.operator else relation.args[::-1]
    strict = ">=" if "=" in relation.operator else ">"
    return replace(given, relation=Relation.of(_stable(above - below, signs), strict, Number.of(0)))


def _exportable(function: Exported, offered: Interface, target: str, shard: str = "", stream: str = "") -> bool:
    try:
        emit((function,), offered.arguments, "", target, shard, stream)
    except NotExportable:
        return False
    return True


def _exported(offered: Interface, signs: Signs) -> list[Exported]:
    """One function for each name; several results of one name become a dict by variable. Loss and gradient together."""
    by_name: dict[str, list[Output]] = {}
    for output in offered.outputs:
        by_name.setdefault(output.name, []).append(output)
    functions = {}
    for name, outputs in by_name.items():
        formula = "; ".join(_formula(o) for o in outputs)
        if outputs[0].variable:
            results = {o.variable: (_stable(o.term, signs), o.axes) for o in outputs}
            functions[name] = Exported(name, results, formula=formula)
        else:
            functions[name] = Exported(name, _stable(outputs[0].term, signs), outputs[0].axes, formula)
    if "loss" in functions and "grad" in functions:
        both = (functions["loss"], functions["grad"])
        functions["loss_and_grad"] = Exported("loss_and_grad", both, formula="\n".join(f.formula for f in both))
    return list(functions.values())


def _differentiable(
    functions: Sequence[Exported], offered: Interface, signs: Signs, givens: Sequence[Given]
) -> list[Exported]:
    """The functions, the first with the backward function that the proved derivatives make."""
    sizes = (n for a in offered.arguments if isinstance(a, Array) for size in a.shape for n in size.free)
    taken = [identifier(a.name) for a in (*offered.arguments, *sizes)]
    outputs = [*offered.outputs, *_missing_gradients(offered, givens)]
    stable = cache(partial(_stable, signs=signs))
    where = "; ".join(text(g.relation) for g in givens)
    return [with_backward(f, outputs, stable, taken, where) if f.name in ("loss", "fun") else f for f in functions]


def _missing_gradients(offered: Interface, givens: Sequence[Given]) -> list[Output]:
    """Gradients of a loss of which second derivatives alone were claimed: the engine is asked for them."""
    from gradproof.api import derive
    from gradproof.errors import GradproofError

    known = {o.wrt for o in offered.outputs if len(o.wrt) == 1}
    wanted = {o.wrt[0]: o for o in offered.outputs if len(o.wrt) == 2 and o.wrt[:1] not in known}
    found = []
    for variable in wanted:
        with suppress(GradproofError):
            term = derive(offered.outputs[0].term, wrt=variable, given=givens).result
            axes = tuple(i for i in variable.args if isinstance(i, Index))
            found.append(Output("grad", term, axes, wrt=(variable,)))
    return found


def _stable(e: Expr, signs: Signs) -> Expr:
    """The stable form; where it is not shown equal as a whole, what those rewritings make of it that are."""
    normal = Normal(signs, None)
    stable = stabilise(e, signs)
    return stable if normal.equal(stable, e) else stabilise(e, signs, lambda old, new: _shown(normal, old, new))


def _shown(normal: Normal, old: Expr, new: Expr) -> bool:
    """Whether the terms are known to be equal; a logarithm also by what it is the logarithm of."""
    if normal.equal(old, new):
        return True
    log = isinstance(old, Function) and old.name == "log" and normal.signs.positive(old.args[0])
    return log and normal.equal(Function((new,), ("exp",)), old.args[0])


def _formula(output: Output) -> str:
    """The term as a reader knows it: a defined name with what it stands for."""
    term = output.term
    shown = text(term)
    if isinstance(term, Entry) and isinstance(term.base, Definition):
        shown = f"{shown} = {text(term.base.unfold(term.args))}"
    return f"{output.variable}: {shown}" if output.variable else shown


def _header(proof: Proof, functions: Sequence[Exported]) -> str:
    """What stands at the top of the module: what it implements, from what, and how far that is proved."""
    statement = proof.statement
    lines = [f"{statement.number}  {PLAIN.say((statement.title,))}".strip(), "", "Implements", ""]
    lines += [f"    {text(t.statement)}" for t in proof.theorems]
    known = {d: None for t in proof.theorems for d in definitions(t.statement)}
    if known:
        lines += ["", "where", "", *(f"    {_defined(d)}" for d in known)]
    if proof.assumptions:
        lines += ["", "given", "", *(f"    {text(g.relation)}" for g in proof.assumptions)]
    lines += ["", f"Made by gradproof {__version__}: {proof.summary}."]
    return "\n".join(lines)


def _defined(definition: Definition) -> str:
    indices = definition.parameters()
    return text(Relation.of(definition[indices], "=", definition.unfold(indices)))
