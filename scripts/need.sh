#!/bin/sh
# need.sh COMMAND PACKAGE: makes sure that a command is there, from Debian's package, and says so.
set -eu
command -v "$1" >/dev/null 2>&1 && exit 0
if ! command -v apt-get >/dev/null 2>&1; then
    echo "this needs the program '$1': install it, then run this again" >&2
    exit 1
fi
if [ "$(id -u)" != 0 ]; then
    echo "this needs the Debian package '$2': run 'sudo apt-get install $2', then this again" >&2
    exit 1
fi
echo "installing the Debian package '$2', which this needs"
apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null
