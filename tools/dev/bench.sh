# Measure speed and size, and write docs/benchmarks.md
#
#   ./dev bench [workload...]      for example: ./dev bench ingest, ./dev bench ui
#
# Builds the release binary and calls bench/run, which starts the servers that it measures.
source tools/dev/setup.sh

[[ -x bench/run ]] || Die "there is no bench/run here"
targets=(spoor)
[[ ${1-} == ui ]] || targets+=(spoor_bench)
bash tools/dev/build.sh "${targets[@]}"
exec bench/run "$@"
