# Test against SDKs that come from registries other than Debian's and npm's
#
#   ./dev interop [filter]
#
# Python: Flask services traced with OpenTelemetry's packages. Go: a program with OpenTelemetry's modules, left out
# where no recent Go is installed. What they need comes from PyPI and Go's module proxy; it stays in .cache/interop.
#
# filter    only files of tests/interop whose name contains this word
source tools/dev/setup.sh

filter=${1-}
NeedPackages build interop
NeedNode
SelectMode release
BuildUi
Compile spoor
NpmInstall tests

readonly python_folder=$PWD/.cache/interop/python
readonly requirements=tests/interop/python/requirements.txt

# A virtual environment with what the requirements name, made anew when they change.
NeedPython() {
  cmp -s "$requirements" "$python_folder/requirements.txt" && return 0
  Say "Bringing the Python packages of $requirements; they stay in .cache/interop"
  rm -rf "$python_folder"
  python3 -m venv "$python_folder"
  Quietly .cache/interop/pip.log "$python_folder/bin/pip" install --disable-pip-version-check -r "$requirements"
  cp "$requirements" "$python_folder/requirements.txt"
}

# The Go program, where it can be built.
BuildGo() {
  command -v go >/dev/null || { Say "No Go here: its tests are left out"; return 0; }
  Say "Building tests/interop/go"
  Quietly .cache/interop/go.log env GOTOOLCHAIN=local GOFLAGS=-mod=readonly nice \
    go build -C tests/interop/go -o "$PWD/.cache/interop/go_sdk" .
  export SPOOR_INTEROP_GO=$PWD/.cache/interop/go_sdk
}

NeedPython
BuildGo
readarray -t files < <(find tests/interop -name '*.interop.mjs' | sort | grep -F -- "$filter")
[[ ${#files[@]} -gt 0 ]] || Die "no file of tests/interop has '$filter' in its name"
SPOOR_INTEROP_PYTHON=$python_folder/bin/python SPOOR_BINARY=$PWD/$build_folder/spoor \
  node --test --test-timeout=300000 --test-reporter=spec "${files[@]}"
