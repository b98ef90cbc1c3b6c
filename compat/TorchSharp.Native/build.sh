#!/usr/bin/env bash
# Compiles bridge.cpp: build.sh OUTPUT LIBRARY_DIRECTORY INCLUDE_DIRECTORY...
# Used by scripts/setup.sh here, and by the bundle's own script on a node that has PyTorch and no NuGet.
set -euo pipefail
output=$1 libraries=$2
shift 2
includes=()
for directory in "$@"; do
  # /usr/include is searched anyway, and naming it changes the order for the C++ library's own headers.
  [ "$directory" = /usr/include ] || includes+=(-isystem "$directory")
done
# PyTorch's own wheels before 2.6 use the old C++ string layout; the library says which.
abi=1
if nm -DC "$libraries/libc10.so" 2>/dev/null | grep -q 'c10::Error::Error(c10::SourceLocation, std::string)'; then abi=0; fi
mkdir -p "$(dirname "$output")"
compile() {
  g++ "-std=$1" -O2 -fPIC -shared -w -D_GLIBCXX_USE_CXX11_ABI=$abi "${includes[@]}" \
    "$(dirname "${BASH_SOURCE[0]}")/bridge.cpp" -o "$output.new" \
    -L"$libraries" -Wl,-rpath,"$libraries" -Wl,--no-as-needed -ltorch_cpu -lc10 -ldl
}
# Headers up to some release are C++17, later ones C++20.
compile c++17 2>"$output.log" || compile c++20 || { cat "$output.log" >&2; exit 1; }
rm -f "$output.log"
mv "$output.new" "$output"
