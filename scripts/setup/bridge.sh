# Compiles compat/TorchSharp.Native/bridge.cpp against the libtorch found; skipped when source and libtorch are the same.
# Sets bridge (the library's path).

build_bridge() {
  command -v g++ >/dev/null || install_packages "a C++ compiler" g++
  local key
  key=$({ cat compat/TorchSharp.Native/bridge.cpp compat/TorchSharp.Native/build.sh; echo "$libtorch $libtorch_version"; } | sha256sum | cut -c1-16)
  # Kept per user, so that another checkout of the same sources need not compile again.
  local cache="${XDG_CACHE_HOME:-$HOME/.cache}/pretrainbench/bridge/$key"
  if [ ! -f "$cache/libpretrainbench_torch.so" ] || [ "$force" = 1 ]; then
    say "compiling the bridge against libtorch $libtorch_version in $libtorch"
    mkdir -p "$cache"
    bash compat/TorchSharp.Native/build.sh "$cache/libpretrainbench_torch.so" "$libtorch" $libtorch_include
  fi
  bridge="$PWD/$state/libpretrainbench_torch.so"
  cmp -s "$cache/libpretrainbench_torch.so" "$bridge" || cp "$cache/libpretrainbench_torch.so" "$bridge"
}
