#!/bin/sh
# mutants.sh [FILE]: changes one thing at a time in what decides about money, and sees whether a test notices. Those that no
# test can notice are listed, each with its reason, in docs/decisions/mutants.md; any other one that is missed is an error.
set -eu
file=${1:-}
list=docs/decisions/mutants.md
home=target/mutants
export PATH="$PWD/target/tools/bin:$PATH"
# Each is built once and tested for a moment: what a debugger needs is not waited for.
export CARGO_PROFILE_DEV_DEBUG=false
# It takes hours, and somebody may want to work meanwhile.
renice -n 10 $$ >/dev/null

if ! command -v cargo-mutants >/dev/null 2>&1; then
    echo "installing cargo-mutants into target/tools: a few minutes, once"
    if ! cargo install --quiet --locked --root target/tools cargo-mutants; then
        echo "mutants need cargo-mutants: run 'cargo install cargo-mutants', then this again" >&2
        exit 1
    fi
fi

# mutate PACKAGE TESTED ARGS FILE...: changes these files of a package, and runs the tests of a package.
mutate() {
    package=$1 tested=$2 args=$3
    shift 3
    for path in "$@"; do
        set -- "$@" --file "$path"
        shift
    done
    echo "$package: the tests have to pass before anything is changed"
    cargo test --quiet --locked --package "$tested" $args >/dev/null
    mkdir -p "$home/$package"
    code=0
    cargo mutants --package "$package" --test-package "$tested" --baseline skip --timeout 120 --output "$home/$package" "$@" \
        -- --locked $args || code=$?
    # 2: some were missed; 3: some went on for ever. Both are counted below.
    [ $code = 0 ] || [ $code = 2 ] || [ $code = 3 ] || exit $code
}

rm -rf $home
heart="--test it --test lives -- --skip eighteen"
# Not the tests that open a hundred thousand journals: they are about SQLite and the disk, and take longer than the rest together.
rest="--lib --test it -- journal acquirer --skip journal::power --skip journal::damage::log"
case $file in
    "")
        mutate postern-heart postern-sim "$heart" heart/src/money.rs heart/src/payment.rs 'heart/src/payment/**' \
            heart/src/desk.rs 'heart/src/desk/**'
        mutate postern postern "$rest" src/acquirer/sign.rs src/journal.rs 'src/journal/**'
        ;;
    heart/*) mutate postern-heart postern-sim "$heart" "$file" ;;
    *) mutate postern postern "$rest" "$file" ;;
esac

# Names go without line and column, which any change above them moves.
names() { cat $home/*/mutants.out/"$1".txt | sed 's/:[0-9]*:[0-9]*: /: /' | sort; }
count() { names "$1" | wc -l; }
sed -n 's/^- `\(.*\)`$/\1/p' $list | sort >$home/listed.txt
names missed | comm -23 - $home/listed.txt >$home/not_listed.txt

if [ -s $home/not_listed.txt ]; then
    echo "missed, and not listed in $list:"
    cat $home/not_listed.txt
fi
echo "$(count caught) caught, $(count timeout) went on for ever, $(count unviable) do not build, $(count missed) missed:" \
    "$(wc -l <$home/not_listed.txt) of them are not listed in $list"
[ ! -s $home/not_listed.txt ]
