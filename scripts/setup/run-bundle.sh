#!/usr/bin/env bash
# Runs pretrainbench from an unpacked bundle, from any directory.
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
[ -f "$here/app/libpretrainbench_torch.so" ] || echo "pretrainbench: run $here/install.sh once, or nothing that needs torch will work" >&2
exec "$here/app/pretrainbench" "$@"
