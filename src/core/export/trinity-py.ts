// The workflow that plays the episodes in Trinity-RFT.

/** plugins/agemem_workflow.py */
export const workflowPy = String.raw`"""The episodes of AgeMem as a workflow of Trinity-RFT: every reply is an experience, all carry the episode's reward."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from agemem import FOLDER, Episode, count_tokens, read_json  # noqa: E402
from trinity.common.workflows import WORKFLOWS, Workflow  # noqa: E402


@WORKFLOWS.register_module("agemem_workflow")
class AgeMemWorkflow(Workflow):
    def __init__(self, *, task, model, auxiliary_models=None):
        super().__init__(task=task, model=model, auxiliary_models=auxiliary_models)
        self.config = read_json("run.json")["config"]
        self.system_prompt = (FOLDER / "system_prompt.txt").read_text(encoding="utf-8")

    def run(self):
        episode = Episode(self.task.raw_task, self.config, self.system_prompt, count_tokens)
        play = episode.play()
        experiences = []
        request = next(play, None)
        while request is not None:
            conversation, _ = request
            reply = self.model.chat(conversation, n=1, temperature=self.config["episode"]["temperature"], max_tokens=self.config["episode"]["response_limit"])[0]
            reply.eid.step = len(experiences)
            experiences.append(reply)
            if request[1] > 0:
                episode.asked_with(reply.prompt_length)
            try:
                request = play.send(reply.response_text)
            except StopIteration:
                request = None
        reward = episode.reward()
        components = {name: float(value) for name, value in episode.components().items()}
        for experience in experiences:
            experience.reward = reward
        experiences[-1].metrics = {**(experiences[-1].metrics or {}), **components}
        return experiences
`
