# Sourced. Finds or brings in Node.

readonly node_version_min=22.18  # the first that runs TypeScript files as they are
readonly node_version=22.23.3    # what is brought where the machine has an older one, from the npm registry
readonly npm_version=10.9.9

# NeedNode: from here on `node` and `npm` are recent ones, in this process and those that it starts.
NeedNode() {
  local folder=$PWD/.cache/node
  if NodeIsRecent node && command -v npm >/dev/null; then return 0; fi
  [[ $(cat "$folder/version" 2>/dev/null) == "$node_version $npm_version" ]] || BringNode "$folder"
  PATH=$folder/bin:$PATH
  export PATH
}

NodeIsRecent() {
  local version
  version=$("$1" --version 2>/dev/null) || return 1
  [[ $(printf '%s\n' "v$node_version_min" "$version" | sort -V | head -n 1) == "v$node_version_min" ]]
}

BringNode() {
  local folder=$1 machine
  case $(uname -m) in
    x86_64) machine=x64 ;;
    aarch64) machine=arm64 ;;
    *) Die "npm has no Node $node_version for $(uname -m): install Node $node_version_min or newer" ;;
  esac
  if ! command -v npm >/dev/null || ! command -v node >/dev/null; then InstallPackages nodejs npm; fi
  Say "Bringing Node $node_version (this machine has $(node --version)); it stays in .cache/node"
  mkdir -p "$folder"
  Quietly .cache/node.log npm install --prefix "$folder" --no-save --no-audit --no-fund --loglevel=error \
    "node-linux-$machine@$node_version" "npm@$npm_version"
  mkdir -p "$folder/bin"
  ln -sf "../node_modules/node-linux-$machine/bin/node" "$folder/bin/node"
  ln -sf ../node_modules/npm/bin/npm-cli.js "$folder/bin/npm"
  ln -sf ../node_modules/npm/bin/npx-cli.js "$folder/bin/npx"
  NodeIsRecent "$folder/bin/node" || Die "Node $node_version from npm does not run here"
  echo "$node_version $npm_version" >"$folder/version"
}
