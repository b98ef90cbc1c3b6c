#!/usr/bin/env bash
# Builds, prepares the default corpus, trains a small grid, fits both laws, writes the report, and prints what it found.
# Run twice, it does nothing twice; interrupted, it goes on where it was. Options go to `pretrainbench quickstart`.
set -euo pipefail
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/pretrainbench" quickstart "$@"
