# Measure speed and size, and write docs/benchmarks.md
#
#   ./dev bench [workload...]      for example: ./dev bench ingest, ./dev bench ui
#
# Builds the release binary and calls bench/run, which starts the servers that it measures. `./dev bench sdk` measures
# the tracing library instead, without a server: what a span costs in the program that is traced.
source tools/dev/setup.sh

if [[ ${1-} == sdk ]]; then
  shift
  bash tools/dev/build.sh sdk_bench
  [[ $# -gt 0 ]] || set -- --write docs/benchmarks.md
  exec build/sdk/sdk_bench "$@"
fi

[[ -x bench/run ]] || Die "there is no bench/run here"
targets=(spoor)
[[ ${1-} == ui ]] || targets+=(spoor_bench)
bash tools/dev/build.sh "${targets[@]}"
exec bench/run "$@"
