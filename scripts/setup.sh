#!/usr/bin/env bash
# Finds out what this machine offers and writes it to PretrainBench.local.props (not in git):
# which NuGet packages restore, which libtorch to use, and the bridge compiled against it.
# Quick when nothing changed. Packages of the operating system are installed only when root.
#
#   scripts/setup.sh [--cuda] [--torch package|compat] [--tokenizers package|compat] [--parquet package|compat]
#                    [--build-only] [--force]
#
#   --cuda        the CUDA package of TorchSharp instead of the CPU one, where packages restore
#   --torch ...   force a supplier instead of finding out (likewise --tokenizers, --parquet)
#   --build-only  do not install what only the tests need (Chromium; Node.js and hyparquet)
#   --force       find out and compile again, whatever is remembered
#   LIBTORCH=DIR  use this libtorch (with include/ and lib/) before any other
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/setup/common.sh
source scripts/setup/packages.sh
source scripts/setup/libtorch.sh
source scripts/setup/bridge.sh

cuda=0 force=0 tests=1 torch=auto tokenizers=auto parquet=auto
while [ $# -gt 0 ]; do
  case "$1" in
    --cuda) cuda=1 ;;
    --force) force=1 ;;
    --build-only) tests=0 ;;
    --torch | --tokenizers | --parquet)
      case "${2:-}" in package | compat) ;; *) fail "$1 takes package or compat" ;; esac
      declare "${1#--}=$2"
      shift
      ;;
    -h | --help) sed -n '2,14s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) fail "unknown option $1 (see --help)" ;;
  esac
  shift
done

props=PretrainBench.local.props
state=artifacts/setup
mkdir -p "$state"
request="$(fingerprint_request)"
if [ "$force" = 0 ] && [ -f "$props" ] && [ "$(cat "$state/request" 2>/dev/null)" = "$request" ] && still_there; then
  [ "$tests" = 0 ] || install_for_tests
  exit 0
fi

require_dotnet
decide_suppliers
bridge="" libtorch=""
if [ "$torch" = compat ]; then
  find_libtorch
  build_bridge
fi
[ "$tests" = 0 ] || install_for_tests
write_props
printf '%s' "$request" >"$state/request"
say "torch: $(describe_torch); tokenizers: $tokenizers; parquet: $parquet"
