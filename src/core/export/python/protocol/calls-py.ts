// What of agemem.py makes calls of a block and fits their arguments, and read_reply() and parse(), which put the parts together.

export const callsPy = String.raw`def _in_words(parts):
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
