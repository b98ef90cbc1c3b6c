#!/usr/bin/env bash
# Tokens per second: this program against the same model in plain PyTorch (training.py), on the libtorch that each has.
# Both are run in turns, and the best of each counts, since other processes only ever slow a run down.
#   scripts/bench/training.sh [ROUNDS]     PYTHON=/usr/bin/python3 (with torch; Debian: apt-get install python3-torch)
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
rounds="${1:-3}"
python="${PYTHON:-/usr/bin/python3}"
threads="${THREADS:-$(nproc)}"
"$python" -c 'import torch' 2>/dev/null || { echo "training.sh: $python has no torch; set PYTHON, or apt-get install python3-torch" >&2; exit 2; }
"$root/scripts/pretrainbench" --help >/dev/null  # builds when needed, before anything is timed

number() { "$python" -c "import json, sys; print(json.load(sys.stdin)$1)"; }
ours() { "$root/scripts/pretrainbench" bench train --json "execution.threads=$threads" "$@" | number '["ours"]["tokens_per_second"]'; }
theirs() { "$python" "$root/scripts/bench/training.py" --threads "$threads" "$@" | number '["tokens_per_second"]'; }
best() { sort -g | tail -1; }

compare() { # name, settings for ours ';' settings for theirs
  local name="$1"; shift
  local mine=() yours=() side=mine
  for word in "$@"; do
    if [ "$word" = ';' ]; then side=yours; elif [ "$side" = mine ]; then mine+=("$word"); else yours+=("$word"); fi
  done
  local a b c d f32="" f32p="" bf16="" bf16p=""
  for _ in $(seq "$rounds"); do
    f32p+="$(theirs "${yours[@]}")"$'\n'
    f32+="$(ours "${mine[@]}")"$'\n'
    bf16p+="$(theirs "${yours[@]}" --bf16)"$'\n'
    bf16+="$(ours "${mine[@]}" precision=bf16_linears)"$'\n'
  done
  a="$(printf %s "$f32p" | best)"; b="$(printf %s "$f32" | best)"; c="$(printf %s "$bf16p" | best)"; d="$(printf %s "$bf16" | best)"
  awk -v n="$name" -v a="$a" -v b="$b" -v c="$c" -v d="$d" 'BEGIN {
    printf "%-34s fp32: PyTorch %6.0f, ours %6.0f (%.2fx); bf16 linears: PyTorch %6.0f, ours %6.0f (%.2fx; %.2fx of PyTorch in fp32, %.2fx of ours)\n",
      n, a, b, b / a, c, d, d / c, d / a, d / b }'
}

echo "tokens/s, best of $rounds, $threads threads"
compare '8x256, vocabulary 8,192, 8x256' steps=6 ';' --steps 6
compare '1M (5x128), vocab. 4,096, 16x256' 'model={size: 1M, vocabulary_size: 4096}' batch.sequences_per_step=16 steps=6 ';' \
  --layers 5 --width 128 --hidden 352 --vocabulary 4096 --sequences 16 --steps 6
