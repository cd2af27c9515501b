"""onnxsim: the forward pass of a Llama with an adapter in plain ONNX operators; onnxsim differentiates it, adds Adam and makes
one step graph, which its TrainingLoop runs on onnxruntime. The embedding of the tokens is looked up before it, since onnxsim
would differentiate the lookup as a product with one-hot rows."""

import json
import os
import time

import numpy as np
import onnx
import onnxruntime
import onnxsim
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file


def describe(threads):
    return f"onnxsim {onnxsim.__version__} on onnxruntime {onnxruntime.__version__}, CPU"


class Builder:
    def __init__(self):
        self.nodes, self.initializers, self.inputs, self.count, self.known = [], [], [], 0, {}

    def constant(self, name, values):
        if name not in self.known:
            self.known[name] = name
            self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def ints(self, *values):
        return self.constant("ints_" + "_".join(map(str, values)), np.array(values, np.int64))

    def floats(self, value):
        return self.constant(f"float_{value}", np.array(value, np.float32))

    def input(self, name, shape):
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        return name

    def __getattr__(self, op):
        def apply(*inputs, **attributes):
            self.count += 1
            name = f"t{self.count}"
            self.nodes.append(helper.make_node(op, list(inputs), [name], **attributes))
            return name

        return apply


def forward(job, folder):
    with open(os.path.join(folder, job["size"], "config.json")) as file:
        config = json.load(file)
    weights = load_file(os.path.join(folder, job["size"], "model.safetensors"))
    adapter = load_file(os.path.join(folder, job["size"], "adapter.safetensors"))
    batch, length = job["shape"]["batch"], job["shape"]["length"]
    width, heads, groups, dim = config["hidden_size"], config["num_attention_heads"], config["num_key_value_heads"], config["head_dim"]
    shared = heads // groups
    scale = job["lora"]["alpha"] / job["lora"]["rank"]
    b = Builder()
    angles = np.outer(np.arange(length), config["rope_theta"] ** (-np.arange(0, dim, 2) / dim))
    cos, sin = (b.constant(name, np.concatenate([f(angles)] * 2, 1).astype(np.float32)) for name, f in (("cos", np.cos), ("sin", np.sin)))
    # x @ turn is (-second half, first half): rotary positions without cutting.
    turn = np.zeros((dim, dim), np.float32)
    for i in range(dim // 2):
        turn[i + dim // 2, i] = -1
        turn[i, i + dim // 2] = 1
    turn = b.constant("turn", turn)
    mask = b.constant("mask", np.triu(np.full((length, length), -1e9, np.float32), 1))

    def norm(x, name):
        scaled = b.Div(x, b.Sqrt(b.Add(b.ReduceMean(b.Mul(x, x), axes=[-1], keepdims=1), b.floats(config["rms_norm_eps"]))))
        return b.Mul(scaled, b.constant(name, weights[name]))

    def linear(x, name):
        plain = b.MatMul(x, b.constant(name + ".weight", weights[name + ".weight"].T))
        low = b.MatMul(x, b.Transpose(b.constant(name + ".lora_A.weight", adapter[name + ".lora_A.weight"]), perm=[1, 0]))
        high = b.MatMul(low, b.Transpose(b.constant(name + ".lora_B.weight", adapter[name + ".lora_B.weight"]), perm=[1, 0]))
        return b.Add(plain, b.Mul(high, b.floats(scale)))

    def split(x, count):
        return b.Transpose(b.Reshape(x, b.ints(batch, length, count, dim)), perm=[0, 2, 1, 3])

    def rotate(x):
        return b.Add(b.Mul(x, cos), b.Mul(b.MatMul(x, turn), sin))

    x = b.input("embedded", [batch, length, width])
    for layer in range(config["num_hidden_layers"]):
        path = f"model.layers.{layer}"
        h = norm(x, f"{path}.input_layernorm.weight")
        q, k = rotate(split(linear(h, f"{path}.self_attn.q_proj"), heads)), rotate(split(linear(h, f"{path}.self_attn.k_proj"), groups))
        v = split(linear(h, f"{path}.self_attn.v_proj"), groups)
        q = b.Reshape(q, b.ints(batch, groups, shared * length, dim))
        scores = b.Mul(b.MatMul(q, b.Transpose(k, perm=[0, 1, 3, 2])), b.floats(dim**-0.5))
        seen = b.Softmax(b.Add(b.Reshape(scores, b.ints(batch, heads, length, length)), mask), axis=-1)
        mixed = b.MatMul(b.Reshape(seen, b.ints(batch, groups, shared * length, length)), v)
        mixed = b.Reshape(b.Transpose(b.Reshape(mixed, b.ints(batch, heads, length, dim)), perm=[0, 2, 1, 3]), b.ints(batch, length, heads * dim))
        x = b.Add(x, linear(mixed, f"{path}.self_attn.o_proj"))
        h = norm(x, f"{path}.post_attention_layernorm.weight")
        gate = linear(h, f"{path}.mlp.gate_proj")
        x = b.Add(x, linear(b.Mul(b.Mul(gate, b.Sigmoid(gate)), linear(h, f"{path}.mlp.up_proj")), f"{path}.mlp.down_proj"))
    x = norm(x, "model.norm.weight")
    hidden = b.Gather(b.Reshape(x, b.ints(batch * length, width)), b.constant("at", np.array(job["batch"]["at"], np.int64)), axis=0)
    embedding = weights["model.embed_tokens.weight"]
    logits = b.MatMul(hidden, b.constant("head", embedding.T))
    positions = len(job["batch"]["at"])
    chosen = b.ReduceSum(b.Mul(logits, b.input("labels", [positions, config["vocab_size"]])), b.ints(-1), keepdims=0)
    # Made-up weights have small logits: nothing overflows without the maximum taken off.
    norms = b.Log(b.ReduceSum(b.Exp(logits), b.ints(-1), keepdims=0))
    loss = b.ReduceSum(b.Mul(b.Sub(norms, chosen), b.input("weights", [positions])), b.ints(0), keepdims=0)
    b.nodes.append(helper.make_node("Identity", [loss], ["loss"]))
    graph = helper.make_graph(b.nodes, "llama", b.inputs, [helper.make_tensor_value_info("loss", TensorProto.FLOAT, [])], b.initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=9)
    labels = np.zeros((positions, config["vocab_size"]), np.float32)
    labels[np.arange(positions), job["batch"]["labels"]] = 1
    ids = np.array(job["batch"]["ids"]).reshape(batch, length)
    return model, list(adapter), {"embedded": embedding[ids], "labels": labels, "weights": np.array(job["batch"]["weights"], np.float32)}


def open_job(job, folder, threads):
    if job["kind"] != "training":
        raise ValueError(f"onnxsim does not do {job['kind']}")
    model, trained, feeds = forward(job, folder)
    loop = onnxsim.compile_training_loop(model, "loss", trained)

    def run():
        started = time.perf_counter()
        # A rate of 0: the adapter stays as it is, so that every run has the same loss.
        loss = loop(feeds, lr=0.0)
        return float(np.asarray(loss).reshape(-1)[0]), time.perf_counter() - started

    return run
