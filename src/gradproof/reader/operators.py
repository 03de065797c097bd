r"""Operators with a letter of their own: sums, products, derivatives, gradients, limits, expectations, arg max.

Contract. The ranges are kept as they are written: every habit (\sum_i, \sum_{i=1}^K, \sum_j^C, \sum_{i \ne k}, \sum_{i,j},
\sum_{1 \le i \le n}, \substack) becomes the same node, and what is not written stays open.

Blind spot. A sum over a condition on two letters, as i < j, binds the first letter only if the second has a meaning
outside; that is seen later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gradproof.reader import commands as t
from gradproof.reader import grammar, naming
from gradproof.reader.cursor import Cursor
from gradproof.reader.errors import Span
from gradproof.reader.lexer import LETTER, SYMBOL, Token, written
from gradproof.reader.syntax import (
    Best,
    Big,
    Bracket,
    Call,
    Deriv,
    Expect,
    Family,
    Grad,
    Letter,
    Lim,
    Name,
    Node,
    Num,
    Power,
    Terms,
    Verbatim,
)

MAX_ORDER = 8
BIG = {r"\sum": "sum", r"\prod": "prod"}


@dataclass(frozen=True)
class Limits:
    """What the scripts of a sum say of one letter."""

    letter: Letter
    low: Node | None = None
    high: Node | None = None
    over: str = ""
    conditions: tuple[tuple[str, Node], ...] = ()


def big(c: Cursor) -> Node:
    """A sum or product with its body, one node for each letter."""
    start = c.next()
    limits: list[Limits] = []
    high: Node | None = None
    while c.text in ("_", "^"):
        if c.next().text == "_":
            limits = _lower(c)
        else:
            high = _upper(c)
    if not limits:
        c.fail(f"{start.text} has no index", start.at, expected=rf"{start.text}_{{i=1}}^{{K}}")
    with c.binding(one.letter.text for one in limits):
        body = _body(c)
    for one in reversed(limits):
        top = one.high if one.high is not None else high
        at = c.since(start.at)
        body = Big(at, BIG[start.text], one.letter, one.low, top, one.over, one.conditions, body)
    return body


def _body(c: Cursor) -> Node:
    """The factors that follow; a minus may stand first."""
    with c.nested():
        start = c.token.at
        if c.taking("-"):
            return Terms(c.since(start), ((-1, grammar.product(c)),))
        return grammar.product(c)


def _upper(c: Cursor) -> Node | None:
    if c.text == "{" and c.ahead().text == "}":
        c.place += 2
        return None
    return grammar.script(c)


def _lower(c: Cursor) -> list[Limits]:
    if c.text != "{":
        token = c.token
        letter = _letter(c)
        if letter is None:
            c.fail("the index of a sum is a letter", token.at)
        return [Limits(letter)]
    tokens = c.group()
    if tokens and tokens[0].text == r"\substack":
        inner = c.inside(tokens[1:])
        rows = inner.group()
        tokens = [replace(x, kind=SYMBOL, text=",") if x.text == r"\\" else x for x in rows]
    found: list[Limits] = []
    inside = c.inside(tokens)
    with c.nested():
        while not inside.ended:
            _clause(inside, found)
            if not inside.taking(",") and not inside.ended:
                inside.fail("this range is not something gradproof reads", expected=r"i=1, i \neq k, or i \in \mathcal{X}")
    low = next((x.low for x in reversed(found) if x.low is not None), None)
    return [replace(x, low=low) if x.low is None and not (x.over or x.conditions) else x for x in found]


def _letter(c: Cursor) -> Letter | None:
    """An index letter, with primes or a subscript of its own."""
    if not (c.token.kind == LETTER or c.text in t.GREEK or c.text in t.BOLD or c.text in t.STYLED or c.text == r"\mathit"):
        return None
    part = naming._unit(c, 0)
    return Letter(part.at, part.text)


def _clause(c: Cursor, found: list[Limits]) -> None:
    """i, i=1, i \\neq k, i \\in S, or 1 \\le i \\le n."""
    place = c.place
    letter = _letter(c)
    if letter is None or not (c.ended or c.text == "," or c.text in t.RELATIONS or c.text == r"\in"):
        c.place = place
        _double(c, found)
        return
    relation = t.RELATIONS.get(c.text, "")
    if c.ended or c.text == ",":
        found.append(Limits(letter))
    elif c.taking(r"\in"):
        found.append(_over_set(c, letter))
    elif relation == "=":
        c.next()
        found.append(Limits(letter, grammar.additive(c)))
    else:
        c.next()
        term = grammar.additive(c)
        _restrict(found, letter, relation, term)
        if c.text in t.RELATIONS:
            c.fail("a range with two relations starts with a number", advice=r"write 1 \le i \le n")


def _restrict(found: list[Limits], letter: Letter, relation: str, term: Node) -> None:
    for n, one in enumerate(found):
        if one.letter.text == letter.text:
            found[n] = replace(one, conditions=(*one.conditions, (relation, term)))
            return
    found.append(Limits(letter, conditions=((relation, term),)))


def _double(c: Cursor, found: list[Limits]) -> None:
    start = c.token.at
    low = grammar.additive(c)
    first = t.RELATIONS.get(c.next().text, "")
    letter = _letter(c)
    second = t.RELATIONS.get(c.text, "")
    if letter is None or first not in ("<", "<=") or second not in ("<", "<="):
        c.fail("this range is not something gradproof reads", start, advice=r"write \sum_{i=1}^{K}")
    c.next()
    high = grammar.additive(c)
    conditions = ((">", low),) if first == "<" else ()
    if second == "<":
        c.decline("a range that stops before its end", start, advice=r"write \sum_{i=1}^{K}")
    found.append(Limits(letter, None if first == "<" else low, high, "", conditions))


def _over_set(c: Cursor, letter: Letter) -> Limits:
    if c.text == "[":  # i in [K]
        c.next()
        high = grammar.additive(c)
        c.expect("]")
        return Limits(letter, None, high)
    if c.text == r"\{":
        return Limits(letter, None, counted_set(c))
    tokens: list[Token] = []
    while not c.ended and c.text != ",":
        tokens.append(c.next())
    if not tokens:
        c.fail("a set is expected here")
    return Limits(letter, None, None, written(tokens))


def counted_set(c: Cursor) -> Node:
    r"""\{1, \dots, K\}: the K."""
    c.expect(r"\{")
    c.expect("1", "the set of an index starts at 1")
    c.expect(",")
    if c.text not in t.DOTS:
        c.fail("a set of an index is written with dots", expected=r"\{1, \dots, K\}")
    c.next()
    c.taking(",")
    high = grammar.additive(c)
    c.expect(r"\}")
    return high


# -- families ----------------------------------------------------------------------------------------------------------


def family_follows(c: Cursor) -> bool:
    r"""Whether _{i=1}^{K} stands here."""
    return c.text == "_" and c.ahead().text == "{" and any(c.ahead(n).text == "=" for n in (3, 4, 5, 6, 7))


def family(c: Cursor, body: Node, start: Span) -> Node:
    c.expect("_")
    limits = _lower(c)
    if len(limits) != 1 or not isinstance(limits[0].low, Num) or limits[0].low.value != 1:
        c.fail("a family runs over one index from 1", start)
    c.expect("^", "the family has no end")
    size = grammar.script(c)
    inner = body.inner if isinstance(body, Bracket) else body
    return Family(c.since(start), limits[0].letter, size, inner)


# -- derivatives -------------------------------------------------------------------------------------------------------


def _differential(c: Cursor) -> bool:
    r"""Step over \partial or d."""
    if c.text == r"\partial":
        c.next()
        return True
    if c.text in (r"\mathrm", r"\text", r"\operatorname") and [c.ahead(n).text for n in (1, 2, 3)] == ["{", "d", "}"]:
        c.place += 4
        return True
    if c.token.kind == LETTER and c.text == "d" and c.ahead().text != "_":
        c.next()
        return True
    return False


def derivative(c: Cursor, start: Span) -> Node | None:
    r"""The rest of a \frac that is a derivative, or None if it is a quotient."""
    place = c.place
    found = _is_derivative(c)
    c.place = place
    if not found:
        return None
    with c.nested():
        c.expect("{")
        _differential(c)
        order = _order(c)
        body = None if c.text == "}" else grammar.product(c)
        c.expect("}", "the numerator of the derivative does not end here")
        c.expect("{")
        variables: list[Node] = []
        while _differential(c):
            variables += _variable(c)
        c.expect("}", "the denominator of the derivative does not end here")
    if len(variables) != order:
        found = f"{len(variables)} in the denominator"
        c.fail(f"a derivative of order {order} needs {order} variables, not {found}", c.since(start))
    named = body is not None
    if body is None:
        body = _operand(c, start)
    return Deriv(c.since(start), body, tuple(variables), named)


def _is_derivative(c: Cursor) -> bool:
    """Whether \\partial or d stands first above and below the line."""
    if c.text != "{":
        return False
    tokens = c.group()
    if not tokens or c.text != "{":
        return bool(tokens) and tokens[0].text == r"\partial"
    above = c.inside(tokens)
    below = c.inside(c.group())
    if not _differential(above):
        return False
    if not _differential(below):
        return tokens[0].text == r"\partial"
    variable = below.text
    return bool(variable) and (below.token.kind == LETTER or variable in grammar._NAMES or variable == "(")


def _order(c: Cursor) -> int:
    if not c.taking("^"):
        return 1
    token = c.token
    found = "".join(x.text for x in c.group())
    if not found.isdigit() or not 1 <= int(found[:9]) <= MAX_ORDER:
        c.fail(f"the order of a derivative is a number up to {MAX_ORDER}", token.at)
    return int(found)


def _variable(c: Cursor) -> list[Node]:
    """One variable below the line, as often as its exponent says."""
    start = c.token.at
    found = grammar.factor(c)
    times = 1
    if isinstance(found, Power):
        if not isinstance(found.exponent, Num) or not 2 <= found.exponent.value <= MAX_ORDER:
            c.fail("the order of a derivative is a number", start)
        times, found = int(found.exponent.value), found.base
    found = found.inner if isinstance(found, Bracket) else found
    return [found] * times


def _operand(c: Cursor, start: Span) -> Node:
    if not grammar.starts_factor(c):
        c.fail("nothing is differentiated here", start, advice="write the function behind the derivative sign")
    with c.nested():
        return grammar.product(c)


def partial(c: Cursor) -> Node:
    r"""\partial_{z_k} L, or \partial L / \partial z_k."""
    start = c.next().at
    if c.text == "_":
        c.next()
        variable = grammar.factor(c) if c.text != "{" else grammar.argument(c)
        return Deriv(c.since(start), _operand(c, start), (variable,), False)
    order = _order(c)
    body = grammar.factor(c)
    if not (c.text == "/" and c.ahead().text == r"\partial"):
        c.fail(r"\partial without a denominator", start, expected=r"\frac{\partial L}{\partial z_k}")
    variables: list[Node] = []
    c.next()
    while c.taking(r"\partial"):
        variables += _variable(c)
    if len(variables) != order:
        c.fail(f"a derivative of order {order} needs {order} variables", c.since(start))
    return Deriv(c.since(start), body, tuple(variables), True)


def nabla(c: Cursor) -> Node:
    r"""\nabla_z L, \nabla_z^2 L."""
    start = c.next().at
    variable: Node | None = None
    order = 1
    while c.text in ("_", "^"):
        if c.text == "^":
            order = _order(c)
        else:
            c.next()
            variable = grammar.argument(c)
    if variable is None:
        c.fail(r"\nabla does not say in what", start, advice=r"write \nabla_z")
    if order > 2:
        c.decline("a gradient of an order above two", start)
    return Grad(c.since(start), variable, order, _operand(c, start))


# -- limits, expectations, arg max -------------------------------------------------------------------------------------


def limit(c: Cursor) -> Node:
    start = c.next().at
    c.expect("_", r"\lim does not say where")
    inside = c.inside(c.group())
    variable = grammar.factor(inside)
    arrow = inside.next()
    if not isinstance(variable, Name | Verbatim) or arrow.text not in t.ARROWS:
        c.fail("a limit says which symbol tends where", start, expected=r"\lim_{\tau \to 0}")
    point, side = _point(inside)
    if arrow.text in (r"\downarrow", r"\searrow"):
        side = "+"
    elif arrow.text in (r"\uparrow", r"\nearrow"):
        side = "-"
    return Lim(c.since(start), variable, point, side, _operand(c, start))


def _point(c: Cursor) -> tuple[Node, str]:
    """The point, and the side if a + or - is raised at its end."""
    tokens = c.tokens[c.place : -1]
    texts = [x.text for x in tokens]
    side = ""
    for tail in (["^", "+"], ["^", "-"], ["^", "{", "+", "}"], ["^", "{", "-", "}"]):
        if texts[-len(tail) :] == tail:
            side = tail[-1] if len(tail) == 2 else tail[2]
            tokens = tokens[: -len(tail)]
    inside = c.inside(tokens)
    point = grammar.additive(inside)
    if not inside.ended:
        inside.fail("the point of the limit does not end here")
    return point, side


def expectation(c: Cursor, start: Span) -> Node:
    r"""\mathbb{E}_{x \sim p}[...], \mathbb{E}_p[...]."""
    if not c.taking("_"):
        c.decline("an expectation that does not say over which distribution", start, advice=r"write \mathbb{E}_{x \sim p}")
    inside = c.inside(c.group())
    letter: Letter | None = None
    place = inside.place
    if inside.text in ("(", "["):
        c.decline("an expectation over several variables at once", start)
    letter = _letter(inside)
    if letter is None or not inside.taking(r"\sim"):
        letter, inside.place = None, place
    weights = grammar.factor(inside)
    if not inside.ended:
        if inside.text in (",", r"\sim"):
            c.decline("an expectation over several variables at once", start)
        inside.fail("the distribution of the expectation does not end here", expected=r"x \sim p")
    weights = _without_outcome(weights, letter)
    with c.binding([letter.text] if letter else []):
        body = grammar.parenthesis(c) if c.text in ("[", "(", r"\{") else _operand(c, start)
    return Expect(c.since(start), letter, weights, body)


def _without_outcome(weights: Node, letter: Letter | None) -> Node:
    """x ~ p(x) is x ~ p; x ~ p(. | z) is x ~ p(x | z)."""
    if isinstance(weights, Call) and len(weights.args) == 1:
        only = weights.args[0]
        if isinstance(only, Name) and only.letter in (naming.PLACEHOLDER, letter.text if letter else None):
            return weights.name
    if isinstance(weights, Call) and letter is not None:
        own = Name(letter.at, letter.text)
        args = tuple(own if isinstance(a, Name) and a.letter == naming.PLACEHOLDER else a for a in weights.args)
        return replace(weights, args=args)
    return weights


def best(c: Cursor) -> Node:
    r"""\arg\max_\theta f, \operatorname*{arg\,max}_{\theta} f."""
    start = c.token.at
    kind = best_kind(c)
    if not c.taking("_"):
        c.decline("an arg max that does not say over what", start)
    variable = grammar.argument(c)
    return Best(c.since(start), kind, variable, _operand(c, start))


def best_kind(c: Cursor) -> str:
    if c.taking(r"\arg"):
        return c.next().text.removeprefix("\\") if c.text in (r"\max", r"\min") else c.fail("arg of what?")
    token = c.next()
    if token.text in (r"\argmax", r"\argmin"):
        return token.text[-3:]
    return t.ARGUMENTS_OF_THE_BEST[naming.word_of(c)]


def is_best(c: Cursor) -> bool:
    if c.text in (r"\arg", r"\argmax", r"\argmin"):
        return True
    if not c.text.startswith(r"\operatorname"):
        return False
    return "".join(c.ahead(n).text for n in range(2, 8)) in t.ARGUMENTS_OF_THE_BEST and c.ahead(8).text == "}"


def operator_name(c: Cursor) -> Node:
    return best(c) if is_best(c) else naming.name(c)


grammar.ATOMS.update(
    {
        r"\sum": big, r"\prod": big, r"\partial": partial, r"\nabla": nabla, r"\lim": limit, r"\arg": best,
        r"\argmax": best, r"\argmin": best, r"\operatorname": operator_name, r"\operatorname*": operator_name,
    }
)  # fmt: skip
