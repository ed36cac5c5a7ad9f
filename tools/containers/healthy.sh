#!/bin/bash
# Whether GET PATH on PORT of this container answers 200: healthy PORT [PATH]. A small image has no curl; it has bash.
set -eu
exec 3<>"/dev/tcp/127.0.0.1/$1"
printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "${2:-/health}" >&3
read -r _ status _ <&3
[ "$status" = 200 ]
