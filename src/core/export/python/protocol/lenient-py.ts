// What of agemem.py reads JSON that is almost JSON: the twin of the lenient reader in core/agents/agemem/protocol.

export const lenientPy = String.raw`class Unreadable(Exception):
    def __init__(self, problem):
        super().__init__(problem)
        self.problem = problem


class _Json:
    """Reads JSON as models write it: strictly where it is JSON, and else only in forms that have one reading."""

    LITERALS = {
        "true": (True, False), "false": (False, False), "null": (None, False),
        "True": (True, True), "False": (False, True), "None": (None, True),
    }
    ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
    PLAIN = {'"': re.compile(r'[^"\\\x00-\x1f]+'), "'": re.compile(r"[^'\\\x00-\x1f]+")}

    def __init__(self, text, at, close):
        self.text, self.at, self.close, self.bent = text, at, close, []

    def note(self, form):
        if form not in self.bent:
            self.bent.append(form)

    def take(self, pattern):
        found = re.compile(pattern).match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        return found.group()

    def here(self):
        return self.text[self.at : self.at + 1]

    def peek(self):
        self.take(r"[ \t\n\r]*")
        return self.here()

    def fail(self, problem="syntax"):
        c = self.here()
        raise Unreadable("cut" if c == "" else "curly-quotes" if c in "“”" else problem)

    def value(self, depth):
        if depth > DEEPEST:
            self.fail("depth")
        c = self.peek()
        if c == "{":
            return self.object(depth)
        if c == "[":
            return self.array(depth)
        if c != "" and c in "\"'":
            return self.string(c)
        if c != "" and c in "-0123456789":
            return self.number()
        word = self.take("[A-Za-z]+")
        if word not in self.LITERALS:
            self.at -= len(word or "")
            self.fail()
        if self.LITERALS[word][1]:
            self.note("literal")
        return self.LITERALS[word][0]

    def goes_on(self, closing, behind_text):
        c = self.peek()
        if c == closing:
            self.at += 1
            return False
        if c == ",":
            self.at += 1
            if self.peek() != closing:
                return True
            self.note("trailing-comma")
            self.at += 1
            return False
        if self.text.startswith(self.close, self.at):
            self.note("missing-bracket")
            return False
        self.fail("unescaped-quote" if behind_text and c not in ("}", "]") else "syntax")

    def array(self, depth):
        self.at += 1
        items = []
        if self.peek() == "]":
            self.at += 1
            return items
        while True:
            items.append(self.value(depth + 1))
            if not self.goes_on("]", isinstance(items[-1], str)):
                return items

    def object(self, depth):
        self.at += 1
        entries = {}
        if self.peek() == "}":
            self.at += 1
            return entries
        while True:
            c = self.peek()
            start = self.at
            if c != "" and c in "\"'":
                key = self.string(c)
            else:
                key = self.take("[A-Za-z_][A-Za-z0-9_]*")
                if key is None:
                    self.fail()
                self.note("bare-key")
            if self.peek() != ":":
                self.fail()
            self.at += 1
            if key in entries:
                self.at = start
                self.fail("repeated-name")
            entries[key] = self.value(depth + 1)
            if not self.goes_on("}", isinstance(entries[key], str)):
                return entries

    def number(self):
        start = self.at
        written = self.take(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
        if written is None or self.take("[A-Za-z0-9_.]") is not None:
            self.at = start
            self.fail()
        value = float(written)
        if math.isinf(value) or (re.fullmatch("-?[0-9]+", written) and abs(value) > SAFE):
            self.at = start
            self.fail("number")
        return int(value) if value.is_integer() and abs(value) <= SAFE else value

    def string(self, quote):
        if quote == "'":
            self.note("single-quotes")
        self.at += 1
        parts = []
        while True:
            run = self.PLAIN[quote].match(self.text, self.at)
            if run:
                parts.append(run.group())
                self.at = run.end()
            c = self.here()
            if c == "":
                self.fail("cut")
            if c == quote:
                self.at += 1
                return well_formed("".join(parts))
            if c == "\\":
                parts.append(self.escape(quote))
            elif c in "\n\r\t":
                self.note("raw-control")
                parts.append(c)
                self.at += 1
            else:
                self.fail()

    def escape(self, quote):
        c = self.text[self.at + 1 : self.at + 2]
        if c == "u":
            digits = self.text[self.at + 2 : self.at + 6]
            if not re.fullmatch("[0-9a-fA-F]{4}", digits):
                self.fail("escape")
            self.at += 6
            return chr(int(digits, 16))
        meant = "'" if c == quote == "'" else self.ESCAPES.get(c)
        if meant is None:
            if c == "":
                self.at += 1
            self.fail("escape")
        self.at += 2
        return meant


def read_lenient(text, start, close):
    """{"values", "end", "bent"}, or {"problem"}."""
    reader, values = _Json(text, start, close), []
    try:
        reader.peek()
        fence = reader.take(rf"\x60{{3}}[a-z]*{SPACE}")
        if fence is not None:
            reader.note("fence")
        while True:
            values.append(reader.value(1))
            c = reader.peek()
            if c == ",":
                reader.at += 1
                reader.peek()
            elif c not in ("{", "["):
                break
        while reader.peek() in ("]", "}"):
            reader.note("extra-bracket")
            reader.at += 1
        if fence is not None:
            reader.take(r"\x60{3}")
        reader.peek()
        return {"values": values, "end": reader.at, "bent": reader.bent}
    except Unreadable as error:
        return {"problem": error.problem}


def object_in(text):
    """The object that a whole text is the JSON of, or None."""
    read = read_lenient(text, 0, "\0")
    whole = "values" in read and len(read["values"]) == 1 and read["end"] == len(text) and not read["bent"]
    return read["values"][0] if whole and isinstance(read["values"][0], dict) else None`
