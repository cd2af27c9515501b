// What of agemem.py judges answers: the twin of values.ts, judge.ts, currency.ts and holdsPhrase() of
// core/environments/question. export.test.ts and test:python hold it against ours.

export const judgePy = String.raw`SMALL = {w: n for n, w in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split()
)}
TENS = {w: 20 + 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
ORDINALS = {w: n + 1 for n, w in enumerate(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth".split()
)}
ORDINALS.update(
    {w: 20 + 10 * n for n, w in enumerate("twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth".split())}
)
MONTHS = {}
for _n, _name in enumerate("january february march april may june july august september october november december".split()):
    MONTHS[_name] = MONTHS[_name[:3]] = _n + 1
MONTHS["sept"] = 9
WEEKDAYS = set("monday tuesday wednesday thursday friday saturday sunday".split())
UNITS = {
    "second": ("second", 1), "sec": ("second", 1), "minute": ("second", 60), "min": ("second", 60), "hour": ("second", 3600),
    "hr": ("second", 3600), "h": ("second", 3600), "day": ("second", 86400), "week": ("second", 604800), "month": ("month", 1),
    "year": ("month", 12), "decade": ("month", 120), "metre": ("metre", 1), "meter": ("metre", 1), "m": ("metre", 1),
    "kilometre": ("metre", 1000), "kilometer": ("metre", 1000), "km": ("metre", 1000), "gram": ("gram", 1), "g": ("gram", 1),
    "kilogram": ("gram", 1000), "kilo": ("gram", 1000), "kg": ("gram", 1000), "dollar": ("dollar", 1), "usd": ("dollar", 1),
}


def plain_number(value):
    """A number as JavaScript writes it."""
    if math.isinf(value):
        return "Infinity"
    number = Decimal(repr(float(value)))
    if number == 0:
        return "0"
    if -7 < number.adjusted() < 21:
        digits = format(number, "f")
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    return re.sub(r"e([+-])0*", r"e\1", repr(float(value)))


def is_numeral(token):
    return re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", token or "") is not None


def is_ordinal(token):
    return re.fullmatch("[0-9]+th", token or "") is not None


def _tokenise(text):
    """Words with numerals kept whole, symbols as words, "19th" and "1990s" as one word."""
    plain, flags = text, re.ASCII | re.IGNORECASE
    for sign, name in (("\\$", "dollars"), ("€", "euros"), ("£", "pounds")):
        amount = rf"(\d[\d.,]*(?:{SPACE}(?:thousand|million|billion)\b)?)"
        plain = re.sub(f"{sign}{SPACE}?{amount}", rf" \1 {name} ", plain, flags=flags)
    plain = re.sub(r"%|\bper cent\b", " percent ", plain, flags=flags)
    tokens, at = [], 0
    for match in re.finditer(r"\d+(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?", plain, flags=re.ASCII):
        tokens += words(plain[at : match.start()])
        at = match.end()
        found = re.match(r"(?:st|nd|rd|th|s)\b", plain[at : at + 3], flags=flags)
        suffix = found.group() if found else ""
        at += len(suffix)
        tokens.append(plain_number(float(match.group().replace(",", ""))) + ("th" if len(suffix) == 2 else suffix))
    return tokens + words(plain[at:])


def _read_number(tokens, start):
    """A cardinal or ordinal number that starts there, and where it ends; None when none does."""
    total, group, ceiling, digits, at = 0, None, math.inf, False, start
    while at < len(tokens):
        token = tokens[at]
        if group is None:
            room = 1000
        elif digits:
            room = 0
        elif group > 0 and group % 100 == 0:
            room = 100
        else:
            room = 10 if group % 100 >= 20 and group % 10 == 0 else 0
        unit, ten, scale = SMALL.get(token), TENS.get(token), SCALES.get(token)
        ordinal = None if digits else ORDINALS.get(token)
        following = tokens[at + 1] if at + 1 < len(tokens) else ""
        if is_numeral(token) and group is None:
            group, digits = float(token), True
        elif unit is not None and unit < room:
            group, digits = (group or 0) + unit, False
        elif ten is not None and room >= 100:
            group, digits = (group or 0) + ten, False
        elif token == "hundred" and group is not None and group < 100:
            group, digits = group * 100, False
        elif scale is not None and group is not None and scale < ceiling:
            total, ceiling, group, digits = total + group * scale, scale, None, False
        elif ordinal is not None and ordinal < room:
            return plain_number(total + (group or 0) + ordinal) + "th", at + 1
        elif token == "a" and at == start and (following == "hundred" or following in SCALES):
            group = 1
        elif token == "and" and at > start and (group is None or room == 100) and not digits:
            if following not in SMALL and following not in TENS:
                break
        else:
            break
        at += 1
    return None if at == start else (plain_number(total + (group or 0)), at)


@lru_cache(maxsize=20_000)
def canonical_words(text):
    """The words of a text with every number in digits."""
    tokens, out, at = _tokenise(text), [], 0
    while at < len(tokens):
        token = tokens[at]
        # After a number "second" is the unit.
        number = None if token == "second" and out and is_numeral(out[-1]) else _read_number(tokens, at)
        if number:
            out.append(number[0])
            at = number[1]
            continue
        out += ["2", "times"] if token == "twice" else [token]
        at += 1
    return tuple(out)


_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATES = [
    r"(?P<y>[0-9]{4}) (?P<m>[0-9]{1,2}) (?P<d>[0-9]{1,2})",
    rf"(?P<d>[0-9]{{1,2}})(?:th)? (?:of )?(?P<name>{_MONTH})(?: (?:of )?(?P<y>[0-9]{{4}}))?",
    rf"(?P<name>{_MONTH}) (?:the )?(?P<d>[0-9]{{1,2}})(?:th)?(?: (?:of )?(?P<y>[0-9]{{4}}))?",
    rf"(?P<name>{_MONTH}) (?:of )?(?P<y>[0-9]{{4}})",
]


def _date(found):
    """("date", year, month, day) with None for what was not said."""
    groups = found.groupdict()
    year = int(groups["y"]) if groups.get("y") else None
    month = MONTHS.get(groups["name"]) if groups.get("name") else int(groups["m"]) if groups.get("m") else None
    day = int(groups["d"]) if groups.get("d") else None
    if month is None or not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    return "date", year, month, day


def dates_in(text):
    line, found = f" {' '.join(canonical_words(text))} ", []

    def take(match):
        date = _date(match)
        if date is None:
            return match.group()
        found.append(date)
        return "·"

    for pattern in _DATES:
        line = re.sub(f"(?<= ){pattern}(?= )", take, line)
    return found


def _singular(word):
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _quantity(amount, unit_words):
    """("quantity", amount in base units, unit, amount as it was said)."""
    named = [_singular(w) for w in unit_words]
    base = UNITS.get(named[0]) if named else None
    if base is None:
        return "quantity", amount, " ".join(named), amount
    return "quantity", amount * base[1], " ".join([base[0], *named[1:]]), amount


def _bare(amount):
    return "quantity", amount, "", amount


def _ordinal(token, nouns):
    amount = float(token[:-2])
    return "quantity", amount, " ".join(["th", *map(_singular, nouns)]), amount


_CLOCK = re.compile(
    rf"\b(\d{{1,2}})(?::(\d{{2}}))?{SPACE}*([ap])\.?m\b\.?|\b(\d{{1,2}}):(\d{{2}})\b", re.ASCII | re.IGNORECASE
)


def times_in(text):
    found = []
    for match in _CLOCK.finditer(text):
        half = match[3].lower() if match[3] else None
        hour, minute = int(match[1] or match[4]), int(match[2] or match[5] or 0)
        if hour <= (12 if half else 23) and minute <= 59:
            found.append(("time", ((hour % 12 if half else hour) + (12 if half == "p" else 0)) * 60 + minute))
    return found


_LEAD = re.compile(r"(?:(?:the|in|on|at|about|around|approximately|roughly|by) )+")


def _led(line):
    lead = _LEAD.match(line)
    return line[lead.end() :] if lead else line


@lru_cache(maxsize=20_000)
def value_of(text):
    """The value that the whole text names, or None."""
    times = times_in(text)
    if times and re.fullmatch(f"{SPACE}*(?:at{SPACE}+)?", _CLOCK.sub("", text), flags=re.ASCII | re.IGNORECASE):
        return times[0]
    line = _led(" ".join(canonical_words(text)))
    first, *rest = line.split(" ")
    dated = _led(" ".join(rest)) if first in WEEKDAYS else line
    for pattern in _DATES:
        match = re.fullmatch(pattern, dated)
        date = _date(match) if match else None
        if date:
            return date
    if any(is_numeral(w) or is_ordinal(w) for w in rest) or len(rest) > 3:
        return None
    if is_ordinal(first):
        return _ordinal(first, rest)
    if not is_numeral(first):
        return None
    year = float(first)
    if not rest and year.is_integer() and 1000 <= year < 2100 and "," not in text:
        return "date", int(year), None, None
    return _quantity(year, rest)


def _is_rank(value):
    return value[2] == "th" or value[2].startswith("th ")


def _near(a, b):
    return a == b or abs(a - b) <= 1e-9 * max(1, abs(a), abs(b))


def compare_values(a, b):
    """"equal", "different", or "vaguer": nothing contradicts, but one says less."""
    if a[0] == b[0] == "date":
        pairs = list(zip(a[1:], b[1:]))
        if any(x != y and x is not None and y is not None for x, y in pairs):
            return "different"
        shared = any(x is not None and y is not None for x, y in pairs)
        return "equal" if a == b else "vaguer" if shared else "different"
    if a[0] == b[0] == "time":
        return "equal" if a[1] == b[1] else "different"
    if a[0] == b[0] == "quantity":
        if _near(a[1], b[1]) and a[2] == b[2]:
            return "equal"
        unitless = (a[2] == "") != (b[2] == "") and not _is_rank(a) and not _is_rank(b)
        return "vaguer" if unitless and _near(a[3], b[3]) else "different"
    # A bare "1984" is read as a year; against a plain number it is one.
    if a[0] == "quantity" and b[0] == "date":
        a, b = b, a
    if a[0] == "date" and b[0] == "quantity" and a[1] is not None and a[2] is None:
        return compare_values(_bare(a[1]), b)
    return "different"


def values_like(text, like):
    """The values in a text that are of the same kind, each once, of the first 500."""
    distinct = []
    for value in _candidates(text, like)[:500]:
        if not any(compare_values(earlier, value) == "equal" for earlier in distinct):
            distinct.append(value)
    return distinct


def _candidates(text, like):
    tokens = canonical_words(text)
    if like[0] == "time":
        return times_in(text)
    if like[0] == "date":
        if like[2] is not None:
            return dates_in(text)
        years = [float(t) for t in tokens if is_numeral(t) and 1000 <= float(t) < 2100]
        return [("date", int(y) if y.is_integer() else y, None, None) for y in years]
    ranked, length = _is_rank(like), len(like[2].split(" ")) if like[2] else 0
    found = []
    for at, token in enumerate(tokens):
        if ranked and is_ordinal(token):
            found.append(_ordinal(token, tokens[at + 1 : at + length]))
        elif not ranked and is_numeral(token):
            named = _quantity(float(token), tokens[at + 1 : at + 1 + max(1, length)])
            following = tokens[at + 1] if at + 1 < len(tokens) else ""
            # Words behind a bare number that are not the unit in question are the rest of the sentence.
            found.append(named if named[2] == like[2] or _singular(following) in UNITS else _bare(float(token)))
    return found


def holds_phrase(text, phrase):
    """Whether a text holds the phrase: its words in a row (numbers in any spelling), or the same value."""
    if holds(text, phrase):
        return True
    wanted = " ".join(canonical_words(phrase))
    if wanted != "" and f" {wanted} " in f" {' '.join(canonical_words(text))} ":
        return True
    value = value_of(phrase)
    return value is not None and any(compare_values(other, value) == "equal" for other in values_like(text, value))


def states(text, fact):
    """Whether the text states the fact."""
    if fact["keys"]:
        return all(any(holds(text, phrase) for phrase in group) for group in fact["keys"])
    return any(recalls(text, wording) for wording in [fact["text"], *(fact.get("also") or [])])


def recalls(text, wording):
    wanted = set(content_words(wording))
    if not wanted:
        return holds(text, wording)
    return len(wanted & set(content_words(text))) / len(wanted) >= 0.75


# The answer to what nothing that was told answers, and how one says so.
UNKNOWN = "I do not know."
_I = re.ASCII | re.IGNORECASE
IGNORANCE = re.compile(
    r"\b(?:do not|don['’]?t|does not|doesn['’]?t|did not|didn['’]?t|cannot|can['’]?t|could not|couldn['’]?t|unable to|not able to)"
    r" (?:really )?(?:know|tell|say|determine|find|answer|recall|remember)\b"
    r"|\b(?:no idea|not sure|not certain|no information|insufficient information|not enough information)\b",
    _I,
)
IGNORANCE_ALONE = {
    "unknown", "it is unknown", "not known", "none", "n a", "not available", "not specified", "not mentioned"
}
NEVER = re.compile(
    r"\bnot (?:been )?(?:mentioned|stated|specified|said|given|provided|discussed|recorded)\b"
    r"|\b(?:never|did not|didn['’]?t|does not|doesn['’]?t|has not|hasn['’]?t) (?:mention|say|said|state|specify|tell|told|talk)\w*\b"
    r"|\bno (?:information|mention|record|memory|memories|answer)\b|\bunanswerable\b",
    _I,
)
DENIAL = re.compile(r"\b(?:not|never|neither|nor|no longer|cannot|\w+n['’]t)\b", _I)
FRAMING = {"think", "believe", "answer"}
ARTICLES = {"a", "an", "the"}


def admits_ignorance(text):
    plain = normalise(text)
    return plain == "" or plain in IGNORANCE_ALONE or IGNORANCE.search(text) is not None


def asserted(text):
    """The text without what it denies: a denial reaches to the clause's end."""
    clauses = re.split(rf"[;,](?={SPACE})|[.!?](?={SPACE}|\Z)|\b(?:but|rather|instead)\b", text, flags=_I)
    return ", ".join(DENIAL.split(clause)[0] for clause in clauses)


def _answer_words(text):
    return [w for w in canonical_words(text) if w not in ARTICLES]


def _inflected(word):
    return re.sub(r"(?:ing|ed|es|s|e)\Z", "", word) if len(word) > 3 else word


def judge(predicted, task):
    """Eq. 17 by rule: the best score over the answer and its aliases."""
    return max(_judge(predicted, accepted, task["query"]) for accepted in [task["answer"], *task["aliases"]])


def _judge(predicted, accepted, query):
    if normalise(predicted) == normalise(accepted):
        return 1.0
    said, wanted = _answer_words(predicted), _answer_words(accepted)
    if wanted and said == wanted:
        return 1.0
    if accepted == UNKNOWN:
        abstains = normalise(predicted) != "" and (admits_ignorance(predicted) or NEVER.search(predicted))
        return float(bool(abstains))
    if normalise(accepted) in ("yes", "no"):
        return float(words(predicted)[:1] == [normalise(accepted)])
    if admits_ignorance(predicted):
        return 0.0
    claimed = predicted if DENIAL.search(accepted) else asserted(predicted)
    value = value_of(accepted)
    if value:
        whole = value_of(claimed)
        if whole and compare_values(whole, value) == "equal":
            return 1.0
        # A date or number that the question itself gives is not an answer.
        given = values_like(query, value)
        named = [
            each for each in values_like(claimed, value)
            if compare_values(each, value) == "equal" or all(compare_values(g, each) != "equal" for g in given)
        ]
        if any(compare_values(each, value) == "equal" for each in named):
            return 2 / (1 + len(named))
        asked, unit = set(map(_inflected, canonical_words(query))), wanted[1:]
        bare = whole or (named[0] if len(named) == 1 else None)
        if bare and unit and all(_inflected(w) in asked for w in unit) and compare_values(bare, value) == "vaguer":
            return 1.0
        if named and all(compare_values(each, value) == "different" for each in named):
            return 0.0
    asked_words = canonical_words(query)
    # Where the answer is one of the things that the question names, naming the others too is hedging.
    choice = all(w in asked_words for w in wanted)
    asked = set() if choice else set(map(_inflected, asked_words))
    informative = [
        w for w in _answer_words(claimed) if w in wanted or not (w in STOP or w in FRAMING or _inflected(w) in asked)
    ]
    if not informative or not wanted:
        return 0.0
    common = sum((Counter(informative) & Counter(wanted)).values())
    return 2 * common / (len(informative) + len(wanted))


def _gives(text, phrase):
    """Word for word, or as the same number, date or time."""
    if holds(text, phrase):
        return True
    value = value_of(phrase)
    return value is not None and any(compare_values(each, value) == "equal" for each in values_like(text, value))


def _gives_value(text, fact, other):
    """Whether the text gives the value in which the fact is unlike the other."""
    groups = [group for group in fact["keys"] if group not in other["keys"]]
    return bool(groups) and all(any(_gives(text, phrase) for phrase in group) for group in groups)


def _only(answer, query, fact, other):
    """Whether what the answer adds to the question stands in the one fact and not in the other."""
    added = set(content_words(answer)) - set(content_words(query))
    return bool(added) and added <= set(content_words(fact["text"])) and not added <= set(content_words(other["text"]))


def latest_of(facts, fact):
    """Where a chain of corrections ends."""
    by_id, seen = {each["id"]: each for each in reversed(facts)}, set()
    while fact["superseded_by"] is not None and fact["id"] not in seen:
        seen.add(fact["id"])
        if fact["superseded_by"] not in by_id:
            break
        fact = by_id[fact["superseded_by"]]
    return fact


def superseded(task):
    """Facts whose present value is the answer or a part of it, each after what it took the place of."""
    pairs = []
    for before in task["facts"]:
        now = latest_of(task["facts"], before)
        if before["superseded_by"] is None or now is before or not now["needed"]:
            continue
        keyed = before["keys"] and now["keys"]
        if not keyed or any(_gives_value(right, now, before) for right in [task["answer"], *task["aliases"]]):
            pairs.append((before, now))
    return pairs


def currency(answer, task, right):
    """1 for the value that holds, -1 for one that was superseded, else 0."""
    if answer is None or not words(answer):
        return 0.0
    if right:
        return 1.0
    said, now, old = asserted(answer), False, False
    for before, after in superseded(task):
        keyed = before["keys"] and after["keys"]
        now |= _gives_value(said, after, before) if keyed else _only(said, task["query"], after, before)
        old |= _gives_value(said, before, after) if keyed else _only(said, task["query"], before, after)
    return float(now) - float(old)
`
