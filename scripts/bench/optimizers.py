#!/usr/bin/python3
"""The optimizers of src/Optimizers written plainly in PyTorch from their formulas, timed on the parameters of a decoder
beside its forward and backward pass: the yardstick for `pretrainbench bench optimizers`. Prints one line of JSON per
optimizer. A benchmark, no test; nothing of the product depends on it."""
import argparse
import json
import math
import time

import torch
from training import Decoder


class AdamW:
    def __init__(self, parameters, lr=3e-3, beta1=0.9, beta2=0.95, eps=1e-8, decay=0.1):
        self.parameters, self.settings = parameters, (lr, beta1, beta2, eps, decay)
        self.m = [torch.zeros_like(p) for p in parameters]
        self.v = [torch.zeros_like(p) for p in parameters]
        self.t = 0

    def step(self):
        lr, beta1, beta2, eps, decay = self.settings
        self.t += 1
        for p, m, v in zip(self.parameters, self.m, self.v):
            g = p.grad
            m.mul_(beta1).add_(g, alpha=1 - beta1)
            v.mul_(beta2).addcmul_(g, g, value=1 - beta2)
            p.mul_(1 - lr * decay)
            m_hat = m / (1 - beta1 ** self.t)
            v_hat = v / (1 - beta2 ** self.t)
            p.sub_(lr * m_hat / (v_hat.sqrt() + eps))


def newton_schulz(u, dtype, a=3.4445, b=-4.7750, c=2.0315):
    x = u.to(dtype)
    if x.shape[0] > x.shape[1]:
        x = x.T
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return (x.T if u.shape[0] > u.shape[1] else x).to(u.dtype)


class Muon:
    def __init__(self, parameters, dtype, lr=0.02, momentum=0.95, decay=0.1):
        self.parameters, self.dtype, self.settings = parameters, dtype, (lr, momentum, decay)
        self.b = [torch.zeros_like(p) for p in parameters]

    def step(self):
        lr, momentum, decay = self.settings
        for p, b in zip(self.parameters, self.b):
            b.mul_(momentum).add_(p.grad, alpha=1 - momentum)
            u = (1 - momentum) * p.grad + momentum * b
            p.mul_(1 - lr * decay)
            p.sub_(lr * max(1, p.shape[0] / p.shape[1]) ** 0.5 * newton_schulz(u, self.dtype))


class Scion:
    def __init__(self, groups, dtype, lr=2.0 ** -12, weight=0.1):
        self.groups, self.dtype, self.settings = groups, dtype, (lr, weight)
        self.b = [[torch.zeros_like(p) for p in parameters] for _, _, parameters in groups]

    def furthest(self, norm, b):
        if norm == "spectral":
            return newton_schulz(b, self.dtype) * (b.shape[0] / b.shape[1]) ** 0.5
        if norm == "sign":
            return b.sign() / b.shape[1]
        if norm == "tokens":
            return b / (b.norm(dim=1, keepdim=True) / b.shape[1] ** 0.5 + 1e-8)
        return b / (b.pow(2).mean().sqrt() + 1e-8)

    def step(self):
        lr, weight = self.settings
        for (norm, radius, parameters), buffers in zip(self.groups, self.b):
            for p, b in zip(parameters, buffers):
                b.mul_(1 - weight).add_(p.grad, alpha=weight)
                p.mul_(1 - lr).sub_(lr * radius * self.furthest(norm, b))


def inverse_root(matrix, exponent, eps):
    values, vectors = torch.linalg.eigh(matrix + eps * torch.eye(matrix.shape[0]))
    if values.min() < eps:
        values = values - values.min() + eps
    return vectors * values.pow(-exponent) @ vectors.T


class Shampoo:
    def __init__(self, parameters, frequency=10, lr=3e-3, beta1=0.9, beta2=0.95, eps=1e-10, decay=0.1):
        self.parameters, self.frequency, self.settings = parameters, frequency, (lr, beta1, beta2, eps, decay)
        self.m = [torch.zeros_like(p) for p in parameters]
        self.v = [torch.zeros_like(p) for p in parameters]
        self.l = [torch.zeros(p.shape[0], p.shape[0]) for p in parameters]
        self.r = [torch.zeros(p.shape[1], p.shape[1]) for p in parameters]
        self.l_root = [torch.eye(p.shape[0]) for p in parameters]
        self.r_root = [torch.eye(p.shape[1]) for p in parameters]
        self.t = 0

    def step(self):
        lr, beta1, beta2, eps, decay = self.settings
        self.t += 1
        for i, p in enumerate(self.parameters):
            g = p.grad
            self.l[i].mul_(beta2).add_(g @ g.T, alpha=1 - beta2)
            self.r[i].mul_(beta2).add_(g.T @ g, alpha=1 - beta2)
            if self.t % self.frequency == 0:
                correction = 1 - beta2 ** self.t
                self.l_root[i] = inverse_root(self.l[i] / correction, 0.25, eps)
                self.r_root[i] = inverse_root(self.r[i] / correction, 0.25, eps)
            self.v[i].mul_(beta2).addcmul_(g, g, value=1 - beta2)
            self.m[i].mul_(beta1).add_(g, alpha=1 - beta1)
            filtered = self.m[i] / (1 - beta1 ** self.t)
            update = filtered / ((self.v[i] / (1 - beta2 ** self.t)).sqrt() + 1e-8)
            if self.t >= self.frequency:
                preconditioned = self.l_root[i] @ filtered @ self.r_root[i]
                update = preconditioned * (update.norm() / (preconditioned.norm() + 1e-16))
            p.sub_(lr * (update + decay * p))


class Soap:
    def __init__(self, parameters, frequency=10, lr=3e-3, beta1=0.95, beta2=0.95, eps=1e-8, decay=0.1):
        self.parameters, self.frequency, self.settings = parameters, frequency, (lr, beta1, beta2, eps, decay)
        self.m = [torch.zeros_like(p) for p in parameters]
        self.v = [torch.zeros_like(p) for p in parameters]
        self.q = [None for _ in parameters]
        self.s = 0

    def step(self):
        lr, beta1, beta2, eps, decay = self.settings
        if self.q[0] is None:
            for i, p in enumerate(self.parameters):
                statistics = [(1 - beta2) * p.grad @ p.grad.T, (1 - beta2) * p.grad.T @ p.grad]
                self.q[i] = [[k, torch.linalg.eigh(k)[1].flip(1)] for k in statistics]
            return
        self.s += 1
        for i, p in enumerate(self.parameters):
            g, ((l, ql), (r, qr)) = p.grad, self.q[i]
            rotated = ql.T @ g @ qr
            self.m[i].mul_(beta1).add_(rotated, alpha=1 - beta1)
            self.v[i].mul_(beta2).addcmul_(rotated, rotated, value=1 - beta2)
            update = ql @ (self.m[i] / (self.v[i].sqrt() + eps)) @ qr.T
            p.sub_(lr * math.sqrt(1 - beta2 ** self.s) / (1 - beta1 ** self.s) * update)
            p.mul_(1 - lr * decay)
            self.m[i] = ql @ self.m[i] @ qr.T
            l.mul_(beta2).add_(g @ g.T, alpha=1 - beta2)
            r.mul_(beta2).add_(g.T @ g, alpha=1 - beta2)
            if self.s % self.frequency == 0:
                for axis, pair in enumerate(self.q[i]):
                    statistics, basis = pair
                    order = torch.argsort((basis.T @ statistics @ basis).diag(), descending=True)
                    self.v[i] = self.v[i].index_select(axis, order)
                    pair[1] = torch.linalg.qr(statistics @ basis[:, order])[0]
            (_, ql), (_, qr) = self.q[i]
            self.m[i] = ql.T @ self.m[i] @ qr


class Together:
    def __init__(self, *parts):
        self.parts = parts

    def step(self):
        for part in self.parts:
            part.step()


def optimizers(model, dtype):
    named = dict(model.named_parameters())
    hidden = [p for name, p in named.items() if p.dim() == 2 and name.startswith("blocks")]
    ends = [named["embedding.weight"], named["head.weight"]]
    gains = [p for p in named.values() if p.dim() == 1]
    rest = lambda: AdamW(ends + gains)
    return {
        "adamw": lambda: AdamW(list(named.values())),
        "muon": lambda: Together(Muon(hidden, dtype), rest()),
        "scion": lambda: Scion([("spectral", 50, hidden), ("tokens", 50, ends[:1]), ("sign", 3000, ends[1:]), ("rms", 1, gains)], dtype),
        "shampoo": lambda: Together(Shampoo(hidden), rest()),
        "soap": lambda: Together(Soap(hidden), rest()),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in dict(layers=8, width=256, heads=4, hidden=704, vocabulary=8192, sequences=8, length=256, threads=2, warmup=10, steps=20).items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--only", nargs="*", help="names of optimizers")
    parser.add_argument("--dtype", choices=["float32", "bfloat16"], default="bfloat16", help="of the Newton-Schulz iteration")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    model = Decoder(options.layers, options.width, options.heads, options.hidden, options.vocabulary, options.length)
    tokens = torch.randint(options.vocabulary, (options.sequences * options.length + 1,))
    inputs, targets = (part.view(options.sequences, options.length) for part in (tokens[:-1], tokens[1:]))
    passes = []
    for _ in range(6):
        start = time.perf_counter()
        model(inputs, targets).backward()
        passes.append(1e3 * (time.perf_counter() - start))
        for p in model.parameters():
            p.grad = None
    forward_backward = sorted(passes[1:])[2]
    print(json.dumps({"forward_backward_ms": round(forward_backward, 1), "parameters": sum(p.numel() for p in model.parameters())}), flush=True)
    for name, create in optimizers(model, getattr(torch, options.dtype)).items():
        if options.only and name not in options.only:
            continue
        with torch.no_grad():
            optimizer, seconds = create(), []
            for _ in range(options.warmup + options.steps):
                for p in model.parameters():
                    p.grad = 0.01 * torch.randn_like(p)
                start = time.perf_counter()
                optimizer.step()
                seconds.append(time.perf_counter() - start)
        measured = seconds[options.warmup:]
        mean = 1e3 * sum(measured) / len(measured)
        print(json.dumps({"optimizer": name, "ms_per_step": round(mean, 2), "worst_ms": round(1e3 * max(measured), 1),
                          "share_of_forward_backward": round(mean / forward_backward, 4)}), flush=True)


if __name__ == "__main__":
    main()
