# Shared by the parts of scripts/setup.sh: messages, packages of the operating system, what is remembered.

say() { printf 'setup: %s\n' "$*"; }

fail() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

# install_packages PURPOSE PACKAGE...: by apt when root; otherwise says what to run.
install_packages() {
  local purpose=$1
  shift
  command -v apt-get >/dev/null || fail "$purpose is missing, and there is no apt-get here: install the equivalent of: $*"
  [ "$(id -u)" = 0 ] || fail "$purpose is missing: run as root: apt-get install -y --no-install-recommends $*"
  say "installing $purpose ($*)"
  local log="$state/apt.log"
  if ! DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >"$log" 2>&1; then
    apt-get update >>"$log" 2>&1 || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >>"$log" 2>&1 \
      || fail "apt-get could not install $*: see $log"
  fi
}

require_dotnet() {
  command -v dotnet >/dev/null || fail "the .NET SDK is missing: https://dotnet.microsoft.com/download (version in global.json)"
}

# Everything that decides the outcome: options, versions, sources of the bridge and of this set-up.
fingerprint_request() {
  {
    echo "$cuda $torch $tokenizers $parquet $tests ${LIBTORCH:-} ${VIRTUAL_ENV:-} $PWD"
    cat Directory.Packages.props compat/TorchSharp.Native/bridge.cpp scripts/setup.sh scripts/setup/*.sh
  } | sha256sum | cut -d' ' -f1
}

# What was written may have gone since: the bridge, or the libtorch below it.
still_there() {
  local path
  for path in $(sed -n 's:.*<\(TorchBridgePath\|LibtorchPath\)>\(.*\)</.*:\2:p' "$props"); do
    [ -e "$path" ] || return 1
  done
}

describe_torch() {
  if [ "$torch" = package ]; then echo "package $torch_package"; else echo "compat, libtorch $libtorch_version in $libtorch"; fi
}

write_props() {
  cat >"$props.new" <<PROPS
<Project>
  <!-- Written by scripts/setup.sh; run it again to change it. -->
  <PropertyGroup>
    <TorchSupplier>$torch</TorchSupplier>
    <TorchPackage>$torch_package</TorchPackage>
    <TorchBridgePath>$bridge</TorchBridgePath>
    <LibtorchPath>$libtorch</LibtorchPath>
    <TokenizersSupplier>$tokenizers</TokenizersSupplier>
    <ParquetSupplier>$parquet</ParquetSupplier>
  </PropertyGroup>
</Project>
PROPS
  mv "$props.new" "$props"
}

install_for_tests() {
  install_parquet_peer
  install_browser
}

# What we write as Parquet is read by another reader in tests; they fail without it.
install_parquet_peer() {
  local peer=artifacts/parquet-peer
  [ ! -d "$peer/node_modules/hyparquet-compressors" ] || return 0
  # Debian has npm apart; other sources' nodejs brings it along and refuses Debian's.
  if ! { command -v npm >/dev/null || (install_packages "Node.js, for the tests' other Parquet reader" nodejs) } \
    || ! { command -v npm >/dev/null || (install_packages "npm, for the tests' other Parquet reader" npm) }; then
    say "no npm: the tests of written Parquet files will fail (install Node.js, then run scripts/setup.sh)"
    return 0
  fi
  mkdir -p "$peer"
  npm install --prefix "$peer" --no-audit --no-fund --fetch-retries 1 hyparquet@1.31.5 hyparquet-compressors@1.1.2 \
    >"$state/npm.log" 2>&1 \
    || say "npm could not install hyparquet: the tests of written Parquet files will fail (see $state/npm.log)"
}

# The report's tests look at pages in a browser.
install_browser() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    (install_packages "Chromium, for the report's tests" chromium) || say "no Chromium: the report's picture tests cannot run"
  else
    say "no Chromium: the report's picture tests need it (apt-get install chromium)"
  fi
}
