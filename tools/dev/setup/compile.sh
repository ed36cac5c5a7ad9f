# Sourced. Builds the UI and the C++ tree.

# SelectMode MODE: sets build_folder and cmake_options for release, debug, asan, tsan or fuzz.
SelectMode() {
  local clang=(-DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_BUILD_TYPE=Debug)
  case $1 in
    release) build_folder=build cmake_options=(-DCMAKE_BUILD_TYPE=Release) ;;
    debug) build_folder=build/debug cmake_options=(-DCMAKE_BUILD_TYPE=Debug) ;;
    asan) build_folder=build/asan cmake_options=("${clang[@]}" -DSPOOR_SANITIZE=address,undefined) ;;
    tsan) build_folder=build/tsan cmake_options=("${clang[@]}" -DSPOOR_SANITIZE=thread) ;;
    fuzz) build_folder=build/fuzz
          cmake_options=("${clang[@]}" -DSPOOR_SANITIZE=address,undefined -DSPOOR_FUZZ=ON -DSPOOR_TESTS=OFF) ;;
    *) Die "there is no build called $1" ;;
  esac
}

# Compile [TARGET...]: builds in build_folder, everything by default. A second build of the same folder waits.
Compile() {
  mkdir -p "$build_folder" .cache
  exec 9>"$build_folder/.lock"
  flock -n 9 || { Say "Another ./dev is building in $build_folder/; waiting for it"; flock 9; }
  local stamp=$build_folder/.options
  if [[ ! -f $build_folder/build.ninja || $(cat "$stamp" 2>/dev/null) != "${cmake_options[*]}" ]]; then
    Say "Configuring $build_folder/"
    Quietly "$build_folder/configure.log" cmake -S . -B "$build_folder" -G Ninja "${cmake_options[@]}"
    echo "${cmake_options[*]}" >"$stamp"
  fi
  Say "Building $build_folder/${1:+: $*}"
  nice ninja -C "$build_folder" -j "$(CompileJobs)" "$@" 9>&-
  exec 9>&-
}

# One job a core, but no more than memory holds: files that see Beast or gRPC take up to 1.5 GB each.
CompileJobs() {
  local cores memory_kb jobs
  cores=$(nproc)
  memory_kb=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
  jobs=$((memory_kb / 1500000))
  ((jobs < cores)) || jobs=$cores
  ((jobs > 0)) || jobs=1
  echo "$jobs"
}

# NpmInstall FOLDER: `npm ci`, when the lock file changed since the last one.
NpmInstall() {
  local folder=$1 lock stamp=$1/node_modules/.lock-hash
  lock=$(cat "$folder/package.json" "$folder/package-lock.json" | sha256sum)
  [[ $(cat "$stamp" 2>/dev/null) != "$lock" ]] || return 0
  Say "Installing the npm packages of $folder/"
  Quietly ".cache/npm-$folder.log" npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error
  mkdir -p "$folder/node_modules"
  echo "$lock" >"$stamp"
}

# BuildUi: ui/dist/, when a source of it or a lesson changed. Needs Node.
BuildUi() {
  [[ -f ui/package.json ]] || return 0
  mkdir -p .cache
  exec 8>.cache/ui.lock
  flock 8
  NpmInstall ui
  local sources stamp=.cache/ui-sources
  sources=$(find ui challenge/lessons \( -name node_modules -o -name dist \) -prune -o -type f -print0 | sort -z |
    xargs -0 sha256sum)
  if [[ ! -d ui/dist || $(cat "$stamp" 2>/dev/null) != "$sources" ]]; then
    Say "Building ui/dist/"
    Quietly .cache/ui-build.log npm run build --prefix ui
    echo "$sources" >"$stamp"
  fi
  exec 8>&-
}
