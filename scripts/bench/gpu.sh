#!/usr/bin/env bash
# Everything that only a GPU can show, in one call of about eight minutes, on a node without .NET and without network:
# losses on the GPU against those on the CPU, and training steps of three sizes under five optimizers beside PyTorch, eager
# and compiled. Builds nothing.
#   dotnet publish src/Cli -c Release -r linux-x64 --self-contained -p:Torch=cuda -o FOLDER      (where there is .NET)
#   scripts/bench/gpu.sh FOLDER      PYTHON=python3   DEVICE=cuda   SIZES="10M 100M 350M"   STEPS=10   PRECISIONS="fp32 tf32 bf16"
# Prints a table for docs/performance.md; exit status 1 where a loss is not the CPU's.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
[ $# -eq 1 ] && [ -x "$1/pretrainbench" ] \
  || { echo "gpu.sh: give the folder that \`dotnet publish src/Cli … -o FOLDER\` made (it holds \`pretrainbench\`)" >&2; exit 2; }
program="$1/pretrainbench"
python="${PYTHON:-python3}" device="${DEVICE:-cuda}" sizes="${SIZES:-10M 100M 350M}" steps="${STEPS:-10}"
precisions="${PRECISIONS:-fp32 tf32 bf16}"
# Speed is measured in the last of them.
precision="${precisions##* }"
optimizers="adamw muon scion shampoo soap"
failed=0

# One number of a line or page of JSON.
number() { grep -o "\"$1\": *[-0-9.eE+]*" | head -1 | sed 's/.*: *//'; }
ours() { timeout 120 "$program" bench train --json "$@"; }

echo "## Losses: $device against the CPU, 0.1M parameters, 20 steps"
for optimizer in $optimizers; do
  for tried in $precisions; do
    one() { ours model.size=0.1M optimizer=$optimizer precision=$tried steps=20 "execution.device=$1" | number last_loss; }
    at="$(one "$device")" cpu="$(one cpu)"
    # Twenty steps on one batch fall by nats; rounding may part the two by a few percent of that.
    awk -v a="$at" -v b="$cpu" -v name="$optimizer $tried" 'BEGIN {
      d = a - b; if (d < 0) d = -d; ok = d <= 0.05 + 0.05 * b
      printf "%-20s %s %.4f, cpu %.4f %s\n", name, "'"$device"'", a, b, ok ? "ok" : "NOT EQUAL"; exit !ok }' || failed=1
  done
done

shape() { # layers width heads feed-forward sequences length
  case "$1" in
    tiny) echo 2 64 2 192 4 128 ;;
    10M) echo 8 320 10 864 32 1024 ;;
    100M) echo 8 1024 8 2816 16 1024 ;;
    350M) echo 24 1024 8 2816 8 1024 ;;
    *) echo "gpu.sh: no size $1" >&2; exit 2 ;;
  esac
}

echo "## Training steps on $device, $precision"
printf '%-8s %-20s %14s %12s %10s\n' size what tokens/s optimizer memory
for size in $sizes; do
  read -r layers width heads hidden sequences length < <(shape "$size")
  for optimizer in $optimizers; do
    json="$(ours "model={layers: $layers, width: $width, heads: $heads, feed_forward_width: $hidden}" precision=$precision \
      "batch={sequences_per_step: $sequences, sequence_length: $length}" "optimizer=$optimizer" "steps=$steps" \
      "execution.device=$device" || true)"
    printf '%-8s %-20s %14.0f %11.1f%% %9.1fG\n' "$size" "ours $optimizer" "$(number tokens_per_second <<<"$json")" \
      "$(number optimizer_share <<<"$json" | awk '{print 100 * $1}')" "$(number peak_bytes <<<"$json" | awk '{print $1 / 1e9}')"
  done
  for way in eager compiled; do
    json="$(timeout 120 "$python" "$here/training.py" --layers "$layers" --width "$width" --heads "$heads" --hidden "$hidden" \
      --sequences "$sequences" --length "$length" --steps "$steps" --device "$device" $([ "$precision" = bf16 ] && echo --bf16) \
      $([ $way = compiled ] && echo --compile) || true)"
    printf '%-8s %-20s %14s\n' "$size" "PyTorch $way adamw" "$(number tokens_per_second <<<"${json:-failed}" || echo failed)"
  done
done
exit $failed
