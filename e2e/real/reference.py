"""What independent implementations make of a model: gguf, tokenizers, transformers, PEFT and PyTorch.

    python reference.py MODEL.gguf FOLDER

FOLDER/request.json asks (main.ts writes it), FOLDER/ours holds an adapter of ours in PEFT's form; FOLDER/answer.json
answers, FOLDER/peft is an adapter that PEFT wrote, FOLDER/gradients.safetensors the gradient of its loss.
"""

import hashlib
import json
import sys
from pathlib import Path

import gguf
import numpy as np
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import AutoModelForCausalLM, AutoTokenizer

file, folder = Path(sys.argv[1]), Path(sys.argv[2])
request = json.loads((folder / "request.json").read_text())
answer = {}
torch.manual_seed(20)


def digest(values: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(values, dtype="<f4").tobytes()).hexdigest()


# Tensors as gguf makes them, by the names in the file and with its order of rows.
reader = gguf.GGUFReader(file)
field = lambda key: reader.fields[key].contents()
answer["stored"] = {
    tensor.name: digest(gguf.dequantize(tensor.data, tensor.tensor_type).reshape(tuple(reversed(tensor.shape.tolist())))) for tensor in reader.tensors
}
answer["types"] = {tensor.name: tensor.tensor_type.name for tensor in reader.tensors}

# And as transformers loads them, by Hugging Face's names.
model = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32)
model.eval()
answer["loaded"] = {name: digest(values.numpy()) for name, values in model.state_dict().items()}

# The tokenizer of Rust from the file's vocabulary. transformers leaves out how SmolLM2 cuts digits when it reads GGUF
# (5.24 makes plain GPT-2 of it), so the parts are put together here as SmolLM2's own tokenizer.json has them.
tokens, types = field("tokenizer.ggml.tokens"), field("tokenizer.ggml.token_type")
merges = [tuple(merge.split(" ", 1)) for merge in field("tokenizer.ggml.merges")]
rust = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(tokens)}, merges=merges))
assert field("tokenizer.ggml.pre") == "smollm", "The reference is put together for SmolLM2 alone."
rust.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
rust.decoder = decoders.ByteLevel()
rust.add_special_tokens([AddedToken(token, special=True, normalized=False) for token, kind in zip(tokens, types) if kind == 3])
encode = lambda text: rust.encode(text, add_special_tokens=False).ids
answer["ids"] = [encode(text) for text in request["strings"]]
answer["texts"] = [rust.decode(ids, skip_special_tokens=False) for ids in answer["ids"]]
templates = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
chats = [templates.apply_chat_template(chat, tokenize=False, add_generation_prompt=True) for chat in request["chats"]]
answer["chats"] = [encode(text) for text in chats]


def logps(network, sequence) -> torch.Tensor:
    """log π of every target."""
    logits = network(torch.tensor([sequence["ids"]])).logits[0]
    at = torch.tensor(sequence["targets"])
    return torch.log_softmax(logits[at - 1], dim=-1)[torch.arange(len(at)), torch.tensor(sequence["ids"])[at]]


with torch.no_grad():
    answer["logps"] = [logps(model, sequence).tolist() for sequence in request["sequences"]]

# Adapters: ours here, and one of PEFT's there.
with torch.no_grad():
    ours = PeftModel.from_pretrained(model, folder / "ours")
    ours.eval()
    answer["ours"] = [logps(ours, sequence).tolist() for sequence in request["sequences"]]
    model = ours.unload()
shape = request["lora"]
theirs = get_peft_model(model, LoraConfig(r=shape["rank"], lora_alpha=shape["alpha"], target_modules=shape["targets"], task_type="CAUSAL_LM"))
theirs.eval()
for name, parameter in theirs.named_parameters():
    if "lora_B" in name:
        torch.nn.init.normal_(parameter.data, std=0.02)
theirs.save_pretrained(folder / "peft")

# One step of GRPO on it (clip, KL by k3), and its gradient.
settings = request["grpo"]
loss = torch.zeros(())
answer["theirs"] = []
for sequence in request["sequences"]:
    now = logps(theirs, sequence)
    answer["theirs"].append(now.tolist())
    column = lambda name: torch.tensor([target[name] for target in sequence["grpo"]])
    ratio = torch.exp(now - column("oldLogp"))
    advantage = column("advantage")
    policy = -torch.minimum(ratio * advantage, ratio.clamp(1 - settings["low"], 1 + settings["high"]) * advantage)
    difference = column("refLogp") - now
    loss = loss + (column("weight") * (policy + settings["beta"] * (torch.exp(difference) - difference - 1))).sum()
loss.backward()
answer["loss"] = loss.item()
save_file(
    {name.replace("base_model.model.", "").replace(".default.", "."): parameter.grad.contiguous() for name, parameter in theirs.named_parameters() if parameter.grad is not None},
    folder / "gradients.safetensors",
)
(folder / "answer.json").write_text(json.dumps(answer))
