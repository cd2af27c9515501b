// The agent loop that plays the episodes in verl, and the reward function for what it does not play.
import { threadPy } from '../../core/export/python/thread-py.ts'

/** agemem_verl.py */
export const verlPy = String.raw`"""The episodes of AgeMem in verl: an agent loop, and a reward function. See README.md."""

import json
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from agemem import FOLDER, Episode, Marks, judge, parse, read_json  # noqa: E402
from verl.experimental.agent_loop.agent_loop import AgentLoopBase, AgentLoopMetrics, AgentLoopOutput  # noqa: E402

RUN = read_json("run.json")["config"]
SYSTEM = (FOLDER / "system_prompt.txt").read_text(encoding="utf-8")


${threadPy}


class AgeMemLoop(AgentLoopBase):
    """Plays one episode. Every sequence of it is learnt from: verl gives them the advantage of the trajectory."""

    async def run(self, sampling_params, **kwargs):
        task = json.loads(kwargs["extra_info"]["task"])
        count = lambda text: len(self.tokenizer(text, add_special_tokens=False)["input_ids"])
        episode, longest = Episode(task, RUN, SYSTEM, count), self.rollout_config.response_length
        play, thread, turns = episode.play(), Thread(self.tokenizer, longest), 0
        name = f"{task['id']}-{random.getrandbits(64):016x}"
        how = {**sampling_params, "max_tokens": RUN["episode"]["response_limit"], "min_p": RUN["episode"]["min_p"]}
        request = next(play)
        while request is not None:
            conversation, stage = request
            prompt = thread.prompt(conversation, episode.own, stage)
            if stage > 0:
                episode.asked_with(len(prompt))
            ids, text = [], None
            if len(prompt) < longest:
                output = await self.server_manager.generate(request_id=name, prompt_ids=prompt, sampling_params=how)
                ids = list(output.token_ids)
                text = self.tokenizer.decode(ids, skip_special_tokens=True)
            thread.reply(ids, text or "", stage, len(episode.steps) - 1)
            turns += 1
            try:
                request = play.send(text)
            except StopIteration:
                request = None
        wanted = lambda reply: RUN["credit"] != "last-stage" or episode.steps[reply[2]]["stage"] == 3
        outputs, reward = [], episode.reward()
        parts = {name: value for name, value in episode.reward_parts().items() if value is not None}
        for sequence in thread.sequences:
            replies = [reply for reply in sequence["replies"] if wanted(reply)]
            if not replies:
                continue
            start, end = replies[0][0], replies[-1][1]
            mask = [0] * (end - start)
            for low, high, _ in replies:
                mask[low - start : high - start] = [1] * (high - low)
            outputs.append(AgentLoopOutput(
                prompt_ids=sequence["ids"][:start],
                response_ids=sequence["ids"][start:end],
                response_mask=mask,
                reward_score=reward,
                num_turns=2 * turns,
                metrics=AgentLoopMetrics(),
                extra_fields={"turn_scores": [], "tool_rewards": [], "reward_extra_info": parts},
            ))
        return outputs


def compute_score(data_source, solution_str, ground_truth, extra_info=None, **_):
    """R_task of a reply alone: for what is generated without the agent loop, which brings the reward of the whole episode."""
    answer = parse(solution_str)[1]
    return -1.0 if answer is None else judge(answer, json.loads(extra_info["task"]))
`
