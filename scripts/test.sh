#!/usr/bin/env bash
# Builds everything, and runs all tests (or those of the rooms named as arguments: `scripts/test.sh Grids Cli`).
# Ends with one plain line: N passed, N failed.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
exec </dev/null

# The report's tests look at pages in a browser.
if ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null && ! command -v google-chrome >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing Chromium for the report's tests"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
  else
    echo "no Chromium: the report's picture tests need it (as root: apt-get install chromium)"
  fi
fi

# Grids are trained on a throwaway Slurm; without one these tests are skipped.
if ! command -v sbatch >/dev/null || ! PATH=$PATH:/usr/sbin command -v slurmd munged >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing Slurm for the tests of job arrays"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq \
      --no-install-recommends slurm-wlm munge >/dev/null; } || echo "Slurm could not be installed: its tests are skipped"
  else
    echo "no Slurm: its tests are skipped (as root: apt-get install slurm-wlm munge)"
  fi
fi

echo "building"
dotnet build PretrainBench.sln -c Release -nologo -v q -clp:NoSummary

rooms=("$@")
if [ ${#rooms[@]} = 0 ]; then
  for project in tests/*/*.Tests.csproj; do rooms+=("$(basename "$(dirname "$project")")"); done
fi

passed=0 failed=0
results=artifacts/test-results
mkdir -p "$results"
for room in "${rooms[@]}"; do
  began=$SECONDS
  log="$results/$room.log"
  code=0
  dotnet test "tests/$room" -c Release --no-build --nologo >"$log" 2>&1 || code=$?
  # The runner's own line: Passed!  - Failed:     0, Passed:    12, Skipped:     0, Total:    12, …
  line="$(grep -E '^ *(Passed!|Failed!) ' "$log" | tail -1 || true)"
  room_passed="$(sed -n 's/.*Passed: *\([0-9][0-9]*\),.*/\1/p' <<<"$line")"
  room_failed="$(sed -n 's/.*- Failed: *\([0-9][0-9]*\),.*/\1/p' <<<"$line")"
  # A room that crashed, or reported nothing though it failed, counts as one failure.
  if [ "$code" != 0 ] && [ "${room_failed:-0}" = 0 ]; then room_failed=1; fi
  passed=$((passed + ${room_passed:-0})) failed=$((failed + ${room_failed:-0}))
  printf '%-12s %5d passed, %3d failed  (%d s)\n' "$room" "${room_passed:-0}" "${room_failed:-0}" $((SECONDS - began))
  if [ "$code" != 0 ]; then cat "$log"; fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
