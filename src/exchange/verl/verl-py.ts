// The agent loop that plays the episodes in verl, and the reward function for what it does not play.

/** agemem_verl.py */
export const verlPy = String.raw`"""The episodes of AgeMem in verl: an agent loop, and a reward function. See README.md."""

import asyncio
import json
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from agemem import FOLDER, Episode, Marks, judge, parse, read_json  # noqa: E402
from verl.experimental.agent_loop.agent_loop import AgentLoopBase, AgentLoopMetrics, AgentLoopOutput  # noqa: E402

RUN = read_json("run.json")["config"]
SYSTEM = (FOLDER / "system_prompt.txt").read_text(encoding="utf-8")


class Sequences:
    """The sequences of one episode: what was sampled is never encoded anew, and a context edit begins the next one."""

    def __init__(self, tokenizer):
        self.tokenizer, self.text, self.all = tokenizer, None, []
        special = {token.content for token in tokenizer.added_tokens_decoder.values() if token.special}
        self.marks = Marks(special | set(tokenizer.all_special_tokens))

    def prompt(self, conversation, stage):
        quoted = [{**message, "content": self.marks.quote(message["content"])} for message in conversation]
        chat = self.tokenizer.apply_chat_template(quoted, tokenize=False, add_generation_prompt=True)
        extends = stage != 0 and self.text is not None and chat.startswith(self.text)
        ids = self._encode(chat[len(self.text) :] if extends else chat)
        if extends:
            self.all[-1]["response"] += ids
            self.all[-1]["mask"] += [0] * len(ids)
        else:
            self.all.append({"stage": stage, "prompt": ids, "response": [], "mask": []})
        self.text = chat
        return self.all[-1]["prompt"] + self.all[-1]["response"]

    def reply(self, ids, stage):
        self.all[-1]["response"] += ids
        self.all[-1]["mask"] += [1] * len(ids)
        said = self.tokenizer.decode(ids, skip_special_tokens=True)
        end = self.tokenizer.decode(ids[-1:]) if ids and ids[-1] in self.tokenizer.all_special_ids else ""
        # A summary is written apart: what follows does not extend it.
        self.text = None if stage == 0 else self.text + self.marks.quote(said) + end
        return said

    def _encode(self, chat):
        ids = []
        for text, is_mark in self.marks.sections(chat):
            if is_mark:
                ids.append(self.tokenizer.convert_tokens_to_ids(text))
            else:
                ids += self.tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"]
        return ids


class AgeMemLoop(AgentLoopBase):
    """Plays one episode. verl learns from one sequence of a rollout: one of the episode's is drawn, with the whole reward."""

    async def run(self, sampling_params, **kwargs):
        task = json.loads(kwargs["extra_info"]["task"])
        episode = Episode(task, RUN, SYSTEM, lambda text: len(self.tokenizer(text, add_special_tokens=False)["input_ids"]))
        play, sequences, turns = episode.play(), Sequences(self.tokenizer), 0
        thread = f"{task['id']}-{random.getrandbits(64):016x}"
        how = {**sampling_params, "max_tokens": RUN["episode"]["response_limit"], "min_p": RUN["episode"]["min_p"]}
        request = next(play)
        while request is not None:
            conversation, stage = request
            prompt = sequences.prompt(conversation, stage)
            if stage > 0:
                episode.asked_with(len(prompt))
            output = await self.server_manager.generate(request_id=thread, prompt_ids=prompt, sampling_params=how)
            turns += 1
            try:
                request = play.send(sequences.reply(list(output.token_ids), stage))
            except StopIteration:
                request = None
        usable = [each for each in sequences.all if RUN["credit"] != "last-stage" or each is sequences.all[-1]]
        drawn = random.choice(usable)
        longest = self.rollout_config.response_length
        return AgentLoopOutput(
            prompt_ids=drawn["prompt"],
            response_ids=drawn["response"][:longest],
            response_mask=drawn["mask"][:longest],
            reward_score=episode.reward(),
            num_turns=2 * turns,
            metrics=AgentLoopMetrics(),
            extra_fields={"turn_scores": [], "tool_rewards": []},
        )


def compute_score(data_source, solution_str, ground_truth, extra_info=None, **_):
    """R_task of a reply alone: for what is generated without the agent loop, which brings the reward of the whole episode."""
    answer = parse(solution_str)[1]
    return -1.0 if answer is None else judge(answer, json.loads(extra_info["task"]))
`
