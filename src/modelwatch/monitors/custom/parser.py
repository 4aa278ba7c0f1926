"""An expression's tokens -> its tree, by operator precedence (Pratt 1973), as PostgreSQL ranks the operators."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from modelwatch.errors import InvalidRequest
from modelwatch.monitors.custom.lexer import KEYWORDS, Kind, Token, tokens
from modelwatch.monitors.custom.syntax import Call, Case, Literal, Name, Node
from modelwatch.monitors.custom.values import Kind as Value

MAX_NODES: Final = 300
"""Also the most steps that can lie one in another, as in `1 + 1 + 1`; each is two calls of Python's 1,000."""
MAX_NESTING: Final = 40

OR, AND, NOT, IS, COMPARE, MATCH, ADD, MULTIPLY, MINUS, CAST = range(1, 11)
SIGNS: Final = {
    **dict.fromkeys(("=", "<>", "<", "<=", ">", ">="), COMPARE),
    **dict.fromkeys("+-", ADD),
    **dict.fromkeys("*/%", MULTIPLY),
    "::": CAST,
}
WORDS: Final = {
    "or": OR,
    "and": AND,
    "is": IS,
    **dict.fromkeys(("in", "like", "ilike", "between", "not"), MATCH),
}
PARTS: Final = frozenset({"year", "month", "day", "hour", "minute", "second", "dow", "isodow", "epoch"})
EXAMPLE: Final = "'2026-01-31 13:45:00'"
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def parse(text: str) -> Node:
    """The tree of one expression; raises InvalidRequest with the place of what is wrong."""
    parser = _Parser(tokens(text))
    tree = parser.expression(0)
    parser.expect_end()
    return tree


def microseconds(text: str) -> int | None:
    """A time written as ISO 8601, UTC unless it says otherwise; None when it is none.

    >>> microseconds("1970-01-02"), microseconds("1970-01-01T00:00:01+00:00"), microseconds("soon")
    (86400000000, 1000000, None)
    """
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return ((time if time.tzinfo else time.replace(tzinfo=UTC)) - EPOCH) // timedelta(microseconds=1)


class _Parser:
    """Walks the tokens from left to right; `nodes` and `nesting` bound what it makes."""

    def __init__(self, found: list[Token]) -> None:
        self.tokens = found
        self.place = 0
        self.nodes = 0
        self.nesting = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        token = self.next
        self.place += token.kind is not Kind.END
        return token

    def took_word(self, *words: str) -> bool:
        """Steps over the words, when all of them come next."""
        ahead = self.tokens[self.place : self.place + len(words)]
        if len(ahead) < len(words) or not all(token.is_word(word) for token, word in zip(ahead, words, strict=True)):
            return False
        self.place += len(words)
        return True

    def took_sign(self, sign: str) -> bool:
        """Steps over the sign, when it comes next."""
        if not self.next.is_sign(sign):
            return False
        self.place += 1
        return True

    def expect(self, sign_or_word: str) -> None:
        """Steps over what has to come next."""
        if not (self.took_sign(sign_or_word) or self.took_word(sign_or_word)):
            raise self.unexpected(f"{sign_or_word.upper()} is expected")

    def expect_end(self) -> None:
        """Raises when something is left."""
        if self.next.kind is not Kind.END:
            over = self.next.is_word("over")
            raise self.unexpected("there are no window functions" if over else "the expression ended before this")

    def unexpected(self, hint: str) -> InvalidRequest:
        token = self.next
        if token.kind is Kind.END:
            return InvalidRequest("the expression is incomplete", hint=hint)
        return InvalidRequest(f"{token.text[:64]!r} at character {token.at + 1} is out of place", hint=hint)

    def made(self, node: Node) -> Node:
        """Counts a node; raises when there are too many."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise InvalidRequest(f"the expression has more than {MAX_NODES} parts", hint="write two metrics")
        return node

    def call(self, function: str, at: int, *arguments: Node) -> Node:
        return self.made(Call(function, arguments, at))

    def expression(self, above: int) -> Node:
        """An expression whose operators bind more tightly than `above`."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise InvalidRequest(f"the expression is nested more than {MAX_NESTING} deep", hint="write two metrics")
        left = self.operand()
        while (rank := self.rank()) > above:
            left = self.operation(left, rank)
            if rank in (COMPARE, MATCH) and self.rank() == rank:
                raise self.unexpected("join two comparisons with AND")
        self.nesting -= 1
        return left

    def rank(self) -> int:
        """How tightly the next token binds what stands before it; 0 when it is no operator."""
        token = self.next
        if token.kind is Kind.SIGN:
            return SIGNS.get(token.text, 0)
        return WORDS.get(token.text.lower(), 0) if token.kind is Kind.WORD else 0

    def operation(self, left: Node, rank: int) -> Node:
        """The operator that comes next, applied to what stands before it."""
        token = self.take()
        word = token.text.lower()
        match word:
            case "::":
                return self.cast_to(left, token.at)
            case "is":
                return self.is_what(left, token.at)
            case "not":
                if not self.next.is_word("in", "like", "ilike", "between"):
                    raise self.unexpected("IN, LIKE or BETWEEN is expected")
                return self.call("not", token.at, self.operation(left, rank))
            case "in":
                return self.call("in", token.at, left, *self.listed())
            case "between":
                low = self.expression(MATCH)
                self.expect("and")
                high = self.expression(MATCH)
                both = (self.call(">=", token.at, left, low), self.call("<=", token.at, left, high))
                return self.call("and", token.at, *both)
        return self.call(word, token.at, left, self.expression(rank))

    def is_what(self, left: Node, at: int) -> Node:
        """What follows IS."""
        no = self.took_word("not")
        if self.took_word("distinct", "from"):
            node = self.call("is distinct from", at, left, self.expression(COMPARE))
        elif self.took_word("null"):
            node = self.call("is null", at, left)
        elif self.next.is_word("true", "false"):
            truth = self.made(Literal(self.take().text.lower() == "true", Value.BOOLEAN, at))
            node = self.call("not", at, self.call("is distinct from", at, left, truth))
        else:
            raise self.unexpected("NULL, TRUE, FALSE or DISTINCT FROM is expected after IS")
        return self.call("not", at, node) if no else node

    def listed(self) -> tuple[Node, ...]:
        """Expressions in parentheses, at least one."""
        self.expect("(")
        found = [self.expression(0)]
        while self.took_sign(","):
            found.append(self.expression(0))
        self.expect(")")
        return tuple(found)

    def operand(self) -> Node:
        """What an operator stands between."""
        token = self.take()
        match token.kind:
            case Kind.NUMBER:
                return self.made(Literal(float(token.text), Value.NUMBER, token.at))
            case Kind.STRING:
                return self.made(Literal(token.text, Value.TEXT, token.at))
            case Kind.QUOTED:
                return self.column(token)
            case Kind.WORD:
                return self.word(token)
        if token.is_sign("("):
            inner = self.expression(0)
            self.expect(")")
            return inner
        if token.is_sign("-", "+"):
            inner = self.expression(MINUS)
            return self.call("unary -", token.at, inner) if token.text == "-" else inner
        self.place -= token.kind is not Kind.END
        raise self.unexpected("a column, a number, a text or a function is expected")

    def word(self, token: Token) -> Node:
        """What begins with a word that is not quoted."""
        word = token.text.lower()
        match word:
            case "true" | "false":
                return self.made(Literal(word == "true", Value.BOOLEAN, token.at))
            case "null":
                return self.made(Literal(None, Value.NULL, token.at))
            case "not":
                return self.call("not", token.at, self.expression(NOT))
            case "case":
                return self.case(token.at)
            case "cast":
                return self.cast(token.at)
            case "extract":
                return self.extract(token.at)
            case "timestamp" | "date" if self.next.kind is Kind.STRING:
                return self.time(self.take())
        if word in KEYWORDS:
            self.place -= 1
            hint = "there are no subqueries" if word == "select" else f'a column of that name is written "{token.text}"'
            raise self.unexpected(hint)
        return self.function(token) if self.took_sign("(") else self.column(token)

    def column(self, token: Token) -> Node:
        """A column, with or without its scope."""
        if not self.took_sign("."):
            return self.made(Name("", token.text, token.kind is Kind.QUOTED, token.at))
        last = self.take()
        if last.kind not in (Kind.WORD, Kind.QUOTED):
            self.place -= last.kind is not Kind.END
            raise self.unexpected("the name of a column is expected")
        if self.next.is_sign(".", "("):
            raise self.unexpected('a name that holds a point is written in double quotes: feature."a.b"')
        return self.made(Name(token.text, last.text, last.kind is Kind.QUOTED, token.at))

    def function(self, token: Token) -> Node:
        """A call, after its opening parenthesis."""
        star = distinct = False
        arguments: list[Node] = []
        if self.took_sign("*"):
            star = True
        elif not self.next.is_sign(")"):
            distinct = self.took_word("distinct")
            arguments.append(self.expression(0))
            while self.took_sign(","):
                arguments.append(self.expression(0))
        self.expect(")")
        where: Node | None = None
        if self.took_word("filter"):
            self.expect("(")
            self.expect("where")
            where = self.expression(0)
            self.expect(")")
        return self.made(Call(token.text.lower(), tuple(arguments), token.at, star, distinct, where))

    def case(self, at: int) -> Node:
        """After CASE; `CASE x WHEN 1` is read as `CASE WHEN x = 1`."""
        subject = None if self.next.is_word("when") else self.expression(0)
        branches: list[tuple[Node, Node]] = []
        while self.took_word("when"):
            condition = self.expression(0)
            if subject is not None:
                condition = self.call("=", at, subject, condition)
            self.expect("then")
            branches.append((condition, self.expression(0)))
        if not branches:
            raise self.unexpected("WHEN is expected")
        otherwise = self.expression(0) if self.took_word("else") else Literal(None, Value.NULL, at)
        self.expect("end")
        return self.made(Case(tuple(branches), otherwise, at))

    def cast(self, at: int) -> Node:
        """After CAST."""
        self.expect("(")
        inner = self.expression(0)
        self.expect("as")
        node = self.cast_to(inner, at)
        self.expect(")")
        return node

    def cast_to(self, inner: Node, at: int) -> Node:
        """After AS or `::`."""
        if self.next.is_word("double", "float", "real"):
            self.took_word("double", "precision") or self.take()
            return self.call("to number", at, inner)
        if self.next.is_word("boolean", "bool"):
            self.take()
            return self.call("to boolean", at, inner)
        raise self.unexpected("one can cast to DOUBLE and BOOLEAN; whole numbers: round(x), floor(x), ceil(x)")

    def extract(self, at: int) -> Node:
        """After EXTRACT."""
        self.expect("(")
        part = self.take().text.lower()
        if part not in PARTS:
            self.place -= 1
            raise self.unexpected(f"one of {', '.join(sorted(PARTS))} is expected")
        self.expect("from")
        inner = self.expression(0)
        self.expect(")")
        return self.call(part, at, inner)

    def time(self, token: Token) -> Node:
        """After TIMESTAMP or DATE, a string."""
        time = microseconds(token.text)
        if time is None:
            raise InvalidRequest(f"{token.text[:64]!r} at character {token.at + 1} is no time", hint=EXAMPLE)
        return self.made(Literal(time, Value.TIME, token.at))
