# Which libtorch: $LIBTORCH, then the PyTorch of $PYTHON or of the Python here, then Debian's libtorch-dev.
# Sets libtorch (where its libraries lie), libtorch_include (one directory a line), libtorch_version.

find_libtorch() {
  if [ -n "${LIBTORCH:-}" ]; then
    [ -f "$LIBTORCH/lib/libtorch_cpu.so" ] || fail "LIBTORCH=$LIBTORCH has no lib/libtorch_cpu.so"
    use_libtorch "$LIBTORCH/lib" "$LIBTORCH/include"
  elif ! from_python && ! from_system; then
    install_packages libtorch libtorch-dev
    from_system || fail "libtorch-dev is installed, and yet its headers or libraries are not found"
  fi
  fast_blas
}

use_libtorch() {
  libtorch=$1
  libtorch_include=$(printf '%s\n%s' "$2" "$2/torch/csrc/api/include")
  local header="$2/torch/csrc/api/include/torch/version.h"
  libtorch_version=$(sed -n 's/^#define TORCH_VERSION_\(MAJOR\|MINOR\|PATCH\) \([0-9]*\).*/\2/p' "$header" 2>/dev/null | head -3 | paste -sd.)
  libtorch_version=${libtorch_version:-unknown}
}

# A PyTorch carries headers and libraries; asking for its place does not import it.
from_python() {
  local python found
  for python in "${PYTHON:-}" "${VIRTUAL_ENV:+$VIRTUAL_ENV/bin/python}" python3 python; do
    [ -n "$python" ] && command -v "$python" >/dev/null || continue
    found=$("$python" -c 'import importlib.util as u, os; s = u.find_spec("torch"); print(os.path.dirname(s.origin) if s and s.origin else "")' 2>/dev/null) || continue
    if [ -n "$found" ] && [ -f "$found/lib/libtorch_cpu.so" ] && [ -f "$found/include/ATen/ATen.h" ]; then
      use_libtorch "$found/lib" "$found/include"
      return 0
    fi
  done
  return 1
}

from_system() {
  local lib
  for lib in "/usr/lib/$(uname -m)-linux-gnu" /usr/lib /usr/local/lib; do
    if [ -f "$lib/libtorch_cpu.so" ] && [ -f /usr/include/ATen/ATen.h ]; then
      use_libtorch "$lib" /usr/include
      return 0
    fi
  done
  return 1
}

# Debian's libtorch calls whatever BLAS is installed; the reference one is an order of magnitude slower than OpenBLAS.
fast_blas() {
  ldd "$libtorch/libtorch_cpu.so" 2>/dev/null | grep -q 'libblas\.so\.3' || return 0
  local real
  real=$(readlink -f "$(ldd "$libtorch/libtorch_cpu.so" | sed -n 's/.*libblas\.so\.3 => \([^ ]*\).*/\1/p')")
  case "$real" in *openblas* | *mkl* | *blis*) return 0 ;; esac
  install_packages "a fast BLAS for libtorch" libopenblas0-openmp
}
