#!/usr/bin/python3
"""Draws what a step of each optimizer costs, as a share of a forward and backward pass, against the model's size:

    pretrainbench bench optimizers 'model={size: 1M, vocabulary_size: 4096}' --json > 1M.json    # and other sizes
    scripts/bench/step-costs.py 0.1M.json 1M.json 10M.json > docs/images/step-costs.svg
"""
import json
import math
import sys

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 900, 560, 70, 170, 20, 50
LEAST, MOST = 0.003, 0.7
COLOURS = ["#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf", "#ff7f0e"]


def main():
    sizes = sorted((json.load(open(path)) for path in sys.argv[1:]), key=lambda run: run["parameters"])
    shares = {}
    for run in sizes:
        for optimizer in run["optimizers"]:
            share = optimizer["milliseconds_per_step"] / run["forward_backward_milliseconds"]
            shares.setdefault(optimizer["name"], []).append((run["parameters"], share))
    low, high = (math.log(run["parameters"]) for run in (sizes[0], sizes[-1]))
    x = lambda parameters: LEFT + (math.log(parameters) - low) / (high - low) * (WIDTH - LEFT - RIGHT)
    y = lambda share: TOP + (math.log(MOST) - math.log(share)) / (math.log(MOST) - math.log(LEAST)) * (HEIGHT - TOP - BOTTOM)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']
    for tick in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5):
        out.append(f'<path d="M{LEFT} {y(tick):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
                   f'<text x="{LEFT - 8}" y="{y(tick) + 4:.1f}" text-anchor="end">{100 * tick:g} %</text>')
    for run in sizes:
        out.append(f'<text x="{x(run["parameters"]):.1f}" y="{HEIGHT - 28}" text-anchor="middle">{run["parameters"] / 1e6:.2g}M</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">parameters</text>')
    lowest = HEIGHT
    for i, (name, points) in enumerate(sorted(shares.items(), key=lambda entry: entry[1][-1][1])):
        colour = COLOURS[i % len(COLOURS)]
        line = " ".join(f"{x(parameters):.1f},{y(share):.1f}" for parameters, share in points)
        end_x, end_y = (float(value) for value in line.split()[-1].split(","))
        lowest = min(lowest - 13, end_y + 4)
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.6"/>'
                   f'<path d="M{end_x + 3} {end_y}L{WIDTH - RIGHT + 12} {lowest - 4:.1f}" stroke="{colour}" stroke-width=".5" stroke-dasharray="2 3"/>'
                   f'<text x="{WIDTH - RIGHT + 15}" y="{lowest:.1f}" fill="{colour}">{name} {100 * points[-1][1]:.2g} %</text>')
    print("\n".join(out + ["</svg>"]))


if __name__ == "__main__":
    main()
