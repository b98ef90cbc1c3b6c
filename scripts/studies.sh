#!/usr/bin/env bash
# Makes what docs/studies shows, from the tables of numbers kept here: every command's text, and the reports.
# studies.sh [FOLDER]; about five minutes.
set -euo pipefail
root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"
out="${1:-$root/studies}"
mkdir -p "$out"
tables="$root/tests/Analysis/Data"

# show NAME COMMAND…: the command's text, into a file and here.
show() {
  local name="$1"
  shift
  echo "== $name: $*" | sed "s#$root/##g"
  "$root/scripts/pretrainbench" "$@" 2>&1 | tee "$out/$name.txt"
}

eleven=("$tables/marin_optimizer_losses.csv" --map N=non_embedding_params D=tokens loss=c4_en_loss size=model)
show eleven-report report "${eleven[@]}" --out "$out/eleven-optimizers.html"
show eleven-compare compare "${eleven[@]}" --law shared --law shared-gamma --law shared-interaction
show eleven-forecast-2.4B forecast "${eleven[@]}" --n 2.4B
show eleven-forecast-7B forecast "${eleven[@]}" --n 7B

# All runs, and those that Besiroglu et al. fitted: the five highest losses left out.
points="$tables/epoch_chinchilla.csv"
kept="$out/chinchilla-240.csv"
{ head -1 "$points"; tail -n +2 "$points" | sort -t, -k7 -g | head -240; } >"$kept"
mapped=(--map "N=Model Size" "flops=Training FLOP" loss=loss)
forms=(--law per-optimizer --law per-optimizer-gamma)
budget=(--flops 5.76e23 --beyond-range)
show chinchilla-245 fit "$points" "${mapped[@]}" --solver huber
show chinchilla-245-budget forecast "$points" "${mapped[@]}" --solver huber "${budget[@]}"
for solver in huber least-squares; do
  show "chinchilla-240-$solver" fit "$kept" "${mapped[@]}" --solver $solver "${forms[@]}"
  show "chinchilla-forms-$solver" compare "$kept" "${mapped[@]}" --solver $solver "${forms[@]}"
  for law in per-optimizer per-optimizer-gamma; do
    show "chinchilla-budget-$solver-$law" forecast "$kept" "${mapped[@]}" --solver $solver --law $law "${budget[@]}"
  done
done
show chinchilla-240-lad fit "$kept" "${mapped[@]}" --solver lad

# Each training set as an "optimizer"; then without runs of fewer than about 20 tokens per parameter; then from the
# small runs alone, what the large ones should have reached.
runs="$tables/gadre_models.csv"
whole="$out/overtraining-20.csv"
small="$out/overtraining-small.csv"
awk -F, 'NR == 1 || $6 >= 1' "$runs" >"$whole"
awk -F, 'NR == 1 || $6 >= 1 && $4 < 6e8' "$runs" >"$small"
mapped=(--map optimizer=train_dataset N=params_no_embed D=tokens loss=loss_c4_val)
show overtraining-all fit "$runs" "${mapped[@]}"
show overtraining-whole fit "$whole" "${mapped[@]}"
show overtraining-compare compare "$whole" "${mapped[@]}"
forecast=(forecast "$small" "${mapped[@]}" --law per-optimizer)
show overtraining-1.3B "${forecast[@]}" --n 1.3365B --tokens-per-parameter 21.5455
show overtraining-1.3B-922B "${forecast[@]}" --n 1.3365B --tokens-per-parameter 689.5
show overtraining-6.7B "${forecast[@]}" --n 6.683B --tokens-per-parameter 20.6185 --beyond-range
