# Build and start the demo: three traced services and some traffic, beside a Spoor that runs
#
#   ./dev demo [flag of spoor demo...]
#
# Their spans go to http://127.0.0.1:4318, where ./dev run listens (which starts the demo itself, unless it is told
# --no-demo). Ctrl-C stops it. All flags: ./dev demo -h
source tools/dev/setup.sh

bash tools/dev/build.sh spoor frontend backend database-service
exec build/spoor demo "$@"
