// What of agemem.py reads replies: the twin of core/agents/agemem/protocol, recoveries and notices included, but for the
// offsets of violations. export.test.ts and test:python hold it against ours.
import { toolParameters } from '../../agents/agemem/protocol/parameters.ts'

/** Types and ranges of the arguments, a tool a line. */
const parameters = Object.entries(toolParameters)
  .map(([name, { properties, required }]) => {
    const bounds = Object.entries(properties).map(([key, { type, minimum, maximum }]) => [key, { type, ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) }])
    return `    "${name}": ${JSON.stringify({ properties: Object.fromEntries(bounds), required })}`
  })
  .join(',\n')

export const protocolPy = String.raw`# Types and ranges of each tool's arguments.
PARAMETERS = {
${parameters},
}
TRIMMED = {"content", "query", "criteria"}
NOT_EMPTY = TRIMMED | {"memory_id", "span"}
MOST_BLOCKS, MOST_CALLS, LONGEST_REPLY, DEEPEST = 64, 32, 16 * 8192, 32
SAFE = 2**53 - 1
CALL_FORM = '<tool_call>[{"name": "…", "arguments": {…}}]</tool_call>'
ARGUMENT_NAMES = ["arguments", "parameters", "args", "params", "kwargs", "input", "tool_input", "action_input"]
TOOL_KEYS = ["name", "tool", "tool_name", "function", "function_name", "action", "recipient_name"]
ENVELOPE = {"id", "type", "index", "call_id", "tool_call_id"}
BENT = {
    "fence": "a code fence around it",
    "trailing-comma": "a comma before a closing bracket",
    "literal": "True, False or None in place of true, false or null",
    "single-quotes": "single quotation marks in place of double ones",
    "bare-key": "names without quotation marks",
    "raw-control": "a line break or tab inside a text that is not written \\n or \\t",
    "missing-bracket": "closing brackets missing at its end",
    "extra-bracket": "too many closing brackets at its end",
}
HINTS = {
    "unescaped-quote": ' A quotation mark inside a text is written \\".',
    "escape": " A backslash inside a text is written \\\\.",
    "curly-quotes": " Use straight quotation marks.",
    "repeated-name": " A name stands twice in one object, and one of its values would be lost.",
    "number": " A number has more digits than can be kept: write it as text.",
    "depth": " It is nested too deeply.",
    "text-behind": " There is text behind the calls.",
}
FOREIGN = [
    ("Qwen3-Coder and Llama write calls as <function=…>", rf"<function{SPACE}*="),
    ("GLM writes calls with <arg_key>", r"<arg_key>"),
    ("Llama writes calls behind <|python_tag|>", r"<\|python_tag\|>"),
    ("Mistral writes calls behind [TOOL_CALLS]", r"\[TOOL_CALLS\]"),
    ("Claude writes calls as <invoke …>", rf"<(?:antml:)?(?:invoke{SPACE}|function_calls>)"),
    ("DeepSeek writes calls between its own tool marks", r"<[|｜]tool[▁_]calls?[▁_](?:begin|end|section_begin)[|｜]>"),
    ("Phi and Granite write calls behind <|tool_call|>", r"<\|tool_calls?\|>|\bfunctools\["),
    ("Kimi writes calls between its own tool marks", r"<\|tool_calls?_(?:section_)?begin\|>"),
    ("gpt-oss writes calls on channels", r"<\|channel\|>"),
    ("Command R writes calls behind <|START_ACTION|>", r"<\|START_ACTION\|>"),
    ("InternLM writes calls behind <|action_start|>", r"<\|action_start\|>"),
    ("Qwen-Agent writes calls behind ✿FUNCTION✿", r"✿FUNCTION✿"),
    ("Gemma writes calls as tool_code", r"\x60{3}tool_code|<tool_code>"),
    ("older models write calls as <function_call> or <functioncall>", rf"<function_?call\b|<function{SPACE}+name{SPACE}*="),
    ("agents of the ReAct kind write calls as Action and Action Input", r"(?:^|(?<=[\n\r\u2028\u2029]))[ \t]*Action(?: Input)?[ \t]*:"),
    ("other protocols write calls as <tool_calls>, <toolcall> or <tool_use>", r"(?i:<(?:tool_?calls|toolcall|tool_use)\b|<tool>)"),
]
LOOSE = [
    (
        "the tag is written in another way",
        rf"(?i:<(?!/?(?:tool_call|answer)>){SPACE}{{0,4}}/?{SPACE}{{0,4}}(?:tool[_ -]call|answer)(?:{SPACE}[^<>]{{0,40}})?>)",
    ),
    ("a call stands without its tag", rf'\{{{SPACE}{{0,8}}"(?:name|function|tool|tool_name|tool_calls)"{SPACE}{{0,8}}:'),
]


class Unreadable(Exception):
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
    return read["values"][0] if whole and isinstance(read["values"][0], dict) else None


def _foreign(protocols, text):
    for name, mark in protocols:
        found = re.search(mark, text, flags=re.ASCII)
        if found:
            return name
    return None


class _Mark:
    def __init__(self, match):
        self.tag, self.opens, self.start, self.end = match[2], match[1] == "", match.start(), match.end()
        self.opens_action = self.opens and self.tag != "think"
        self.opens_thought = self.opens and self.tag == "think"
        self.closes_thought = not self.opens and self.tag == "think"


class _Reading:
    """Where the thought of a reply ends, and the blocks of action behind it."""

    CLOSE = "</tool_call>"

    def __init__(self, text):
        self.text, self.values = text, {}
        self.marks = [_Mark(match) for match in re.finditer(r"<(/?)(think|tool_call|answer)>", text)]
        self.last_action = max((mark.start for mark in self.marks if mark.opens_action), default=-1)
        self.thought, self.actions, self.outside, self.too_many = None, [], False, False
        self._read()

    def blank(self, start, end):
        return trim(self.text[start:end]) == ""

    def value(self, mark):
        if mark.end not in self.values:
            self.values[mark.end] = read_lenient(self.text, mark.end, self.CLOSE)
        return self.values[mark.end]

    def mark_at(self, offset):
        return next((i for i, mark in enumerate(self.marks) if mark.start >= offset), len(self.marks))

    def _closers(self, opened):
        """(mark, whether it closes nothing but the outermost thought, whether an action begins right behind it)"""
        closers, inner, at, read = [], -1 if opened else 0, 0, 0
        for i, mark in enumerate(self.marks):
            if mark.start < at:
                continue
            if mark.opens_thought:
                inner += 1
            elif mark.closes_thought:
                following = self.marks[i + 1] if i + 1 < len(self.marks) else None
                adjacent = following is not None and following.opens_action and self.blank(mark.end, following.start)
                closers.append((mark, inner == 0, adjacent))
                inner = max(0, inner - 1)
            elif mark.opens and mark.tag == "tool_call":
                read += 1
                if read <= MOST_BLOCKS:
                    value = self.value(mark)
                    if "values" in value and self.text.startswith(self.CLOSE, value["end"]):
                        at = value["end"]
        return closers

    def _within_answer(self, mark):
        before = [each for each in self.marks if each.tag == "answer" and each.start < mark.start]
        behind = [each for each in self.marks if each.tag == "answer" and each.start > mark.start]
        return bool(before) and before[-1].opens and bool(behind) and not behind[0].opens

    def _end_of_thought(self, opened):
        begin = self.marks[0] if self.marks else None
        if not opened and begin and begin.opens_action and self.blank(0, begin.start):
            return None
        every = self._closers(opened)
        own = [closer for closer in every if closer[1]]

        def first(closers, test):
            return next((closer for closer in closers if test(closer)), None)

        def leads(closer):
            return closer[0].start < self.last_action

        def adjacent(closer):
            return closer[2]

        end = first(own, adjacent) or first(own, leads)
        if end is None and opened:
            end = first(every, adjacent) or first(every, leads) or (own[0] if own else every[0] if every else None)
        elif end is None:
            end = first(own, lambda closer: not self._within_answer(closer[0]))
        return (end[0], (own[0] if own else end)[0]) if end else None

    def _end_of_answer(self, opening):
        end = None
        for mark in self.marks[opening + 1 :]:
            if mark.tag == "answer" and not mark.opens:
                if end and self.blank(end.end, mark.start):
                    break
                end = mark
            elif end and (mark.opens or mark.tag == "think"):
                break
        return end

    def _thought_at(self, opening):
        mark, behind = self.marks[opening], self.marks[opening + 1 :]
        close = next((each for each in behind if each.closes_thought), None)
        action = next((each for each in behind if each.opens_action), None)
        end = close.start if close else action.start if action else len(self.text)
        return {"tag": "think", "body": self.text[mark.end : end], "closed": close is not None, "end": close.end if close else end}

    def _block(self, tag, mark, end, closed, value):
        behind = end + len(tag) + 3 if closed else end
        return {"tag": tag, "body": self.text[mark.end : end], "closed": closed, "value": value, "end": behind}

    def _answer_at(self, opening):
        mark, close = self.marks[opening], self._end_of_answer(opening)
        action = next((each for each in self.marks[opening + 1 :] if each.opens_action), None)
        end = close.start if close else action.start if action else len(self.text)
        return self._block("answer", mark, end, close is not None, None)

    def _call_at(self, opening):
        mark = self.marks[opening]
        value = self.value(mark)
        ok = "values" in value
        behind = [
            each for each in self.marks[self.mark_at(value["end"] if ok else mark.end) :]
            if each.opens_action or (each.tag == "tool_call" and not each.opens)
        ]
        following = behind[0] if behind else None
        if ok:
            if following and following.start == value["end"] and not following.opens:
                return self._block("tool_call", mark, value["end"], True, value)
            if following is None or following.opens:
                return self._block("tool_call", mark, value["end"], False, value)
            return self._block("tool_call", mark, following.start, True, {"problem": "text-behind"})
        if following and following.opens and not re.match(rf"{SPACE}*[\[{{\"'\x60]", self.text[mark.end : mark.end + 80]):
            return None
        close = next((each for each in behind if not each.opens), None)
        return self._block("tool_call", mark, close.start if close else len(self.text), close is not None, value)

    def _note_outside(self, start, end):
        self.outside = self.outside or not self.blank(start, end)

    def _read(self):
        text, marks = self.text, self.marks
        first = marks[0] if marks else None
        opened = first is not None and first.opens_thought and self.blank(0, first.start)
        ended = self._end_of_thought(opened)
        body_start, at, blocks = first.end if opened else 0, 0, 0
        if ended:
            end, earliest = ended
            self.thought = {"body": text[body_start : end.start], "closed": True, "leads": True, "end": end.end}
            at = end.end
            # It was said to be over before it was.
            if earliest.start < end.start:
                self._note_outside(earliest.end, end.start)
        loose, start_of_thought = at, first.start if opened else 0
        for i in range(self.mark_at(at), len(marks)):
            mark = marks[i]
            if mark.start < at:
                continue
            if mark.closes_thought:
                # What came before was still the thought: the template's, or the reply's own when the action is yet to come.
                if self.thought and mark.start > self.last_action:
                    continue
                start = start_of_thought if self.thought else 0
                if self.thought:
                    self._note_outside(self.thought["end"], mark.start)
                body = text[body_start if opened else start : mark.start]
                self.thought = {"body": body, "closed": True, "leads": True, "end": mark.end}
                start_of_thought, self.actions = start, []
                at = loose = mark.end
                continue
            if not mark.opens:
                continue
            blocks += 1
            if blocks > MOST_BLOCKS:
                self.too_many = True
                break
            block = {"think": self._thought_at, "answer": self._answer_at, "tool_call": self._call_at}[mark.tag](i)
            # A tag that is only named.
            if block is None:
                continue
            self._note_outside(loose, mark.start)
            if block["tag"] != "think":
                self.actions.append(block)
            elif self.thought is None:
                self.thought = {**block, "leads": not self.actions}
                start_of_thought = mark.start
            at = loose = block["end"]
        if not self.too_many:
            self._note_outside(loose, len(text))


def _in_words(parts):
    return "".join(parts) if len(parts) < 2 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _sentence(half):
    return half[:1].upper() + half[1:]


def is_parameter(tool, name):
    return tool in PARAMETERS and name in PARAMETERS[tool]["properties"]


def _whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _has_type(kind, value):
    if kind == "integer":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, {"string": str, "boolean": bool, "object": dict}[kind])


def _fitted(kind, value):
    """The same value as this type has it, or None."""
    if kind == "string":
        return plain_number(value) if _whole(value) else None
    if not isinstance(value, str):
        return None
    if kind == "integer":
        return int(trim(value)) if re.fullmatch(rf"{SPACE}{{0,4}}[0-9]{{1,9}}{SPACE}{{0,4}}", value) else None
    if kind == "boolean":
        said = re.fullmatch(rf"{SPACE}{{0,4}}(true|false){SPACE}{{0,4}}", value, flags=re.ASCII | re.IGNORECASE)
        return said[1].lower() == "true" if said else None
    return object_in(value)


def _wanted(of):
    if of["type"] == "integer":
        bounded = "minimum" in of and "maximum" in of and of["maximum"] != SAFE
        return f"a whole number from {of['minimum']} to {of['maximum']}" if bounded else "a whole number"
    return {"string": "text", "boolean": "true or false", "object": "a JSON object"}[of["type"]]


def fit_arguments(tool, given):
    """The arguments as the schema has them where they came in another spelling, and what was changed."""
    if tool not in PARAMETERS:
        return given, []
    fit, changed = {}, []
    for name, value in given.items():
        of = PARAMETERS[tool]["properties"].get(name)
        if of is None or _has_type(of["type"], value):
            fit[name] = value
        elif value is None and name not in PARAMETERS[tool]["required"]:
            changed.append(f'"{name}" is null and was left out')
        else:
            meant = _fitted(of["type"], value)
            fit[name] = value if meant is None else meant
            if meant is not None:
                changed.append(f'"{name}" was read as {_wanted(of)}')
    return fit, changed


def problems_of(tool, given):
    """What keeps the tool from taking these arguments, in words; None when nothing does."""
    properties, required, said = PARAMETERS[tool]["properties"], PARAMETERS[tool]["required"], []
    for name, of in properties.items():
        if name not in given:
            if name in required:
                said.append(f"{name} is missing: it must be {_wanted(of)}")
            continue
        value = given[name]
        if of["type"] == "string" and isinstance(value, str):
            if name in NOT_EMPTY and (trim(value) if name in TRIMMED else value) == "":
                said.append(f"{name} must not be empty")
        elif not _has_type(of["type"], value) or (
            of["type"] == "integer" and not (_whole(value) and of.get("minimum", -SAFE) <= value <= of.get("maximum", SAFE))
        ):
            said.append(f"{name} must be {_wanted(of)}")
    strange = [name for name in given if name not in properties]
    if strange:
        said.append(f"there is no argument {', '.join(map(quoted, strange[:3]))}: it takes {', '.join(properties)}")
    return "; ".join(said) if said else None


def _unwrapped(item, bent):
    for key in ("function", "function_call", "tool_call"):
        if isinstance(item.get(key), dict) and all(each == key or each in ENVELOPE for each in item):
            bent.append(f'it stands within "{key}"')
            return item[key]
    if len(item) == 1:
        name, inner = next(iter(item.items()))
        if name in PARAMETERS and isinstance(inner, dict):
            bent.append('the name of its tool stands in the place of "name"')
            return {"name": name, "arguments": inner}
    return item


def _arguments_of(value, bent):
    if isinstance(value, dict):
        return value
    if value is None or value == "" or value == []:
        bent.append("its arguments are empty; none were assumed")
        return {}
    only = object_in(value) if isinstance(value, str) else None
    if only is not None:
        bent.append("its arguments are JSON within a text")
    return only


EXPECTED = 'It must be an object with a "name" (text) and "arguments" (an object).'


def _read_call(given, broken):
    """(call, what was bent, None) or (None, None, why it was refused)"""
    if not isinstance(given, dict):
        return None, None, EXPECTED
    bent = []
    item = _unwrapped(given, bent)
    names = [key for key in TOOL_KEYS if isinstance(item.get(key), str)]
    places = [key for key in ARGUMENT_NAMES if key in item]
    if not names:
        return None, None, EXPECTED
    if len(names) > 1:
        return None, None, f'"{names[0]}" and "{names[1]}" both name a tool.'
    if len(places) > 1:
        return None, None, f'"{places[0]}" and "{places[1]}" both give arguments.'
    key, place, written = names[0], places[0] if places else None, item[names[0]]
    if key != "name":
        bent.append(f'its name stands in "{key}"')
    bare = written.removeprefix("functions.")
    name = bare if bare != written and bare in PARAMETERS else written
    if name != written:
        bent.append(f"its tool is called {quoted(written)}")
    rest = [each for each in item if each not in (key, place)]
    own = [each for each in rest if is_parameter(name, each)]
    strange = [each for each in rest if each not in own]
    if place is not None:
        if own:
            return None, None, f'{_in_words(list(map(quoted, own)))} must stand in "arguments", not beside it.'
        if place != "arguments":
            bent.append(f'its arguments stand in "{place}"')
        arguments = _arguments_of(item[place], bent)
        if arguments is None:
            return None, None, f'Its "{place}" must be an object.'
    elif own:
        arguments = {each: item[each] for each in own}
        bent.append('its arguments stand beside its name and not in "arguments"')
    elif broken:
        return None, None, 'It ends before its "arguments".'
    else:
        arguments = {}
        bent.append('it has no "arguments"; none were assumed')
    unread = [each for each in strange if each not in ENVELOPE]
    if place is None and unread:
        said = _in_words(list(map(quoted, unread[:3])))
        return None, None, f'Its arguments must stand in "arguments"; there is {said} instead.'
    if strange:
        bent.append(f"{_in_words(list(map(quoted, strange[:3])))} {'says' if len(strange) == 1 else 'say'} nothing here")
    fit, changed = fit_arguments(name, arguments)
    return {"name": name, "arguments": fit}, bent + changed, None


def _items_of(values):
    """(items or None, what was bent)"""
    only = values[0] if len(values) == 1 else None
    if isinstance(only, dict) and len(only) == 1 and isinstance(only.get("tool_calls"), list):
        return only["tool_calls"], 'The calls must be a JSON array; they were taken out of "tool_calls".'
    if isinstance(only, list):
        return only, None
    if isinstance(only, dict):
        return [only], "The calls must be a JSON array; a single object was taken as an array of one."
    if all(isinstance(value, (dict, list)) for value in values):
        items = [each for value in values for each in (value if isinstance(value, list) else [value])]
        return items, "The calls must be one JSON array; several values were taken as one."
    return None, None


def _read_calls(block, say):
    value = block["value"]
    if "problem" in value:
        foreign = _foreign(FOREIGN, block["body"]) if value["problem"] == "syntax" else None
        if foreign:
            say("other-protocol", f"{_sentence(foreign)}; here a call is {CALL_FORM}.", False)
        else:
            say("invalid-json", f"The content of <tool_call> is not valid JSON.{HINTS.get(value['problem'], '')}", False)
        return []
    if value["bent"]:
        say("invalid-json", f"The JSON has {_in_words([BENT[form] for form in value['bent']])}.", True)
    items, bent = _items_of(value["values"])
    if bent is not None:
        say("not-an-array", bent, True)
    if items is None:
        say("not-an-array", "The calls must be a JSON array of objects.", False)
        return []
    if not items:
        say("empty-calls", "The array of calls is empty.", False)
    calls = []
    for i, item in enumerate(items):
        if i >= MOST_CALLS:
            say("invalid-call", f"More than {MOST_CALLS} calls in one reply; the rest was left out.", False)
            break
        call, changed, refused = _read_call(item, "missing-bracket" in value["bent"])
        if refused is not None:
            say("invalid-call", f"Call {i + 1} was not run. {refused}", False)
            continue
        if changed:
            say("invalid-call", f"Call {i + 1}: {_in_words(changed)}.", True)
        calls.append(call)
    return calls


def read_reply(text):
    """(calls, answer, violations) of a reply; a violation is (rule, message, whether the meaning was clear all the same)."""
    violations = []

    def say(rule, message, recovered):
        violations.append((rule, message, recovered))

    size = len(units(text))
    if size > LONGEST_REPLY:
        message = f"The reply has {size:,} characters; one of more than {LONGEST_REPLY:,} is not read, and nothing of it was done."
        say("too-long", message, False)
        return [], None, violations
    reading = _Reading(text)
    thought, actions = reading.thought, reading.actions
    foreign = None
    if not actions:
        rest = text[thought["end"] if thought and thought["closed"] else 0 :]
        foreign = _foreign(FOREIGN, rest) or _foreign(LOOSE, rest)
    if not (thought and thought["leads"]):
        say("missing-think", "A reply begins with <think>…</think>.", True)
    if thought and not thought["closed"]:
        say("unclosed-think", "<think> has no closing tag.", bool(actions))
    if reading.outside and not foreign:
        say("text-outside", "There is text outside the tags; it was ignored.", True)
    for block in actions:
        if not block["closed"]:
            say("unclosed-action", f"<{block['tag']}> has no closing tag.", True)
    if reading.too_many:
        say("several-actions", f"There are more than {MOST_BLOCKS} tags that open something; nothing was done.", False)
        return [], None, violations
    answers = [block for block in actions if block["tag"] == "answer"]
    blocks = [block for block in actions if block["tag"] == "tool_call"]
    if foreign:
        say("other-protocol", f"{_sentence(foreign)}; here a call is {CALL_FORM}.", False)
        return [], None, violations
    if not actions:
        say("missing-action", "After <think> comes exactly one <tool_call>[…]</tool_call> or <answer>…</answer>.", False)
        return [], None, violations
    if answers and blocks:
        say("both-actions", "A reply either calls tools or answers, not both; neither was done.", False)
        return [], None, violations
    if answers:
        answer = trim(answers[0]["body"])
        if len(actions) > 1:
            same = all(trim(block["body"]) == answer for block in answers)
            say("several-actions", "There is more than one <answer>.", same)
            if not same:
                return [], None, violations
        return [], answer, violations
    if len(actions) > 1:
        say("several-actions", "There is more than one <tool_call>; their calls were run in order.", True)
    calls = [call for block in blocks for call in _read_calls(block, say)]
    # Behind a call that cannot be read, what looks like another one may be a text that it failed to quote.
    if any("problem" in block["value"] for block in blocks):
        return [], None, violations
    return calls[:MOST_CALLS], None, violations


def parse(reply):
    """(calls, answer) of a reply; ([], None) when nothing could be made of it."""
    return read_reply(reply)[:2]
`
