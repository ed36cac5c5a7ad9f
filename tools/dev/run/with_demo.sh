# Runs Spoor and the demo beside it; what `./dev run` starts once both are built:
#
#   with_demo.sh PROGRAM [flag of spoor serve...]
#
# Ends when the server does, with its status. SIGINT and SIGTERM stop first the demo, so that its last spans still find
# a server, and then the server. DEMO_FLAGS has more flags for the demo.
set -euo pipefail
source tools/dev/setup/say.sh
readonly spoor=$1
shift
readonly words=("$@")

# Setting NAME DEFAULT: what the server is told, by a flag or else by a variable.
Setting() {
  local variable value i
  variable=SPOOR_$(tr 'a-z-' 'A-Z_' <<<"$1")
  value=${!variable:-$2}
  for ((i = 0; i < ${#words[@]}; ++i)); do
    case ${words[i]} in
      --"$1") value=${words[i + 1]-} ;;
      --"$1"=*) value=${words[i]#*=} ;;
    esac
  done
  echo "$value"
}

host=$(Setting listen-host 127.0.0.1)
[[ $host != 0.0.0.0 && $host != :: ]] || host=127.0.0.1
otlp_port=$(Setting otlp-http-port 4318)
query_port=$(Setting query-port 16686)

# Each in a process group of its own, so that Ctrl-C reaches this script alone; and ending when this script does,
# however it ends.
set -m
# Beside COMMAND...: becomes the command. In the background only.
Beside() { if command -v setpriv >/dev/null; then exec setpriv --pdeathsig TERM "$@"; else exec "$@"; fi; }
Runs() { [[ -n $1 ]] && kill -0 "$1" 2>/dev/null; }

demo=
stopping=
Stop() {
  trap '' INT TERM HUP
  stopping=yes
  if Runs "$demo"; then
    kill "$demo" || true
    wait "$demo" || true
  fi
  kill "$server" 2>/dev/null || true
}
Beside "$spoor" serve "${words[@]}" &
server=$!
trap Stop INT TERM HUP

# Answers PORT: whether somebody listens there.
Answers() { (exec 3<>"/dev/tcp/$host/$1") 2>/dev/null; }

if [[ $otlp_port =~ ^[1-9][0-9]*$ ]]; then
  until Answers "$otlp_port" || ! Runs "$server"; do sleep 0.1; done
  if [[ -z $stopping ]] && Runs "$server"; then
    read -r -a demo_flags <<<"${DEMO_FLAGS-}"
    addresses=(--endpoint "http://$host:$otlp_port" --query-url "http://$host:$query_port")
    Beside "$spoor" demo "${addresses[@]}" "${demo_flags[@]}" &
    demo=$!
  fi
else
  Say "No demo: it would send its spans to --otlp-http-port, which is '$otlp_port'"
fi

# The server's end is the end; the demo's is not. A signal ends a `wait` early.
while Runs "$server"; do
  wait -n "$server" ${demo:+"$demo"} 2>/dev/null || true
  if [[ -n $demo && -z $stopping ]] && ! Runs "$demo"; then
    demo=
    if Runs "$server"; then Say "The demo has ended; Spoor runs on"; fi
  fi
done
status=0
wait "$server" || status=$?
Stop
exit "$status"
