// What of agemem.py finds thought, calls and answer in a reply, broken tags included: the twin of the reader of marks in
// core/agents/agemem/protocol.

export const readingPy = String.raw`def _foreign(protocols, text):
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
            self._note_outside(loose, len(text))`
