r"""Names in a formula: letters, fonts, accents, subscripts, marks, and what stands in brackets behind them.

Contract. A name takes its whole subscript, cut into parts; which parts are indices is decided later. A bracket behind a
name is a call only if the name is known as a function, or if what it holds cannot be a factor (a bar); it is a factor if
the name is declared, or if it holds a sum and the name is not one that papers use for functions; else it is refused.

Blind spot. Two or more letters without space between them are a product, as in LaTeX; three or more are refused unless
each of them is declared.
"""

from __future__ import annotations

from gradproof.reader import commands as t
from gradproof.reader import grammar
from gradproof.reader.cursor import Cursor
from gradproof.reader.errors import Span
from gradproof.reader.lexer import COMMAND, LETTER, NUMBER, Token, written
from gradproof.reader.syntax import Apply, Bracket, Call, Component, Flipped, Key, Known, Kronecker, Name, Node, Part, Power, Several, Verbatim
from gradproof.reader.vocabulary import FAMILY, FUNCTION, QUANTITY
from gradproof.render.naming import join_indices

MAX_WORD = 40
EULER, DIFFERENTIAL = r"\mathit{e}", r"\mathit{d}"  # e and d as names
PLACEHOLDER = r"\cdot"


def name(c: Cursor) -> Node:
    """A name with everything that belongs to it: scripts, exponent, the bracket of a call."""
    start = c.token.at
    word = bare_word(c)
    if word:
        return grammar.postfix(c, call_of_word(c, word, start), start)
    operator = c.text.startswith(r"\operatorname")
    head, bold = head_of(c)
    if head == "e" and c.text == "^":
        return grammar.euler(c, start)
    return scripts(c, head if head != "e" or not _is_euler(c) else EULER, bold, start, operator)


def _is_euler(c: Cursor) -> bool:
    """The letter e with a subscript, or declared, is a name; alone it would be read in two ways."""
    if c.text != "_" and not c.vocabulary.quantity("e") and not c.vocabulary.quantity(EULER):
        c.fail("e alone: a name, or the base of the exponential?", advice=r"write \exp(1), or declare e")
    return True


# -- heads -------------------------------------------------------------------------------------------------------------


def head_of(c: Cursor) -> tuple[str, bool]:
    """The head of a name in its one spelling, and whether a font says vector."""
    token = c.next()
    if token.kind == LETTER or token.text in t.GREEK:
        return DIFFERENTIAL if token.text == "d" else token.text, False
    if token.text in t.BOLD:
        return _inner(c, token)[0], True
    if token.text in t.STYLED:
        inner = written(c.group())
        if not inner.isalnum() or len(inner) > 1:
            c.fail(f"{token.text} goes over one letter", token.at, advice=rf"write a word as \mathrm{{{inner}}}")
        return f"{token.text}{{{inner}}}", False
    if token.text in t.UPRIGHT:
        return word_head(word_of(c, one=True), token.text), False
    if token.text in t.ACCENTS:
        inner, bold = _inner(c, token)
        return f"{t.ACCENTS[token.text]}{{{inner}}}", bold
    return c.fail(f"{token.text} is not a name", token.at)


def word_head(word: str, font: str = r"\mathrm") -> str:
    if word == "d":
        return DIFFERENTIAL
    if len(word) == 1 and word.isalpha():
        return EULER if (word, font) == ("e", r"\mathit") else word
    return rf"\mathrm{{{word}}}"


def word_of(c: Cursor, one: bool = False) -> str:
    """The word in a group, spaces left out; `one` refuses several words."""
    at = c.token.at
    tokens = c.group()
    if one and any(x.gap for x in tokens[1:]):
        c.decline("words have no meaning as a formula", at)
    word = "".join(x.text for x in tokens if x.text not in ("{", "}"))
    if not word or not all(x.kind in (LETTER, NUMBER) or x.text in "-.{}'" for x in tokens):
        c.fail("a word is expected here", at, expected="letters and digits")
    if len(word) > MAX_WORD:
        c.fail(f"a word of more than {MAX_WORD} letters", at)
    return word


def _inner(c: Cursor, font: Token) -> tuple[str, bool]:
    """The head below a font or an accent."""
    with c.nested():
        if c.text != "{":
            return head_of(c)
        opening = c.next()
        if c.text == "}":
            c.fail(f"nothing stands below {font.text}", opening.at)
        _subscript_outside(c)
        if c.token.kind == NUMBER:
            c.fail("a number is not a name", c.token.at)
        found = head_of(c)
        if c.text != "}":
            c.fail(f"{font.text} goes over one letter", expected="}")
        c.next()
    return found


def _subscript_outside(c: Cursor) -> None:
    r"""\hat{y_i} is \hat{y}_i: the subscript is put behind the braces."""
    depth, below, end = 0, None, None
    for n in range(c.place, len(c.tokens)):
        text = c.tokens[n].text
        if text == "}" and depth == 0:
            end = n
            break
        depth += (text == "{") - (text == "}")
        below = n if below is None and text == "_" and depth == 0 else below
    if below is not None and end is not None:
        inside = c.tokens[below:end]
        c.tokens[below : end + 1] = [c.tokens[end], *inside]


# -- words typed without a font ----------------------------------------------------------------------------------------


def bare_word(c: Cursor) -> str:
    """A function typed as plain letters, as ln(x); empty if the letters here are names."""
    run = _run(c)
    word = "".join(x.text for x in run)
    if len(run) < 2:
        return ""
    declared = [x.text for x in run if c.vocabulary.quantity(x.text)]
    at = run[0].at.to(run[-1].at)
    if word in t.BARE_WORDS:
        after = c.ahead(len(run))
        if declared:
            c.fail(f"{word} is a word here, or the product of {', '.join(word)}?", at, advice=rf"write \{word} or spaces")
        if after.text not in ("(", "[", r"\{"):
            c.fail(f"{word} without a backslash", at, advice=rf"write \{word}, or spaces for a product")
        c.place += len(run)
        return word
    if len(run) > 2 and len(declared) < len(run):
        c.fail(f"{word[:MAX_WORD]} is one word, or a product of letters?", at, advice=r"write \mathrm{...}, or spaces")
    return ""


def _run(c: Cursor) -> list[Token]:
    """The letters that stand together here, if this is the first of them."""
    before = c.tokens[c.place - 1] if c.place else None
    if before is not None and before.kind == LETTER and not c.token.gap and before.at.end == c.token.at.start:
        return []
    found: list[Token] = []
    while (x := c.ahead(len(found))).kind == LETTER and not (found and (x.gap or x.at.start != found[-1].at.end)):
        found.append(x)
    return found


# -- scripts -----------------------------------------------------------------------------------------------------------


def scripts(c: Cursor, head: str, bold: bool, start: Span, operator: bool = False) -> Node:
    """What is written at a head: subscript, marks, an exponent, a transpose; then a call if it is one."""
    parts: tuple[Part, ...] = ()
    raised: tuple[Part, ...] = ()
    mark, exponent, flipped, subscripted = "", None, False, False
    while c.text in ("_", "^", "'"):
        sign = c.next()
        if sign.text == "'":
            mark += "'"
            if len(mark) > MAX_WORD:
                c.fail("so many primes", sign.at)
        elif sign.text == "_":
            if subscripted:
                c.fail("a second subscript", sign.at, advice="put both into one: x_{i,j}")
            parts, subscripted = subscript(c), True
        elif exponent is not None or flipped:
            c.fail("a second superscript", sign.at, advice="use brackets")
        elif (found := _mark(c)) is not None:
            mark += found
        elif (index := _raised_index(c)) is not None:
            raised = (index,) if index.kind == "letter" else ()
            mark += "" if raised else f"({index.text})"
        elif is_transpose(c):
            flipped = True
        else:
            exponent = _exponent(c, Name(start, head, parts, mark, bold))
    if head == r"\delta" and len(parts) == 2 and not (mark or raised) and _is_kronecker(c, parts):
        return _finished_delta(c, parts, exponent, start)
    found = Name(c.since(start), head, (*raised, *parts), mark, bold)
    return _finished(c, found, exponent, flipped, operator, start)


def _finished(c: Cursor, found: Name, exponent: Node | None, flipped: bool, operator: bool, start: Span) -> Node:
    if exponent is None and not flipped:
        return grammar.postfix(c, called(c, found, operator), start)
    if c.text in ("(", "[") and exponent is not None and _is_function(c, found) and not _factor_follows(c, found):
        c.fail("an exponent between a function and its argument", found.at, advice=r"write f(x)^2")
    return Flipped(c.since(start), found) if flipped else Power(c.since(start), found, exponent or found)


def _factor_follows(c: Cursor, n: Name) -> bool:
    r"""\sigma^2 (a + b): a symbol, since no bracket follows it directly, and a sum, which is no argument of a power."""
    place = c.place
    inside = grammar.bracket(c, after_name=True) if n.head in t.FUNCTIONS else None
    c.place = place
    return isinstance(inside, Bracket) and not isinstance(inside.inner, Name | Component | Verbatim)


def _is_kronecker(c: Cursor, parts: tuple[Part, ...]) -> bool:
    """Unless delta with these indices is declared as something else; a declared number delta has none."""
    texts = tuple(p.text for p in parts)
    return c.vocabulary.kinds.get(Key(r"\delta")) != FAMILY and Key(r"\delta", texts) not in c.vocabulary.kinds


def _finished_delta(c: Cursor, parts: tuple[Part, ...], exponent: Node | None, start: Span) -> Node:
    for p in parts:
        if p.kind not in ("letter", "number"):
            c.fail("an index of a delta is a letter or a number", p.at)
    delta = Kronecker(c.since(start), parts[0], parts[1])
    return delta if exponent is None else Power(c.since(start), delta, exponent)


def _is_letter(c: Cursor, n: Name) -> bool:
    """Whether a name is an index that is declared, or bound here."""
    return bool(n.letter) and (n.letter in c.bound or n.letter in c.vocabulary.indices)


def _kind(c: Cursor, n: Name) -> str:
    found = c.vocabulary.kind(n.head, labels(n), n.mark)
    return QUANTITY if not found and _is_letter(c, n) else found


def _is_function(c: Cursor, n: Name) -> bool:
    kind = _kind(c, n)
    return kind == FUNCTION or (not kind and (n.head in t.FUNCTIONS or n.head in t.FUNCTION_LETTERS))


def _mark(c: Cursor) -> str | None:
    """A superscript that belongs to the name: a star, primes, a word."""
    place = c.place
    tokens = c.group() if c.text == "{" or c.text in t.MARKS else []
    found = [t.MARKS.get(x.text) for x in tokens]
    if tokens and all(found) and (len(tokens) == 1 or set(found) == {"'"}):
        return "".join(x or "" for x in found)
    c.place = place
    braced = c.text == "{"
    font = c.ahead(1 if braced else 0).text
    if font in t.UPRIGHT and font != r"\mathit":
        c.place += 2 if braced else 1
        word = word_of(c)
        known = c.vocabulary.quantity(word_head(word))
        if word != "T" and not known and (not braced or c.taking("}")):
            return rf"\mathrm{{{word}}}"
        c.place = place
    return None


def _raised_index(c: Cursor) -> Part | None:
    """x^{(i)}: one letter or number in round brackets."""
    place = c.place
    texts = [x.text for x in c.group()] if c.text == "{" else []
    tokens = c.tokens[place + 1 : place + 1 + len(texts)]
    if len(texts) >= 3 and texts[0] == "(" and texts[-1] == ")":
        inside = c.inside(tokens[1:-1])
        parts = _chunk(inside, tokens[1:-1], 0)
        if len(parts) == 1 and parts[0].kind in ("letter", "number"):
            p = parts[0]
            return Part(p.at, p.text, p.kind, -1, p.letters, True, p.entry)
    c.place = place
    return None


def is_transpose(c: Cursor) -> bool:
    r"""Step over ^\top and its like; whether a plain T is one is seen later, when shapes are known."""
    place = c.place
    tokens = c.group() if c.text == "{" else [c.next()]
    texts = [x.text for x in tokens]
    if len(texts) == 1 and texts[0] in t.TRANSPOSES:
        return True
    if texts and texts[0] in t.UPRIGHT and [x for x in texts[1:] if x not in "{}"] == ["T"]:
        return True
    c.place = place
    return False


def _exponent(c: Cursor, base: Name) -> Node:
    """A power, unless the superscript looks like a label."""
    tokens = c.tokens[c.place + 1 :] if c.text == "{" else []
    inner = []
    for x in tokens:
        if x.text == "}":
            break
        inner.append(x)
    delta = base.head == r"\delta" and len(base.parts) == 2
    known = delta or bool(c.vocabulary.kind(base.head, labels(base), base.mark))
    capitals = len(inner) > 1 and all(x.kind == LETTER and x.text.isupper() for x in inner)
    known = known or _is_letter(c, base)
    policy = [x.text for x in inner] == [r"\pi"] if inner else c.text == r"\pi"
    policy = policy and not known
    if policy or (capitals and not all(c.vocabulary.quantity(x.text) for x in inner)):
        advice = r"write \mathrm{...} for a label, (\pi) or A \cdot B for a power"
        c.fail("a power, or a label of the name?", advice=advice)
    return grammar.script(c)


# -- subscripts --------------------------------------------------------------------------------------------------------


def subscript(c: Cursor) -> tuple[Part, ...]:
    """The parts of a subscript; commas separate them, letters side by side are parts too."""
    at = c.token.at
    if c.text != "{":
        return (_lone_part(c),)
    tokens = c.group()
    with c.nested():
        parts: list[Part] = []
        for run, chunk in enumerate(_chunks(tokens)):
            if not chunk:
                c.fail("an empty place in a subscript", at)
            parts += _chunk(c.inside(chunk), chunk, run)
    return tuple(parts)


def _lone_part(c: Cursor) -> Part:
    token = c.token
    if token.kind == NUMBER and len(token.text) > 1:
        c.fail("LaTeX lowers the first digit only", advice=f"write _{{{token.text}}}")
    if token.kind not in (LETTER, NUMBER, COMMAND):
        c.fail("an index is expected here")
    return _unit(c, 0)


def _chunks(tokens: list[Token]) -> list[list[Token]]:
    """The tokens between the commas that stand outside braces and brackets."""
    found: list[list[Token]] = [[]]
    depth = 0
    for x in tokens:
        depth += (x.text in ("{", "(", "[")) - (x.text in ("}", ")", "]"))
        if x.text == "," and depth == 0:
            found.append([])
        else:
            found[-1].append(x)
    return found


def _chunk(c: Cursor, tokens: list[Token], run: int) -> list[Part]:
    """Letters, numbers and words side by side; anything else is one part of its own kind."""
    parts: list[Part] = []
    simple = all(
        x.kind in (LETTER, NUMBER) or x.text in "_{}'" or x.text in t.GREEK or x.text in t.UPRIGHT or x.text in t.ACCENTS
        or x.text in t.BOLD or x.text in t.STYLED
        for x in tokens
    ) and tokens[0].text not in ("_", "'")  # fmt: skip
    while simple and not c.ended:
        if c.text == "{":  # braces that do not show, as in k \neq {i}
            inner = c.group()
            parts += _chunk(c.inside(inner), inner, run) if inner else []
        else:
            parts.append(_unit(c, run))
    numbers_first = any(a.kind == "number" and b.kind != "number" for a, b in zip(parts, parts[1:], strict=False))
    if simple and not numbers_first:
        return parts
    at = tokens[0].at.to(tokens[-1].at)
    letters = tuple(x.text for x in tokens if x.kind == LETTER or x.text in t.GREEK)
    return [Part(at, written(tokens), "other", run, letters)]


def _unit(c: Cursor, run: int) -> Part:
    """One letter with its primes and its own subscript, a number, or a word."""
    token = c.token
    if token.kind == NUMBER:
        c.next()
        return Part(token.at, token.text, "number" if token.text.isdigit() else "other", run)
    if token.text in t.UPRIGHT and token.text != r"\mathit":
        c.next()
        word = word_of(c)
        return Part(c.since(token.at), word if len(word) == 1 else rf"\mathrm{{{word}}}", "word", run)
    if token.kind == COMMAND and not (token.text in t.GREEK or token.text in t.ACCENTS or token.text in t.BOLD
                                      or token.text in t.STYLED or token.text == r"\mathit"):  # fmt: skip
        c.fail(f"{token.text} has no place in a subscript")
    text, _ = head_of(c)
    text = text[8] if text.startswith(r"\mathit{") else text
    while c.taking("'"):
        text += "'"
    if not c.taking("_"):
        return Part(c.since(token.at), text, "letter", run, (text,))
    inner = subscript(c)
    at = c.since(token.at)
    below = join_indices([p.text for p in inner])
    whole = f"{text}_{below}" if len(below) == 1 else f"{text}_{{{below}}}"
    mark = "'" * (len(text) - len(text.rstrip("'")))
    own = Name(at, text.rstrip("'"), inner, mark)
    return Part(at, whole, "letter", run, (text, *(p.text for p in inner)), False, own)


def labels(n: Name) -> tuple[str, ...]:
    return tuple(p.text for p in n.parts)


def verbatim(c: Cursor) -> Node | None:
    """A declared name that is found word for word, the longest one."""
    for texts, which in c.vocabulary.verbatim.get(c.text, ()):
        tokens = c.tokens[c.place : c.place + len(texts)]
        if tuple(x.text for x in tokens) == texts:
            start = c.token.at
            c.place += len(texts)
            parts = subscript(c) if c.taking("_") else ()
            return Verbatim(c.since(start), which, parts)
    return None


# -- calls -------------------------------------------------------------------------------------------------------------


def called(c: Cursor, n: Name, operator: bool) -> Node:
    """The name, applied to the bracket behind it if that is a call."""
    kind = _kind(c, n)
    word = n.head[8:-1] if n.head.startswith(r"\mathrm{") else ""
    special = _special(c, n, word, kind)
    braced = c.text == "{" and c.ahead().text == "("  # \log p{(x)}
    if c.text not in ("(", "[") and not (braced and kind == FUNCTION):
        if operator or special in ("softmax", "kl"):
            c.fail(f"{word or n.head} is not applied to anything", n.at, advice="give it an argument in brackets")
        return n
    if special:
        return call_of_word(c, special, n.at, n)
    place = c.place
    inside = grammar.bracket(c, after_name=True)
    if _is_call(c, n, kind, inside, operator):
        items = inside if isinstance(inside, Several) else Several(inside.at, (inside.inner,), ())
        return Call(c.since(n.at), n, items.items, items.separators)
    c.place = place
    return n


def _special(c: Cursor, n: Name, word: str, kind: str) -> str:
    """The known function that a name stands for before a bracket, if it is not declared as something else."""
    if n.head == r"\sigma" and not n.parts:
        if n.mark and c.text in ("(", "["):
            c.decline("the derivative of the logistic function, written with a prime", n.at)
        return "" if n.mark else "sigmoid"
    if n.head == r"\Gamma" and not (n.parts or n.mark):
        return "gamma"
    if kind or n.mark:
        return ""
    if n.head == "D" and [p.text for p in n.parts] in (["K", "L"], [r"\mathrm{KL}"]):
        return "KL"
    if n.parts:
        return ""
    if n.head in ("H", r"\mathcal{H}", r"\mathbb{H}"):
        return "H"
    return word if word in t.WORD_FUNCTIONS or word in t.WORD_VECTORS else ""


def call_of_word(c: Cursor, word: str, start: Span, n: Name | None = None) -> Node:
    """A known function and its arguments."""
    inside = grammar.bracket(c, after_name=True)
    if isinstance(inside, Several):
        items, separators = inside.items, inside.separators
    else:
        items, separators = (inside.inner,), ()
    if word in t.WORD_VECTORS:
        return Known(c.since(start), _vector_function(c, word, items, separators, start), items)
    if separators and set(separators) != {","}:
        c.fail(f"{word} takes arguments with commas between", inside.at)
    which = t.FUNCTIONS[f"\\{word}"] if n is None else t.WORD_FUNCTIONS.get(word, word)
    return grammar.applied(c, which, items, start)


def _vector_function(c: Cursor, word: str, items: tuple[Node, ...], separators: tuple[str, ...], start: Span) -> str:
    known = t.WORD_VECTORS[word]
    if known == "entropy" and len(items) == 2 and separators == (",",):
        return "cross_entropy"
    wanted = 2 if known in ("kl", "cross_entropy") else 1
    if len(items) != wanted or (known == "entropy" and separators):
        c.fail(f"{word} with {len(items)} arguments", c.since(start), expected=f"{wanted}")
    return known


def _is_call(c: Cursor, n: Name, kind: str, inside: Bracket | Several, operator: bool) -> bool:
    spelled = c.source.piece(n.at)
    simple = isinstance(inside, Bracket) and isinstance(inside.inner, Name | Component | Verbatim)
    if kind == FUNCTION:
        return True
    if kind == QUANTITY or (kind == FAMILY and not (simple and not n.parts)):
        if isinstance(inside, Several):
            c.fail(f"{spelled} is not a function", n.at, advice="declare it as a function, or multiply with a bracket")
        return False
    if kind == FAMILY:
        return True
    if isinstance(inside, Several) and set(inside.separators) & {r"\mid"}:
        return True
    advice = rf"declare it as a function, or as a number; for a product write {spelled} \cdot (...)"
    if operator or isinstance(inside, Several) or n.head.startswith(r"\mathrm{"):
        c.fail(f"{spelled} is not a function that is known here", n.at, advice="declare it as a function")
    if simple or n.head in t.FUNCTION_LETTERS:
        c.fail(f"{spelled}(...): a product or a call?", c.since(n.at), advice=advice)
    return False


def called_apply(node: Node) -> bool:
    return isinstance(node, Apply | Call | Known)
