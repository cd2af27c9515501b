// The sequences of a rollout in Python, as tokens: for the scripts of engines that learn from each of them. It takes Marks of
// agemem.py.

export const threadPy = String.raw`class Thread:
    """The sequences of one rollout. What was sampled is never encoded anew; a prompt that does not extend the last one begins
    the next sequence, and what is asked aside (stage 0) has one of its own."""

    def __init__(self, tokenizer, limit):
        self.tokenizer, self.limit = tokenizer, limit
        self.text, self.ids, self.begins, self.full, self.asked = None, [], False, False, []
        self.sequences, self.current, self.too_long = [], None, 0
        added = {token.content: token.special for token in tokenizer.added_tokens_decoder.values()}
        special = {text for text, special in added.items() if special} | set(tokenizer.all_special_tokens)
        special |= {text for text in added if text.startswith("<|") and text.endswith("|>")}
        self.marks = Marks(special, added)

    def prompt(self, conversation, own, stage):
        quoted = [{**message, "content": self.marks.quote(message["content"], mine)} for message, mine in zip(conversation, own)]
        chat = self.tokenizer.apply_chat_template(quoted, tokenize=False, add_generation_prompt=True)
        if stage == 0:
            self.asked = self._encode(chat)
            return self.asked
        self.begins = self.text is None or not chat.startswith(self.text)
        if self.begins:
            self.text, self.ids = "", []
        self.ids = self.ids + self._encode(chat[len(self.text) :])
        self.text = chat
        return self.ids

    def reply(self, ids, text, stage, step):
        """Notes what was sampled; text is how it stands in the conversation."""
        prompt = self.asked if stage == 0 else self.ids
        if stage > 0:
            self.ids = prompt + ids
            end = self.tokenizer.decode(ids[-1:]) if ids and ids[-1] in self.tokenizer.all_special_ids else ""
            self.text += self.marks.quote(text, [(0, len(text))]) + end
        if stage == 0 or self.begins or self.current is None:
            sequence, full = {"ids": [], "replies": []}, False
            self.sequences.append(sequence)
            if stage > 0:
                self.current, self.full = sequence, False
        else:
            sequence, full = self.current, self.full
        if not ids:
            return
        full = full or len(prompt) + len(ids) > self.limit
        if stage > 0:
            self.full = full
        if full:
            self.too_long += 1
            return
        sequence["ids"] = prompt + ids
        sequence["replies"].append((len(prompt), len(prompt) + len(ids), step))

    def _encode(self, chat):
        return [each for piece in self.marks.pieces(chat) for each in self.tokenizer(piece, add_special_tokens=False)["input_ids"]]`
