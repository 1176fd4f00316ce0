#!/bin/sh
# Makes the two font files beside this script. Needs Debian (apt-get, dpkg-deb) and python3 with venv.
#
#   assets/fonts/make.sh            makes both
#   assets/fonts/make.sh bold       makes only the bold one: after a change of a locale file
#
# The sources are Debian's packages: the outlines from fonts-noto-cjk, the choice of characters from unicode-data.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(cd "$work" && apt-get -qq -o APT::Sandbox::User=root download fonts-noto-cjk unicode-data && for deb in *.deb; do dpkg-deb -x "$deb" .; done)
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install fonttools==4.68.0
PATH="$work/venv/bin:$PATH" python3 subset.py "$work" "${1:-both}"
