// The environment and the reward in Python, for engines outside the browser: a smaller twin of core/episode and
// core/reward. export.test.ts holds it against them.

/** agemem.py */
export const episodePy = String.raw`"""Episodes of AgeMem (arXiv 2601.01885) and their reward, as the playground plays them. Standard library only.

An episode is a generator: it yields conversations and is sent replies, so that any engine can play it.
What is simpler here than in the playground: similarity (cosine over words, not over word pieces), and the judge
(words, not amounts, dates and times by value). See README.md.
"""

import json
import math
import re
import unicodedata
from collections import Counter
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
STOP = set(
    "a an the and or but if then than so as of at by for from in into on onto to up with about over after before under "
    "is are was were be been being am do does did done has have had having will would shall should can could may might "
    "must i you he she it we they me him her us them my your his its our their this that these those there here who whom "
    "whose which what when where why how not no nor only own same too very s t just also".split()
)
ARTICLES = {"a", "an", "the"}
IGNORANCE = re.compile(
    r"\b(?:do|does|did) not know\b|\b(?:don|doesn|didn)['’]?t (?:really )?know\b|\bcan(?:not|['’]?t) (?:tell|say|recall)\b"
    r"|\b(?:no idea|not sure|no information|unknown)\b",
    re.IGNORECASE,
)
# The answer to what nothing that was told answers, and how one says so.
UNKNOWN = "I do not know."
NEVER = re.compile(
    r"\bnot (?:mentioned|stated|specified|said|given|provided)\b|\bno (?:mention|record|memory|memories|answer)\b|\bunanswerable\b",
    re.IGNORECASE,
)
NOTICE = "Reply with <think>…</think> and then <tool_call>[…]</tool_call> or <answer>…</answer>."


def read_json(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def read_tasks(name):
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").split("\n") if line.strip()]


def words(text):
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not 0x300 <= ord(c) <= 0x36F).lower()
    plain = re.sub(r"['’](?=s\b)", " ", plain)
    plain = re.sub(r"(\d),(?=\d{3}\b)", r"\1", plain)
    return re.sub(r"[\W_]+", " ", plain).split()


def count_tokens(text):
    """Close to what byte-level BPE makes of English, for engines that have no tokenizer at hand."""
    pieces = re.findall(r"[^\W\d_]+|\d{1,3}|(?:[^\w\s]|_)+", text)
    return sum(1 + -(-max(0, len(p) - 6) // 4) if p[0].isalpha() else -(-len(p) // 3) for p in pieces)


def holds(text, phrase):
    """Whether the phrase stands in the text as whole words."""
    wanted = " ".join(words(phrase))
    return wanted != "" and f" {wanted} " in f" {' '.join(words(text))} "


def states(text, fact):
    """Whether the text states the fact."""
    if fact["keys"]:
        return all(any(holds(text, phrase) for phrase in group) for group in fact["keys"])
    return any(recalls(text, wording) for wording in [fact["text"], *fact.get("also", [])])


def recalls(text, wording):
    wanted = {w for w in words(wording) if w not in STOP}
    if not wanted:
        return holds(text, wording)
    return len(wanted & set(words(text))) / len(wanted) >= 0.75


def similarity(a, b):
    """Cosine over words; words of grammar hardly count."""
    def vector(text):
        return {w: (1 + math.log(n)) * (0.05 if w in STOP else 1) for w, n in Counter(words(text)).items()}

    x, y = vector(a), vector(b)
    size = math.sqrt(sum(v * v for v in x.values()) * sum(v * v for v in y.values()))
    return sum(v * y.get(w, 0) for w, v in x.items()) / size if size else 0.0


def judge(predicted, task):
    """Eq. 17 without an LLM: the best token F1 over the answer and its aliases, words of the question left out."""
    return max(_judge(predicted, accepted, task["query"]) for accepted in [task["answer"], *task["aliases"]])


def _judge(predicted, accepted, query):
    said = [w for w in words(predicted) if w not in ARTICLES]
    wanted = [w for w in words(accepted) if w not in ARTICLES]
    if said == wanted:
        return 1.0
    if accepted == UNKNOWN:
        return float(bool(said) and bool(IGNORANCE.search(predicted) or NEVER.search(predicted)))
    if wanted in (["yes"], ["no"]):
        return float(said[:1] == wanted)
    if not said or IGNORANCE.search(predicted):
        return 0.0
    asked = set(words(query))
    if all(w in asked for w in wanted):
        asked = set()
    informative = [w for w in said if w in wanted or not (w in STOP or w in asked or w in {"think", "believe", "answer"})]
    common = sum((Counter(informative) & Counter(wanted)).values())
    return 2 * common / (len(informative) + len(wanted)) if informative else 0.0


DENIAL = re.compile(r"\b(?:not|never|neither|nor|no longer|cannot|\w+n['’]t)\b", re.IGNORECASE)


def asserted(text):
    """The text without what it denies."""
    clauses = re.split(r"[;,](?=\s)|[.!?](?=\s|$)|\b(?:but|rather|instead)\b", text, flags=re.IGNORECASE)
    return ", ".join(DENIAL.split(clause)[0] for clause in clauses)


def _gives(text, fact, other):
    """Whether the text gives the value in which the fact is unlike the other."""
    groups = [group for group in fact["keys"] if group not in other["keys"]]
    return bool(groups) and all(any(holds(text, phrase) for phrase in group) for group in groups)


def _only(answer, query, fact, other):
    """Whether what the answer adds to the question stands in the one fact and not in the other."""
    added = {w for w in words(answer) if w not in STOP} - {w for w in words(query) if w not in STOP}
    return bool(added) and added <= set(words(fact["text"])) and not added <= set(words(other["text"]))


def superseded(task):
    """Facts whose present value is the answer or a part of it, each after what it took the place of."""
    facts = {fact["id"]: fact for fact in task["facts"]}
    pairs = []
    for before in task["facts"]:
        now = before
        for _ in facts:
            now = facts.get(now["superseded_by"], now)
        if now is before or not now["needed"]:
            continue
        if not (before["keys"] and now["keys"]) or any(_gives(right, now, before) for right in [task["answer"], *task["aliases"]]):
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
        now |= _gives(said, after, before) if keyed else _only(said, task["query"], after, before)
        old |= _gives(said, before, after) if keyed else _only(said, task["query"], before, after)
    return float(now) - float(old)


def parse(reply):
    """(calls, answer) of a reply; ([], None) when it breaks the protocol."""
    # The thought ends where an action follows at once: it may name the tags, or hold a draft of a call.
    end = re.search(r"</think>(?=\s*<(?:tool_call|answer)>)", reply) or re.search("</think>", reply)
    rest = reply[end.end() :] if end else reply
    call = re.search(r"<tool_call>\s*", rest)
    answer = re.search("<answer>", rest)
    if call and not (answer and answer.start() < call.start()):
        try:
            calls, stop = json.JSONDecoder().raw_decode(rest, call.end())
        except ValueError:
            return [], None
        if not re.match(r"\s*</tool_call>", rest[stop:]) or "<answer>" in rest[stop:]:
            return [], None
        calls = calls if isinstance(calls, list) else [calls]
        sound = all(isinstance(c, dict) and isinstance(c.get("name"), str) and isinstance(c.get("arguments"), dict) for c in calls)
        return (calls[:32] if sound else []), None
    if not answer or "</answer>" not in rest[answer.end() :]:
        return [], None
    said = rest[answer.end() :]
    first, last = said.partition("</answer>"), said.rpartition("</answer>")
    # A closing tag within the answer is content, one behind another begins another answer.
    return [], (first if re.search("<(?:answer|tool_call)>", first[2]) else last)[0].strip()


def turns_of(messages, turns):
    """At most so many turns, in order; the first ones take the surplus."""
    count = min(turns, len(messages))
    texts, at = [], 0
    for i in range(count):
        size = len(messages) // count + (1 if i < len(messages) % count else 0)
        texts.append("\n".join(message["text"] for message in messages[at : at + size]))
        at += size
    return texts


class Marks:
    """What a message spells of a template's marks is text: a stand-in goes through the template in its place."""

    FIRST = 0x100000  # Characters for private use; the first one marks one of them that the text had itself.

    def __init__(self, marks):
        self.marks = sorted(marks, key=len, reverse=True)
        self.mark = re.compile("|".join(map(re.escape, self.marks)) or r"(?!)")

    def quote(self, text):
        def stand_in(match):
            found = match.group()
            return chr(self.FIRST + 1 + self.marks.index(found)) if found in self.marks else chr(self.FIRST) + found

        return re.sub(self.mark.pattern + "|[\U00100000-\U0010ffff]", stand_in, text)

    def sections(self, chat):
        """(text, whether it is a mark of the template's) in order; what stands behind stand-ins is text."""
        def behind(match):
            found = match.group()
            return found[1] if len(found) > 1 else self.marks[ord(found) - self.FIRST - 1]

        quoted = "\U00100000[\U00100000-\U0010ffff]|[\U00100001-\U0010ffff]"
        for part in re.split(f"({self.mark.pattern})", chat):
            if part:
                yield (part, True) if part in self.marks else (re.sub(quoted, behind, part), False)


class Episode:
    """One episode of three stages. play() yields (conversation, stage) and is sent the reply."""

    def __init__(self, task, run, system_prompt, count_tokens):
        self.task, self.settings, self.weights = task, run["episode"], run["reward"]["weights"]
        self.system_prompt, self.count = system_prompt, count_tokens
        self.context, self.memory, self.memory_then, self.deleted, self.stored = [], {}, {}, {}, []
        self.steps, self.calls, self.retrieved = [], [], {}
        self.answer, self.ids, self.reduced_at, self.answered_with = None, 0, None, []

    def _say(self, role, kind, text, ok=True):
        message = {"role": role, "kind": kind, "content": text, "tokens": self.count(text), "ok": ok}
        self.context.append(message)
        return message

    def _nearest(self, query, top_k):
        scored = sorted(((similarity(query, text), key) for key, text in self.memory.items()), key=lambda each: -each[0])
        return [(key, self.memory[key]) for _, key in scored[:top_k]]

    def play(self):
        n_max = self.settings["n_max"]
        self._say("system", "system", self.system_prompt)
        for text in turns_of(self.task["build"], n_max["build"]):
            self._say("user", "message", text)
            hits = self._nearest(text, self.settings["top_k"])
            if hits:
                self._say("tool", "memories", "Related memories:\n" + _lines(hits))
            yield from self._turn(1, self.settings["exchanges"])
        self.memory_then, self.context = dict(self.memory), self.context[:1]
        for text in turns_of(self.task["resist"], n_max["resist"]):
            self._say("user", "message", text)
            yield from self._turn(2, self.settings["exchanges"])
        self._say("user", "query", self.task["query"])
        yield from self._turn(3, n_max["answer"])

    def asked_with(self, tokens):
        """What the engine says of the prompt that it was given last: its length in tokens, the template's marks included."""
        self.steps[-1].update(tokens=tokens, over=tokens > self.settings["t_max"])

    def _turn(self, stage, limit):
        for _ in range(limit):
            tokens = sum(message["tokens"] for message in self.context)
            self.steps.append({"stage": stage, "tokens": tokens, "over": tokens > self.settings["t_max"]})
            self.answered_with = list(self.context)
            reply = yield [{"role": m["role"], "content": m["content"]} for m in self.context], stage
            calls, answer = parse(reply)
            round_ = [self._say("assistant", "reply", reply)]
            if stage == 3:
                self.answer = answer
            if answer is not None:
                return
            if not calls:
                self._say("tool", "notice", f"Your reply could not be read. {NOTICE}")
            for call in calls:
                ok, result = yield from self._run(call["name"], call["arguments"], stage, round_)
                self.calls.append((call["name"], ok))
                round_.append(self._say("tool", "result", result, ok))

    def _run(self, name, given, stage, round_):
        def text(key):
            return given[key].strip() if isinstance(given.get(key), str) else ""

        if name == "Add_memory" and text("content"):
            self.ids += 1
            key = f"m{self.ids}"
            self.memory[key] = text("content")
            if stage == 1:
                self.stored.append(key)
            return True, f"Stored as {key}."
        if name in ("Update_memory", "Delete_memory") and text("memory_id") not in self.memory:
            return False, f"Error: there is no memory {text('memory_id')}."
        if name == "Update_memory" and text("content"):
            self.memory[text("memory_id")] = text("content")
            return True, f"Updated {text('memory_id')}."
        if name == "Delete_memory":
            if given.get("confirmation") is not True:
                return False, "Error: nothing was deleted, because confirmation is not true."
            self.deleted[text("memory_id")] = self.memory.pop(text("memory_id"))
            return True, f"Deleted {text('memory_id')}."
        if name == "Retrieve_memory" and text("query"):
            top_k = given.get("top_k") if isinstance(given.get("top_k"), int) else self.settings["top_k"]
            hits = self._nearest(text("query"), max(1, min(50, top_k)))
            if stage > 1:
                self.retrieved.update(hits)
            return True, _lines(hits) or "Nothing found."
        if name == "Summary_context":
            return (yield from self._summarise(text("span").lower(), round_))
        if name == "Filter_context" and text("criteria"):
            gone = [m for m in self._removable(round_) if similarity(text("criteria"), m["content"]) >= self.settings["theta"]]
            self._remove(gone)
            return True, f"Removed {len(gone)} messages." if gone else "No message matches; nothing was removed."
        return False, f"Error: {name} cannot take these arguments, or there is no such tool."

    def _removable(self, round_):
        return [m for m in self.context if m["kind"] not in ("system", "query") and not any(m is r for r in round_)]

    def _remove(self, gone):
        if gone and self.reduced_at is None:
            self.reduced_at = len(self.steps) - 1
        self.context = [m for m in self.context if not any(m is g for g in gone)]

    def _summarise(self, span, round_):
        gone = self._removable(round_)
        if span.isdigit() and int(span) > 0:
            starts = [i for i, m in enumerate(self.context) if m["kind"] in ("message", "query")]
            late = self.context[starts[max(0, len(starts) - int(span))] if starts else 0 :]
            gone = [m for m in gone if any(m is each for each in late)]
        elif span not in ("all", "full"):
            return False, "Error: span must be \"all\" or a number of rounds."
        if not gone:
            return False, "Error: there is nothing to summarise."
        asked = "Summarise these messages in a few sentences. Keep every name, number, date and open question.\n\n"
        asked += "\n".join(m["content"] for m in gone)
        reply = yield [{"role": "system", "content": self.system_prompt}, {"role": "user", "content": asked}], 0
        at = next(i for i, m in enumerate(self.context) if any(m is g for g in gone))
        self._remove(gone)
        self._say("tool", "summary", f"Summary: {reply.strip()}")
        self.context.insert(at, self.context.pop())
        return True, f"Summarised {len(gone)} messages."

    def components(self):
        """Eq. 17 to 26, each measured once."""
        task, t_max = self.task, self.settings["t_max"]
        facts = {fact["id"]: fact for fact in task["facts"]}
        told = {key for message in task["build"] for key in message["facts"]}
        over = next((i for i, step in enumerate(self.steps) if step["over"]), None)
        kept = [m for m in self.answered_with if m["kind"] in ("message", "memories", "result", "summary") and m["ok"]]
        entries = []
        for key in self.stored:
            # As it stood at the end of stage 1, or when it was deleted there.
            text = self.memory_then.get(key, self.deleted.get(key))
            stated = [fact for fact in facts.values() if states(text, fact)]
            stale = all(fact["superseded_by"] is not None and fact["superseded_by"] in told for fact in stated)
            entries.append(bool(stated) and (key not in self.memory_then or not stale))
        needed = [fact for fact in facts.values() if fact["needed"] and fact["superseded_by"] is None]
        relevant = [any(states(text, fact) for fact in needed) for text in self.retrieved.values()]
        upkeep = [ok for name, ok in self.calls if name in ("Update_memory", "Delete_memory")]
        score = -1.0 if self.answer is None else judge(self.answer, task)
        return {
            "task": score,
            **({"currency": currency(self.answer, task, score >= 0.999)} if superseded(task) else {}),
            "compression": max(0.0, 1 - self.steps[-1]["tokens"] / t_max),
            "preventive": float(self.reduced_at is not None and (over is None or self.reduced_at < over)),
            "preservation": float(all(any(holds(m["content"], phrase) for m in kept) for phrase in task["key_phrases"])),
            "storage": sum(entries) / max(1, len(entries)),
            "maintenance": float(any(upkeep)),
            "maintenance_attempted": float(len(upkeep) > 0),
            "relevance": sum(relevant) / max(1, len(relevant)),
            "tool_use": sum(ok for _, ok in self.calls) / max(1, len(self.calls)),
            "rounds_exceeded": self.answer is None,
            "context_exceeded": over is not None,
        }

    def reward(self):
        """Eq. 16 under the weights of the run."""
        c, w = self.components(), self.weights
        upkeep = c["maintenance_attempted" if w.get("failed_maintenance") else "maintenance"]
        context = sum(w["alpha"][name] * c[name] for name in ("compression", "preventive", "preservation"))
        memory = w["beta"]["storage"] * c["storage"] + w["beta"]["maintenance"] * upkeep + w["beta"]["relevance"] * c["relevance"]
        total = w["task"] * c["task"] + w["context"] * context + w["memory"] * memory
        total += w.get("currency", 0) * c.get("currency", 0) + w["tool_use"] * c["tool_use"]
        total -= w["penalty"]["rounds"] * c["rounds_exceeded"] + w["penalty"]["context"] * c["context_exceeded"]
        return min(max(total, w["clip"][0]), w["clip"][1]) if w["clip"] else total


def _lines(hits):
    return "\n".join(f"[{key}] " + re.sub(r"\s*\n\s*", " ", text) for key, text in hits)
`
