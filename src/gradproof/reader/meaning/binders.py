"""What binds a letter or moves a variable: sums, products, families, expectations, derivatives, limits.

Contract. A sum that leaves one index out gets the factor 1 - delta, a triangular one a step of the difference of its
indices; products take these as exponents.

Blind spot. What stands under such a factor must be defined at the indices that are left out, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradproof import expression as x
from gradproof.expression import Expr, Index, Number, add, mul
from gradproof.reader import syntax as s
from gradproof.reader.grammar.walking import bound_in, children
from gradproof.reader.meaning.choices import at_least, compared
from gradproof.reader.meaning.ends import never_negative
from gradproof.reader.meaning.tensors import Tensor, Value, combined, mapped, summed

if TYPE_CHECKING:
    from gradproof.reader.meaning.elaborator import Elaborator


def big(el: Elaborator, n: s.Big) -> Value:
    size = el.size(("bound", n), n.letter)
    kind = x.Sum if n.kind == "sum" else x.Product
    with el.binding(n.letter.text, size) as index:
        body, masks = el.value(n.body), _masks(el, n, index)
        if isinstance(body, Expr):
            return kind.over(index, _masked(n.kind, masks, body))
    if n.kind != "sum":
        el.fail("a product of vectors over an index", n)
    return Tensor(body.shape, lambda i: x.Sum.over(index, _masked("sum", masks, body.entry(i))), body.row)


def _masks(el: Elaborator, n: s.Big, index: Index) -> list[Expr]:
    found = []
    if n.low is not None and not (isinstance(n.low, s.Num) and n.low.value == 1):
        low = _whole(el, n.low)
        if not never_negative(add(low, Number.of(-1))):
            el.decline("a sum that may start below 1", n.low, advice="indices run from 1: shift the index")
        found.append(at_least(index, low))
    if n.high is not None and _moves(el, n.high):
        high = _whole(el, n.high)
        if not never_negative(add(index.size, mul(Number.of(-1), high))):
            what = el.source.piece(n.high.at)
            el.decline(f"{what} may be beyond the range of {n.letter.text}", n.high, advice="shift the index")
        found.append(at_least(high, index))
    for relation, term in n.conditions:
        if relation in ("=", "!=") and isinstance(term, s.Terms):
            el.decline("a condition on a shifted index", term)
        found.append(compared(index, relation, _whole(el, term)))
    return found


def _moves(el: Elaborator, node: s.Node) -> bool:
    """Whether the end of a range depends on an index."""
    return any(isinstance(t, Index) for t in el.scalar(node).free)


def _whole(el: Elaborator, node: s.Node) -> Expr:
    found = el.scalar(node)
    loose = [t for t in found.free if not isinstance(t, Index) and not (isinstance(t, x.Symbol) and t.domain.integer)]
    if loose:
        el.fail("the end of a range is a whole number, a size or an index", node)
    return found


def family(el: Elaborator, n: s.Family) -> Value:
    size = el.size(("bound", n), n.letter)
    with el.binding(n.letter.text, size) as index:
        body = el.scalar(n.body)
    inner = x.abstract(body, (index,))
    return Tensor((size,), lambda i: x.instantiate(inner, i))


def expect(el: Elaborator, n: s.Expect) -> Value:
    if n.letter is None:
        weights, body = el.value(n.weights), el.value(n.body)
        if not isinstance(weights, Tensor) or len(weights.shape) != 1:
            el.fail("the distribution of an expectation is not known", n.weights, advice="declare it: p over 1..K")
        values = body if isinstance(body, Tensor) else mapped(lambda _: body, weights)
        both = combined(mul, weights, values)
        return summed(weights.shape[0], lambda i: both.entry((i,)), "i")
    size = el.inferred.size_of(("bound", n))
    if size is None:
        what = el.source.piece(n.weights.at)
        el.decline(
            f"an expectation over {what}, whose outcomes are not known", n, advice=f"declare {what} as a distribution"
        )
    if _is_counted(n.body, n.letter.text):
        advice = rf"write it as a sum over {n.letter.text}, or give the values a name: v_{n.letter.text}"
        el.decline(f"the values of the outcome {n.letter.text} are not known", n.body, advice=advice)
    with el.binding(n.letter.text, size) as index:
        outcome = el.value(n.weights)
        weight = outcome.entry((index,)) if isinstance(outcome, Tensor) and len(outcome.shape) == 1 else outcome
        if isinstance(weight, Tensor) or index not in weight.free:
            el.decline("an expectation over something that is not a distribution over an index", n.weights)
        return x.Sum.over(index, mul(weight, el.scalar(n.body)))


def _is_counted(node: s.Node, letter: str) -> bool:
    """Whether a letter stands for a number, not for an index: E[x^2] is not about the places 1, 2, ... of outcomes."""
    if isinstance(node, s.Name):
        return node.letter == letter
    inner = () if isinstance(node, s.Call | s.Indicator) else children(node)
    return any(_is_counted(c, letter) for c in inner if letter not in dict(bound_in(node, c)))


def derivative(el: Elaborator, n: s.Deriv) -> Value:
    opaque = el.inferred.opaques.derivative(n)
    if opaque is not None:
        return el.entry(el.objects.opaque(opaque, n, el), opaque.holes, n)
    found = el.value(n.body)
    variables = [el.value(v) for v in n.variables]
    el.objects.check_derivative(n, found, variables, el)
    for v in reversed(variables):
        found = _differentiated(el, found, v, n)
    return found


def gradient(el: Elaborator, n: s.Grad) -> Value:
    body, variable = el.value(n.body), el.value(n.variable)
    el.objects.check_derivative(n, body, [variable], el)
    for _ in range(n.order):
        body = _differentiated(el, body, variable, n)
    return body


def _differentiated(el: Elaborator, body: Value, variable: Value, n: s.Node) -> Value:
    try:
        if isinstance(variable, Expr):
            if isinstance(body, Expr):
                return x.Derivative.of(body, variable)
            return mapped(lambda e: x.Derivative.of(e, variable), body)
        if isinstance(body, Expr):
            return Tensor(variable.shape, lambda i: x.Derivative.of(body, variable.entry(i)))
        axes = len(body.shape)
        inner = body
        shape = (*body.shape, *variable.shape)
        return Tensor(shape, lambda i: x.Derivative.of(inner.entry(i[:axes]), variable.entry(i[axes:])))
    except ValueError:
        el.fail("a derivative is taken in a symbol, or in an entry of an array that is not defined", n)


def limit(el: Elaborator, n: s.Lim) -> Value:
    symbol = el.scalar(n.variable)
    if not isinstance(symbol, x.Symbol):
        el.fail("a limit moves a symbol", n.variable)
    return x.Limit((el.scalar(n.body), el.scalar(n.point)), (symbol, n.side))


def _masked(kind: str, masks: list[Expr], body: Expr) -> Expr:
    if not masks:
        return body
    return mul(*masks, body) if kind == "sum" else x.power(body, mul(*masks))
