"""Is a hand-written backward pass the proved gradient?

Contract. Sizes are tried from small to large, at each first simple values, then random ones, all within the domains and
givens of the statement. The first difference ends the search; then the common slips are tried for what explains it.

Blind spot. Differences below the tolerance, 1e-6 of the largest component (1e-4 in float32), are taken for rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from gradproof.checking import slips
from gradproof.checking.calls import Checked, Failed
from gradproof.checking.reference import Case, Reference
from gradproof.checking.result import BackwardCheck
from gradproof.errors import BadInput
from gradproof.proof import Proof
from gradproof.statement import Statement

if TYPE_CHECKING:
    from gradproof.entries import Entry

POINTS, FURTHER = 120, 8
TOLERANCE, SINGLE = 1e-6, 1e-4  # in double and in single precision


def verify_backward(
    function: Callable[..., Any],
    entry: str | Entry | Statement | Proof,
    wrt: str | Sequence[str] | None = None,
    sizes: Any = None,
    *,
    library: str | None = None,
) -> BackwardCheck:
    """Compare a hand-written backward function, in NumPy or PyTorch, with the proved gradient.

    function: takes arguments of the entry by name, and `upstream` (or grad_output) where it applies an upstream
    gradient; returns the gradient in wrt, or a tuple or dict of them, or of a family the Jacobian, without an upstream.
    Or a torch.autograd.Function whose forward takes these arguments, which is differentiated.
    entry: a number, a name or an entry of the catalogue, a Statement or a Proof. wrt: the variables, all by default.
    sizes: whole numbers to try, for all sizes or by name. library: "numpy" or "torch", where it cannot be told.
    Raises BadInput where the arguments make no sense; whatever the function does is in the result.
    """
    reference = Reference(_proof(entry))
    variables = _variables(wrt, reference)
    checked = Checked(function, reference.names, reference.upstream, variables, library)
    comparison = Comparison(reference, checked, variables)
    worst, count = 0.0, 0
    further = reference.random(FURTHER, sizes, checked.upstream)
    points = islice(reference.cases(sizes, checked.upstream), POINTS)
    for case in chain(points, further, reference.large(further)):
        count += 1
        difference = comparison.difference(case)
        if isinstance(difference, float):
            worst = max(worst, difference)
            continue
        return comparison.report(case, difference, count, further)
    if not count:
        raise BadInput("no point satisfies the givens at these sizes", where=reference.title, found=repr(sizes))
    changed = ", ".join(sorted(checked.changed))
    return BackwardCheck(
        True, reference.title, count, worst, reason=changed and f"it writes into its argument {changed}"
    )


class Comparison:
    """The function beside the proved gradient."""

    def __init__(self, reference: Reference, checked: Checked, variables: Sequence[str]) -> None:
        self.reference, self.checked, self.variables = reference, checked, variables
        self.by_jacobian = reference.whole and not checked.upstream and reference.jacobian is not None

    def expected(self, case: Case) -> dict[str, Any]:
        import inspect

        if not self.by_jacobian:
            return self.reference.at(case.inputs)
        f = self.reference.jacobian
        found = f(**{n: case.inputs[n] for n in inspect.signature(f).parameters})
        return found if isinstance(found, dict) else {self.variables[0]: found}

    def difference(self, case: Case) -> float | tuple[str, tuple[int, ...]] | str:
        """The worst difference, relative to the scale; the first component that differs; or why there is none."""
        import numpy as np

        with np.errstate(all="ignore"):  # at large arguments a gradient may overflow
            expected = self.expected(case)
        if not all(np.all(np.isfinite(expected[v])) for v in self.variables):
            return 0.0
        try:
            found = self.checked(case.inputs, self.variables)
        except Failed as why:
            return str(why)
        worst = 0.0
        for v in self.variables:
            if found[v].shape != expected[v].shape:
                return f"gradient in {v}: expected shape {expected[v].shape}, found {found[v].shape}"
            gap = np.abs(found[v] - expected[v]) / max(1.0, float(np.max(np.abs(expected[v]), initial=0)))
            bad = np.argwhere(~(gap <= (SINGLE if found[v].dtype == np.float32 else TOLERANCE)))
            if len(bad):
                return v, tuple(int(n) for n in bad[0])
            worst = max(worst, float(np.max(gap, initial=0)))
        return worst

    def report(
        self, case: Case, what: tuple[str, tuple[int, ...]] | str, count: int, further: Sequence[Case]
    ) -> BackwardCheck:
        inputs = self.checked.inputs(case.inputs)
        jacobian = self.expected if self.by_jacobian else None
        two = None if isinstance(what, str) else self._again(case)
        slip = slips.explain(self.reference, self._observed([case, *further]), jacobian) if two is None else ""
        if two is not None:
            what = f"the function gives another value when it is called again: {two}"
        if isinstance(what, str):
            return BackwardCheck(
                False, self.reference.title, count, sizes=case.sizes, inputs=inputs, slip=slip, reason=what
            )
        variable, place = what
        expected, found = (
            self.expected(case)[variable][place],
            self.checked(case.inputs, self.variables)[variable][place],
        )
        return BackwardCheck(
            False,
            self.reference.title,
            count,
            sizes=case.sizes,
            inputs=inputs,
            variable=variable,
            component=place,
            expected=float(expected),
            found=float(found),
            slip=slip,
        )

    def _again(self, case: Case) -> str | None:
        """Two values of one component, where the function does not repeat itself."""
        import numpy as np

        first, second = (self._observed([case]), self._observed([case]))
        for v, value in first[0][1].items() if first and second else ():
            other = second[0][1][v]
            if value.shape == other.shape and not np.array_equal(value, other, equal_nan=True):
                place = np.argwhere(value != other)[0]
                return f"{value[tuple(place)]:.6g}, then {other[tuple(place)]:.6g}"
        return None

    def _observed(self, cases: Sequence[Case]) -> list[tuple[Case, dict[str, Any]]]:
        """What the function gives at points where it gives anything."""
        seen = []
        for case in cases:
            try:
                seen.append((case, self.checked(case.inputs, self.variables)))
            except Failed:
                continue
        return seen


def _proof(entry: Any) -> Proof:
    if isinstance(entry, Proof):
        return entry
    from gradproof.api import prove
    from gradproof.entries import Entry, catalogue

    if isinstance(entry, Statement):
        return prove(entry)
    if isinstance(entry, str | Entry):
        return (catalogue()[entry] if isinstance(entry, str) else entry).prove()
    raise BadInput(
        "not an entry", expected="a number or name of the catalogue, a Statement or a Proof", found=repr(entry)
    )


def _variables(wrt: str | Sequence[str] | None, reference: Reference) -> tuple[str, ...]:
    wanted = reference.variables if wrt is None else (wrt,) if isinstance(wrt, str) else tuple(wrt)
    unknown = [v for v in wanted if v not in reference.variables]
    if unknown or not wanted:
        raise BadInput(
            f"no gradient in {', '.join(map(str, unknown)) or 'nothing'} was proved",
            where=reference.title,
            expected=f"wrt among {', '.join(reference.variables)}",
        )
    return wanted
