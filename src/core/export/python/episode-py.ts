// The environment and the reward in Python, for engines outside the browser: one file of four parts, a twin of
// core/episode and core/reward. export.test.ts holds it against them, and test:python does on many more replies.
import { judgePy } from './judge-py.ts'
import { protocolPy } from './protocol-py.ts'
import { wordsPy } from './words-py.ts'

const head = String.raw`"""Episodes of AgeMem (arXiv 2601.01885) and their reward, as the playground plays them. Standard library only.

An episode is a generator: it yields conversations and is sent replies, so that any engine can play it.
"""

import json
import math
import re
import unicodedata
from array import array
from collections import Counter
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def read_json(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def read_tasks(name):
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").split("\n") if line.strip()]
`

const environmentPy = String.raw`def turns_of(messages, turns):
    """At most so many turns, in order; the first ones take the surplus."""
    count = min(turns, len(messages))
    texts, at = [], 0
    for i in range(count):
        size = len(messages) // count + (1 if i < len(messages) % count else 0)
        texts.append("\n".join(message["text"] for message in messages[at : at + size]))
        at += size
    return texts


class Marks:
    """What a message spells of a tokenizer's marks is text: a stand-in goes through the template in its place.

    Special ones are the template's alone. Others that look like a protocol (<think>) are marks in the words of the environment
    and of the model; those of plain words are a way to write these words, wherever they stand.
    """

    FIRST = 0x100000  # Characters for private use; the first one marks one of them that the text had itself.

    def __init__(self, special, added=()):
        self.special = set(special) - {""}
        self.marks = sorted(self.special | set(added) - {""}, key=len, reverse=True)
        self.places = {mark: place for place, mark in enumerate(self.marks)}
        self.mark = re.compile("|".join(map(re.escape, self.marks)) or r"(?!)")
        self.either = re.compile(self.mark.pattern + "|[\U00100000-\U0010ffff]")

    def quote(self, text, own=()):
        """own: (from, to) of what the environment or the model wrote."""
        def stand_in(match):
            found = match.group()
            if found not in self.places:
                return chr(self.FIRST) + found
            if found not in self.special:
                markup = any(c in '<>{}"' for c in found)
                if not markup or any(low <= match.start() and match.end() <= high for low, high in own):
                    return found
            return chr(self.FIRST + 1 + self.places[found])

        return self.either.sub(stand_in, text)

    def pieces(self, chat):
        """The text with what is behind its stand-ins, cut within each, so that a tokenizer sees no mark that a message spelt."""
        pieces, at = [""], 0
        for match in re.finditer("\U00100000[\U00100000-\U0010ffff]|[\U00100001-\U0010ffff]", chat):
            found = match.group()
            pieces[-1] += chat[at : match.start()] + (found[1] if len(found) > 1 else "")
            at = match.end()
            if len(found) > 1:
                continue
            spelt = self.marks[ord(found) - self.FIRST - 1]
            if len(spelt) == 1:
                pieces[-1] += spelt
                continue
            pieces[-1] += spelt[0]
            pieces += [*spelt[1:], ""] if self.mark.search(spelt[1:]) else [spelt[1:]]
        pieces[-1] += chat[at:]
        return [piece for piece in pieces if piece]


# What an agent may call, and in which stage what is near to a message comes into the context by itself (None: in each).
AGENTS = {"agemem": (list(PARAMETERS), 1), "agemem-rag": (["Add_memory", "Update_memory", "Delete_memory"], None)}


class Episode:
    """One episode of three stages. play() yields (conversation, stage) and is sent the reply; None: there was no room for one."""

    def __init__(self, task, run, system_prompt, count_tokens):
        self.task, self.settings, self.weights = task, run["episode"], run["reward"]["weights"]
        self.tools, self.recalls = AGENTS[run.get("agent") or "agemem"]
        self.system_prompt, self.count = system_prompt, count_tokens
        self.context, self.memory, self.memory_then, self.deleted, self.stored = [], {}, {}, {}, []
        self.steps, self.calls, self.retrieved, self.round = [], [], {}, None
        # Of the conversation that is asked with: of each message the stretches that nobody else wrote.
        self.own = []
        self.answer, self.ids, self.reduced_at, self.answered_with, self.full = None, 0, None, [], False

    def _say(self, role, kind, text, ok=True):
        text = well_formed(text)
        message = {"role": role, "kind": kind, "content": text, "tokens": self.count(text), "ok": ok}
        self.context.append(message)
        if self.round is not None:
            self.round.append(message)
        return message

    def _nearest(self, query, top_k, wanted=None):
        """(id, text) of the nearest entries; of equals the older first."""
        found = [key for key, entry in self.memory.items() if _matches(entry, wanted or {})]
        scored = sorted(((nearness(query, self.memory[key]["text"]), key) for key in found), key=lambda each: -each[0])
        return [(key, self.memory[key]["text"]) for _, key in scored[:top_k]]

    def play(self):
        n_max, exchanges = self.settings["n_max"], self.settings["exchanges"]
        self._say("system", "system", self.system_prompt)
        told = [("message", text) for text in turns_of(self.task["resist"], n_max["resist"])]
        heard = [(1, exchanges, "message", text) for text in turns_of(self.task["build"], n_max["build"])]
        heard += [(2, exchanges, kind, text) for kind, text in told]
        heard.append((3, n_max["answer"], "query", self.task["query"]))
        stage = 1
        for now, limit, kind, text in heard:
            if stage == 1 and now > 1:
                self.memory_then = {key: entry["text"] for key, entry in self.memory.items()}
                self.context = self.context[:1]
            stage, self.round = now, None
            self._say("user", kind, text)
            if self.recalls in (None, stage):
                hits = self._nearest(text, self.settings["top_k"])
                if hits:
                    self._retrieve(hits, stage)
                    self._say("tool", "memories", "Related memories:\n" + _lines(hits))
            yield from self._turn(stage, limit)

    def asked_with(self, tokens):
        """What the engine says of the prompt that it was given last: its length in tokens, the template's marks included."""
        self.steps[-1].update(tokens=tokens, over=tokens > self.settings["t_max"])

    def _turn(self, stage, limit):
        self.answer = None
        for _ in range(limit):
            tokens = sum(message["tokens"] for message in self.context)
            step = {"stage": stage, "tokens": tokens, "over": tokens > self.settings["t_max"], "calls": [], "violations": [], "answer": None}
            self.steps.append(step)
            self.answered_with = list(self.context)
            self.own = [_own(m) for m in self.context]
            reply = yield [{"role": m["role"], "content": m["content"]} for m in self.context], stage
            self.full = reply is None
            self.round = []
            reply = well_formed(reply or "")
            self._say("assistant", "reply", reply)
            if self.full:
                step["violations"] = [("window-full", "", False)]
                return
            calls, self.answer, step["violations"] = read_reply(reply)
            step["answer"] = self.answer
            for call in calls:
                ok, result = yield from self._run(well_formed(call["name"]), call["arguments"], stage)
                self.calls.append((call["name"], ok))
                step["calls"].append({"name": call["name"], "ok": ok})
                self._say("tool", "result", result, ok)
            problems = [message for _, message, recovered in step["violations"] if not recovered]
            if self.answer is None and not calls:
                notice = "Your reply could not be read. " + " ".join(problems)
                self._say("tool", "notice", f"{notice} Reply with <think>…</think> and then <tool_call>[…]</tool_call> or <answer>…</answer>.")
            elif problems:
                self._say("tool", "notice", f"Part of your reply was not carried out. {' '.join(problems)}")
            if self.answer is not None:
                return

    def _retrieve(self, hits, stage):
        if stage > 1:
            self.retrieved.update(hits)

    def _run(self, name, given, stage):
        if name not in self.tools:
            return False, f"Error: there is no tool {quoted(name)}. The tools are {', '.join(self.tools)}."
        problems = problems_of(name, given)
        if problems is not None:
            return False, f"Error: {name} cannot take these arguments: {problems}."
        step, key = len(self.steps) - 1, given.get("memory_id")
        if name == "Add_memory":
            self.ids += 1
            key = f"m{self.ids}"
            self.memory[key] = {"text": trim(given["content"]), "type": given.get("memory_type"), "source_step": step, **_metadata(given.get("metadata") or {})}
            if stage == 1:
                self.stored.append(key)
            return True, f"Stored as {key}."
        if name == "Delete_memory" and not given["confirmation"]:
            return False, "Error: nothing was deleted, because confirmation is not true."
        if name in ("Update_memory", "Delete_memory") and key not in self.memory:
            shown = key.encode("utf-16-le")[:120].decode("utf-16-le", "replace") + "…" if len(units(key)) > 60 else key
            return False, f"Error: There is no memory {shown}. Use an id that a retrieval returned."
        if name == "Update_memory":
            metadata = _metadata(given["metadata"]) if "metadata" in given else {}
            self.memory[key] = {**self.memory[key], **metadata, "text": trim(given["content"]), "source_step": step}
            return True, f"Updated {key}."
        if name == "Delete_memory":
            self.deleted[key] = self.memory.pop(key)["text"]
            return True, f"Deleted {key}."
        if name == "Retrieve_memory":
            hits = self._nearest(trim(given["query"]), given.get("top_k", self.settings["top_k"]), given.get("metadata_filter"))
            self._retrieve(hits, stage)
            return True, _lines(hits) or "Nothing found."
        if name == "Summary_context":
            return (yield from self._summarise(given["span"]))
        criteria = trim(given["criteria"])
        gone = [m for m in self._removable() if similarity(criteria, m["content"]) >= self.settings["theta"]]
        self._remove(gone)
        return True, f"Removed {_messages(gone)}." if gone else "No message matches; nothing was removed."

    def _removable(self):
        return [m for m in self.context if m["kind"] not in ("system", "query") and not any(m is r for r in self.round)]

    def _remove(self, gone):
        if gone and self.reduced_at is None:
            self.reduced_at = len(self.steps) - 1
        self.context = [m for m in self.context if not any(m is g for g in gone)]

    def _summarise(self, given):
        gone, span = self._removable(), trim(given).lower()
        if span not in ("all", "full"):
            if not re.fullmatch("[0-9]{1,4}", span) or int(span) == 0:
                return False, f'Error: span must be "all" or a number of rounds, not {quoted(given)}.'
            starts = [i for i, m in enumerate(self.context) if m["kind"] in ("message", "query")]
            late = self.context[starts[max(0, len(starts) - int(span))] if starts else 0 :]
            gone = [m for m in gone if any(m is each for each in late)]
        if not gone:
            return False, "Error: there is nothing to summarise."
        asked = "Summarise these messages in a few sentences. Keep every name, number, date and open question.\n\n"
        own = [(0, len(asked))]
        for m in gone:
            own += [(len(asked) + low, len(asked) + high) for low, high in _own(m)]
            asked += m["content"] + "\n"
        asked, self.own = asked[:-1], [[(0, len(self.system_prompt))], own]
        reply = yield [{"role": "system", "content": self.system_prompt}, {"role": "user", "content": asked}], 0
        at = next(i for i, m in enumerate(self.context) if any(m is g for g in gone))
        self._remove(gone)
        text = f"Summary: {trim(well_formed(reply or ''))}"
        self.context.insert(at, {"role": "tool", "kind": "summary", "content": text, "tokens": self.count(text), "ok": True})
        return True, f"Summarised {_messages(gone)}."

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
            "preservation": float(all(any(holds_phrase(m["content"], phrase) for m in kept) for phrase in task["key_phrases"])),
            "storage": sum(entries) / max(1, len(entries)),
            "maintenance": float(any(upkeep)),
            "maintenance_attempted": float(len(upkeep) > 0),
            "relevance": sum(relevant) / max(1, len(relevant)),
            "tool_use": sum(ok for _, ok in self.calls) / max(1, len(self.calls)),
            "rounds_exceeded": self.answer is None and not self.full,
            "context_exceeded": over is not None,
        }

    def reward_parts(self):
        """Eq. 16, 18 and 22 under the weights of the run, before the terms are weighed; None: it does not apply to this task."""
        c, w = self.components(), self.weights
        upkeep = c["maintenance_attempted" if w.get("failed_maintenance") else "maintenance"]
        context = sum(w["alpha"][name] * c[name] for name in ("compression", "preventive", "preservation"))
        memory = w["beta"]["storage"] * c["storage"] + w["beta"]["maintenance"] * upkeep + w["beta"]["relevance"] * c["relevance"]
        penalty = 0.0 - w["penalty"]["rounds"] * c["rounds_exceeded"] - w["penalty"]["context"] * c["context_exceeded"]
        parts = {"task": c["task"], "currency": c.get("currency"), "tool_use": c["tool_use"]}
        return {**parts, "context": context, "memory": memory, "penalty": penalty}

    def reward(self):
        """Eq. 16."""
        w, parts = self.weights, self.reward_parts()
        penalty = parts.pop("penalty")
        total = sum(w.get(name, 0) * value for name, value in parts.items() if value is not None) + penalty
        return min(max(total, w["clip"][0]), w["clip"][1]) if w["clip"] else total


def _own(message):
    return [(0, len(message["content"]))] if message["kind"] in ("system", "reply", "notice") else []


def _lines(hits):
    def line(text):
        return re.sub(f"{SPACE}+", lambda space: " " if "\n" in space.group() else space.group(), text)

    return "\n".join(f"[{key}] {line(text)}" for key, text in hits)


def _messages(gone):
    return f"{len(gone)} message{'' if len(gone) == 1 else 's'}"


def _metadata(given):
    """Tags apart, the rest in extra."""
    tags = given.get("tags")
    extra = {key: value for key, value in given.items() if key != "tags"}
    return {"tags": [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [], "extra": extra}


def _matches(entry, wanted):
    """Whether an entry matches every field of a metadata filter."""
    def same(a, b):
        return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)

    for key, value in wanted.items():
        if key in ("type", "source_step"):
            if not same(entry[key], value):
                return False
        elif key == "tags":
            if not all(isinstance(tag, str) and tag in entry["tags"] for tag in (value if isinstance(value, list) else [value])):
                return False
        elif key not in entry["extra"] or not same(entry["extra"][key], value):
            return False
    return True
`

/** agemem.py */
export const episodePy = [head, wordsPy, judgePy, protocolPy, environmentPy].join('\n\n')
