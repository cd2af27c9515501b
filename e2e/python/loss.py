"""One recorded batch in the loss of TRL, through the exported script: run in the exported folder.

    python loss.py REQUEST.json ANSWER_FOLDER

For each claim of the request (aggregation, clip) the loss and the gradient; and whether the threads of the script make the
same sequences of the recorded replies.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, ".")

import torch
from safetensors.torch import save_file

import train_agemem as script
from agemem import Episode

request, folder = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])
config = script.read_json("trl_config.json")
answer = {"losses": [], "sequences": [], "torch": torch.__version__, "engine": script.ENGINE}


def trainer_for(claim):
    script.RUN.update(aggregation=claim["aggregation"])
    config["grpo"].update(claim["grpo"])
    given = argparse.Namespace(model="model", fresh=False, steps=1, out=str(folder / "out"))
    return script.trainer_for(given, config)


def rows_of(trainer, rollout):
    """Rows of a rollout, with log π as it was when its replies were sampled."""
    rows = []
    for sequence in rollout["sequences"]:
        olds = dict(zip(sequence["at"], sequence["old"]))
        for row in script.samples_of([sequence], rollout["advantages"]):
            places = range(row["start"], row["start"] + len(row["mask"]))
            rows.append({**row, "old": [olds.get(place, 0.0) for place in places]})
    return rows


for number, claim in enumerate(request["claims"]):
    trainer = trainer_for(claim)
    if number == 0:
        # The threads of the script, fed with the recorded replies.
        for rollout in request["rollouts"]:
            episode = Episode(rollout["task"], script.RUN, script.SYSTEM, lambda text: 0)
            thread, play, said = script.Thread(trainer.processing_class, trainer.limit), episode.play(), iter(rollout["said"])
            asked = next(play)
            try:
                while True:
                    prompt = thread.prompt(asked[0], episode.own, asked[1])
                    reply = next(said)
                    if asked[1] > 0:
                        episode.asked_with(len(prompt))
                    thread.reply(reply["ids"], reply["text"], asked[1], len(episode.steps) - 1)
                    asked = play.send(reply["text"])
            except StopIteration:
                pass
            answer["sequences"].append([{"ids": each["ids"], "replies": [list(reply) for reply in each["replies"]]} for each in thread.sequences if each["replies"]])
    rows = [row for rollout in request["rollouts"] if not rollout["idle"] for row in rows_of(trainer, rollout)]
    trainer.model.train()
    batch = trainer.batch_of(rows, len(request["rollouts"]))
    # The way of a real step: what was played is this batch, cut into micro-batches, each of them a training step of TRL's.
    trainer._generate_and_score_completions = lambda _: batch
    trainer.current_gradient_accumulation_steps = trainer.args.gradient_accumulation_steps
    trainer._step, trainer._buffered_inputs = 0, None
    for _ in range(trainer.args.gradient_accumulation_steps):
        trainer.training_step(trainer.model, [], None)
    answer["losses"].append(trainer.sums["loss"])
    gradients = {name.removeprefix("base_model.model.").replace(".default.", "."): p.grad.contiguous() for name, p in trainer.model.named_parameters() if p.requires_grad}
    save_file(gradients, folder / f"gradient-{number}.safetensors")
    del trainer

(folder / "answer.json").write_text(json.dumps(answer))
