#!/bin/sh
# deny.sh: looks at the licences, sources and duplicates of all dependencies, and at their advisories where the
# advisory database can be reached.
set -eu
export PATH="$PWD/target/tools/bin:$PATH"
if ! command -v cargo-deny >/dev/null 2>&1; then
    echo "installing cargo-deny into target/tools: a few minutes, once"
    cargo install --quiet --locked --root target/tools cargo-deny
fi
cargo deny --log-level error check bans licenses sources
if timeout 60 cargo deny --log-level error fetch db >/dev/null 2>&1; then
    cargo deny --log-level error check advisories
else
    echo "advisories were not checked: the advisory database can't be reached from here"
fi
