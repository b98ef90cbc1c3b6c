#!/usr/bin/env bash
# Compiles the bridge of this bundle against this node's PyTorch. Needs PyTorch and g++, nothing else.
#   ./install.sh            the PyTorch of python3 (or PYTHON=/path/to/python), or LIBTORCH=DIR with include/ and lib/
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
state=bridge
source bridge/common.sh
source bridge/libtorch.sh

command -v g++ >/dev/null || fail "g++ is missing (on clusters often: module load gcc)"
[ -n "${LIBTORCH:-}" ] || from_python || from_system \
  || fail "no PyTorch found: activate its environment, or set PYTHON=/path/to/python or LIBTORCH=DIR"
[ -z "${LIBTORCH:-}" ] || find_libtorch
say "compiling the bridge against libtorch $libtorch_version in $libtorch"
bash bridge/build.sh app/libpretrainbench_torch.so "$libtorch" $libtorch_include
say "done: ./pretrainbench doctor"
