# Sourced. How the verbs talk.

Say() { echo "==> $*"; }

Die() { echo "./dev: $*" >&2; exit 1; }

# Quietly LOG COMMAND...: runs it with its output in LOG, which is shown only if it fails.
Quietly() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if ! "$@" >"$log" 2>&1 </dev/null; then
    tail -n 40 "$log" >&2
    Die "failed: $* (whole log: $log)"
  fi
}
