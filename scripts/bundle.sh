#!/usr/bin/env bash
# Makes one self-contained archive of pretrainbench, .NET runtime included, for nodes without NuGet or the SDK:
# they need PyTorch (any 1.13 or later, CPU or CUDA) and g++.
#
#   scripts/bundle.sh [--runtime linux-x64] [--output FILE]
#
# On the node:
#   tar xzf pretrainbench-linux-x64.tar.gz && cd pretrainbench
#   ./install.sh                 compiles the bridge against that node's PyTorch (PYTHON=... or LIBTORCH=... to choose)
#   ./pretrainbench doctor
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

runtime=linux-x64 output=""
while [ $# -gt 0 ]; do
  case "$1" in
    --runtime) runtime=${2:?--runtime takes a value}; shift ;;
    --output) output=${2:?--output takes a value}; shift ;;
    -h | --help) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "bundle: unknown option $1 (see --help)" >&2; exit 2 ;;
  esac
  shift
done
output=${output:-artifacts/bundle/pretrainbench-$runtime.tar.gz}

[ -f PretrainBench.local.props ] || ./scripts/setup.sh --build-only
work=artifacts/bundle/work
folder=$work/pretrainbench
rm -rf "$work"
mkdir -p "$folder" "$(dirname "$output")"

# The bridge is compiled on the node, so that the supplier must be ours and this machine's bridge must stay out.
# A second artifacts folder keeps this build apart from the checkout's own.
echo "bundle: publishing for $runtime"
dotnet publish src/Cli -c Release -r "$runtime" --self-contained -o "$folder/app" -v quiet -nologo \
  -p:TorchSupplier=compat -p:TokenizersSupplier=compat -p:ParquetSupplier=compat -p:TorchBridgePath= \
  -p:ArtifactsPath="$PWD/artifacts/bundle/build/"

mkdir -p "$folder/bridge"
cp compat/TorchSharp.Native/bridge.cpp compat/TorchSharp.Native/build.sh "$folder/bridge/"
cp scripts/setup/libtorch.sh scripts/setup/common.sh "$folder/bridge/"
cp scripts/setup/install-bundle.sh "$folder/install.sh"
cp scripts/setup/run-bundle.sh "$folder/pretrainbench"
cp LICENSE* README.md "$folder/" 2>/dev/null || true
[ ! -d configs ] || cp -r configs "$folder/"
chmod +x "$folder/install.sh" "$folder/pretrainbench"
tar -C "$work" -czf "$output" pretrainbench
rm -rf "$work"
echo "bundle: $output ($(du -h "$output" | cut -f1))"
