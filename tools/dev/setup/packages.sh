# Sourced. Brings in Debian packages.

# NeedPackages GROUP...: installs what is missing of these groups of packages.txt. Asks dpkg first, so that it costs
# nothing when all is there; never asks the user.
NeedPackages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    Say "This is not Debian: taking it that the packages of tools/dev/setup/packages.txt ($*) are there"
    return 0
  fi
  local group wanted=() missing=() name
  for group in "$@"; do
    read -r -a names < <(sed -n "s/^$group: //p" tools/dev/setup/packages.txt | tr '\n' ' ') || true
    wanted+=("${names[@]}")
  done
  local -A present=()
  while read -r name status; do
    [[ $status == installed ]] && present[$name]=1
  done < <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null)
  for name in "${wanted[@]}"; do [[ -n ${present[$name]-} ]] || missing+=("$name"); done
  [[ ${#missing[@]} -eq 0 ]] || InstallPackages "${missing[@]}"
}

InstallPackages() {
  local sudo=()
  if [[ $(id -u) -ne 0 ]]; then
    command -v sudo >/dev/null || Die "these packages are missing; as root, run: apt-get install $*"
    sudo=(sudo)
  fi
  mkdir -p .cache
  local log=.cache/apt.log
  Say "Installing $# Debian packages: $*"
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q >"$log" 2>&1 </dev/null ||
    { tail -n 20 "$log" >&2; Die "apt-get update failed (whole log: $log)"; }
  # dpkg may be busy with the machine's own updates: wait for it instead of failing.
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    -o DPkg::Lock::Timeout=600 -o APT::Status-Fd=1 "$@" 2>>"$log" </dev/null | tee -a "$log" | AptProgress ||
    { grep -v '^[pd][ml]status:' "$log" | tail -n 20 >&2; Die "apt-get install failed (whole log: $log)"; }
}

# Turns apt's status lines ("dlstatus:N:PERCENT:TEXT", "pmstatus:PACKAGE:PERCENT:TEXT") into a line that moves on a
# terminal, and into a line every fifth of the way elsewhere.
AptProgress() {
  local kind name percent text stage last=""
  while IFS=: read -r kind name percent text; do
    case $kind in
      dlstatus) stage=download ;;
      pmstatus) stage=install ;;
      *) continue ;;
    esac
    percent=${percent%%.*}
    if [[ -t 1 ]]; then
      printf '\r    %-8s %3d%%  %-60.60s' "$stage" "$percent" "$text"
    elif [[ $last != "$stage$((percent / 20))" ]]; then
      last=$stage$((percent / 20))
      echo "    $stage $percent%"
    fi
  done
  [[ ! -t 1 ]] || printf '\r%-80s\r' ""
}
