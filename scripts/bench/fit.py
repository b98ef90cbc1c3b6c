#!/usr/bin/env python3
"""The robust scaling-law fit in numpy and scipy, to be timed beside `pretrainbench bench fit`.

L = E + A / N^alpha + B / D^beta is fitted as Hoffmann et al. (arXiv 2203.15556, appendix D.3) state it: the sum of Huber
losses (delta = 1e-3) of LSE(a - alpha log N, b - beta log D, e) - log L, from the 4,500 points of their start grid, by
scipy's L-BFGS-B with the analytic gradient. Data: the 245 runs that Besiroglu et al. (arXiv 2404.10102) reconstructed,
without the five highest losses.

    /usr/bin/python3 scripts/bench/fit.py [--starts 4500] [--json]
"""

import argparse
import csv
import itertools
import json
import pathlib
import time

import numpy as np
from scipy.optimize import minimize

DELTA = 1e-3
TABLE = pathlib.Path(__file__).resolve().parents[2] / "tests/Analysis/Data/epoch_chinchilla.csv"


def read(path):
    """log N, log D and log L of the 240 runs."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    parameters = np.array([float(row["Model Size"]) for row in rows])
    compute = np.array([float(row["Training FLOP"]) for row in rows])
    loss = np.array([float(row["loss"]) for row in rows])
    kept = np.sort(np.argsort(loss, kind="stable")[:-5])
    tokens = compute / (6 * parameters)
    return np.log(parameters[kept]), np.log(tokens[kept]), np.log(loss[kept])


def objective(x, log_n, log_d, log_l):
    """The objective and its gradient by (a, b, e, alpha, beta)."""
    a, b, e, alpha, beta = x
    first, second = a - alpha * log_n, b - beta * log_d
    top = np.maximum(np.maximum(first, second), e)
    first, second, floor = np.exp(first - top), np.exp(second - top), np.exp(e - top)
    total = first + second + floor
    residual = top + np.log(total) - log_l
    clipped = np.clip(residual, -DELTA, DELTA)
    value = clipped @ (residual - 0.5 * clipped)
    share = clipped / total
    by_a, by_b = first * share, second * share
    return value, np.array([by_a.sum(), by_b.sum(), floor @ share, -(by_a @ log_n), -(by_b @ log_d)])


def scaled(x, *data):
    """The objective in units of delta."""
    value, gradient = objective(x, *data)
    return value / DELTA, gradient / DELTA


def starts():
    """The start grid: 5 x 5 exponents, 5 floors, 6 x 6 coefficients."""
    exponents = [0, 0.5, 1, 1.5, 2]
    floors = [-1, -0.5, 0, 0.5, 1]
    coefficients = [0, 5, 10, 15, 20, 25]
    for alpha, beta, e, a, b in itertools.product(exponents, exponents, floors, coefficients, coefficients):
        yield np.array([a, b, e, alpha, beta], dtype=float)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--starts", type=int, default=4500, help="how many starts of the grid, evenly spread")
    parser.add_argument("--table", default=str(TABLE))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    data = read(options.table)
    grid = list(starts())
    grid = [grid[i * len(grid) // options.starts] for i in range(options.starts)]
    began = time.perf_counter()
    # The objective is about 1e-3 and scipy's gradient tolerance absolute: scaled, it does not stop early.
    ends = [minimize(scaled, x, args=data, jac=True, method="L-BFGS-B") for x in grid]
    seconds = time.perf_counter() - began
    best = min(ends, key=lambda end: end.fun)
    a, b, e, alpha, beta = best.x
    result = {
        "seconds": seconds, "starts": len(grid), "objective": best.fun * DELTA,
        "agreeing_starts": int(sum(end.fun <= best.fun * 1.001 for end in ends)),
        "E": float(np.exp(e)), "A": float(np.exp(a)), "B": float(np.exp(b)), "alpha": float(alpha), "beta": float(beta),
    }
    if options.json:
        print(json.dumps(result, indent=2))
    else:
        print(f"scipy L-BFGS-B, {result['starts']} starts: {seconds:.2f} s, objective {result['objective']:.11e}, "
              f"{result['agreeing_starts']} starts within 0.1 % of it")
        print(f"E {result['E']:.6f}  A {result['A']:.3f}  B {result['B']:.3f}  alpha {alpha:.7f}  beta {beta:.7f}")


if __name__ == "__main__":
    main()
