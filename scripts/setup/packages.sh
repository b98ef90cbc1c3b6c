# Which of the three NuGet packages restore here: one real restore each, in a directory of its own, remembered.

decide_suppliers() {
  torch_package=TorchSharp-cpu
  [ "$cuda" = 0 ] || torch_package=TorchSharp-cuda-linux
  decide torch "$torch_package" &
  decide tokenizers Microsoft.ML.Tokenizers &
  decide parquet Parquet.Net &
  wait
  torch=$(cat "$state/torch.supplier")
  tokenizers=$(cat "$state/tokenizers.supplier")
  parquet=$(cat "$state/parquet.supplier")
}

# decide NAME PACKAGE: writes package or compat to $state/NAME.supplier.
decide() {
  local name=$1 package=$2 wanted=${!1} version probe
  if [ "$wanted" = auto ]; then
    version=$(sed -n "s/.*Include=\"$package\" Version=\"\[\(.*\)\]\".*/\1/p" Directory.Packages.props)
    probe="$state/probe-$name"
    rm -rf "$probe"
    mkdir -p "$probe"
    write_probe "$probe" "$package" "$version"
    say "does $package $version restore?"
    if timeout 900 dotnet restore "$probe/probe.csproj" --ignore-failed-sources >"$probe/log" 2>&1; then wanted=package; else wanted=compat; fi
  fi
  echo "$wanted" >"$state/$name.supplier"
}

write_probe() {
  # Empty files keep the probe out of the repository's own settings.
  echo '<Project />' | tee "$1/Directory.Build.props" "$1/Directory.Build.targets" "$1/Directory.Packages.props" >/dev/null
  cat >"$1/probe.csproj" <<PROBE
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="$2" Version="[$3]" />
  </ItemGroup>
</Project>
PROBE
}
