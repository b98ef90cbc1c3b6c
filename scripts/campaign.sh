#!/usr/bin/env bash
# A long campaign of faults against grids of tiny runs, and claims raced for by two processes: tests/Faults, longer.
# campaign.sh [FAULTS [SEED [RACES]]]; ends with 0 when nothing was lost.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
exec </dev/null

dotnet build tests/Faults -c Release -nologo -v q -clp:NoSummary
program=artifacts/bin/Faults.Tests/release/PretrainBench.Faults.Tests.dll
dotnet exec "$program" races "${3:-100000}"
dotnet exec "$program" campaign "${1:-500}" "${2:-1}"
