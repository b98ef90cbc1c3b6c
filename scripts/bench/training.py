#!/usr/bin/python3
"""The decoder of src/Models in plain PyTorch, as anyone would write it, timed on random tokens: the yardstick for
tokens per second. Prints one line of JSON. A benchmark, no test; nothing of the product depends on it."""
import argparse
import contextlib
import json
import math
import statistics
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


class RMSNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


def rotate(x, cos, sin):
    a, b = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-b, a), dim=-1) * sin


class Linear(nn.Linear):
    """With `bf16`, input and weight are rounded before the product, and the result goes back to 32 bits."""

    bf16 = False

    def forward(self, x):
        if not self.bf16:
            return super().forward(x)
        return F.linear(x.bfloat16(), self.weight.bfloat16()).float()


class Block(nn.Module):
    """OLMo 2: norms after attention and feed-forward, queries and keys normalised."""

    def __init__(self, width, heads, hidden):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.output = (Linear(width, width, bias=False) for _ in range(4))
        self.gate, self.up = (Linear(width, hidden, bias=False) for _ in range(2))
        self.down = Linear(hidden, width, bias=False)
        self.query_norm, self.key_norm, self.attention_norm, self.feed_forward_norm = (RMSNorm(width) for _ in range(4))

    def attention(self, x, cos, sin, mask):
        batch, time_, width = x.shape
        split = lambda y: y.view(batch, time_, self.heads, width // self.heads).transpose(1, 2)
        q = rotate(split(self.query_norm(self.query(x))), cos, sin)
        k = rotate(split(self.key_norm(self.key(x))), cos, sin)
        v = split(self.value(x))
        if hasattr(F, "scaled_dot_product_attention"):
            mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            scores = q @ k.transpose(-2, -1) / math.sqrt(width // self.heads) + mask
            mixed = F.softmax(scores, dim=-1) @ v
        return self.output(mixed.transpose(1, 2).reshape(batch, time_, width))

    def forward(self, x, cos, sin, mask):
        x = x + self.attention_norm(self.attention(x, cos, sin, mask))
        return x + self.feed_forward_norm(self.down(F.silu(self.gate(x)) * self.up(x)))


class Decoder(nn.Module):
    def __init__(self, layers, width, heads, hidden, vocabulary, length):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.blocks = nn.ModuleList(Block(width, heads, hidden) for _ in range(layers))
        self.norm = RMSNorm(width)
        self.head = Linear(width, vocabulary, bias=False)
        for parameter in self.parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, 0, 0.02)
        nn.init.normal_(self.embedding.weight)
        half = width // heads // 2
        angles = torch.outer(torch.arange(length), 10_000 ** (-torch.arange(half) / half))
        self.register_buffer("cos", torch.cat((angles, angles), -1).cos())
        self.register_buffer("sin", torch.cat((angles, angles), -1).sin())
        self.register_buffer("mask", torch.full((length, length), -math.inf).triu(1))

    def forward(self, tokens, targets):
        x = self.embedding(tokens)
        for block in self.blocks:
            x = block(x, self.cos, self.sin, self.mask)
        return F.cross_entropy(self.head(self.norm(x)).flatten(0, 1), targets.flatten())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in dict(layers=8, width=256, heads=4, hidden=704, vocabulary=8192, sequences=8, length=256, threads=2, steps=10).items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--bf16", action="store_true", help="linear layers in bf16, the rest in 32 bits")
    parser.add_argument("--device", default="cpu", help="such as cuda; there the rest is in bf16 by autocast too")
    parser.add_argument("--compile", action="store_true", help="torch.compile")
    options = parser.parse_args()
    Linear.bf16 = options.bf16
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    model = Decoder(options.layers, options.width, options.heads, options.hidden, options.vocabulary, options.length)
    model.to(options.device)
    on_gpu = options.device != "cpu"
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, **(dict(fused=True) if on_gpu else {}))
    compute = torch.compile(model) if options.compile else model
    tokens = torch.randint(options.vocabulary, (options.sequences * options.length + 1,))
    tokens = tokens.to(options.device)
    inputs, targets = (part.view(options.sequences, options.length) for part in (tokens[:-1], tokens[1:]))
    seconds, losses = [], []
    for _ in range(2 + options.steps):
        start = time.perf_counter()
        with torch.autocast("cuda", torch.bfloat16) if on_gpu and options.bf16 else contextlib.nullcontext():
            loss = compute(inputs, targets)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
        seconds.append(time.perf_counter() - start)
    median = statistics.median(seconds[2:])
    print(json.dumps({
        "torch": torch.__version__,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "tokens_per_second": options.sequences * options.length / median,
        "first_loss": losses[0], "last_loss": losses[-1], "threads": torch.get_num_threads(),
    }))


if __name__ == "__main__":
    main()
