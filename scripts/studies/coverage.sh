#!/usr/bin/env bash
# How often intervals hold the truth, over every simulated grid of docs/laws.md: about 25 minutes on two cores. Prints a table.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
PRETRAINBENCH_STUDIES=1 dotnet test tests/Analysis -c Release --filter 'FullyQualifiedName~CoverageTests' \
  --logger 'console;verbosity=detailed' | grep -E '^ *\||Passed!|Failed!|Failed '
