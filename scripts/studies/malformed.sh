#!/usr/bin/env bash
# A thousand damaged configurations, grid files, tables, claims, plans, results and manifests: no crash, 5 seconds and
# 500 MB each.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
PRETRAINBENCH_STUDIES=1 dotnet test tests/Cli -c Release --filter 'FullyQualifiedName~MalformedInputTests'
