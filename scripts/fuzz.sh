#!/bin/sh
# fuzz.sh SECONDS [TARGET...]: lets libFuzzer look for bytes for which a property of fuzz/ does not hold, so many seconds for
# each target. Everything that it makes lies in target/fuzz; what it has found to be of interest it begins with next time.
set -eu
seconds=$1
shift
home=target/fuzz
export PATH="$PWD/target/tools/bin:$PATH"

scripts/need.sh c++ g++
if ! cargo +nightly --version >/dev/null 2>&1; then
    echo "installing a nightly toolchain: coverage for libFuzzer needs one"
    if ! rustup toolchain install nightly --profile minimal >/dev/null 2>&1; then
        echo "fuzzing needs a nightly toolchain: run 'rustup toolchain install nightly', then this again" >&2
        exit 1
    fi
fi
if ! command -v cargo-fuzz >/dev/null 2>&1; then
    echo "installing cargo-fuzz into target/tools: a few minutes, once"
    if ! cargo install --quiet --locked --root target/tools cargo-fuzz; then
        echo "fuzzing needs cargo-fuzz: run 'cargo install cargo-fuzz', then this again" >&2
        exit 1
    fi
fi
mkdir -p $home/crashes
echo "building the fuzz targets in $home: some minutes the first time"
cp Cargo.lock fuzz/Cargo.lock
if ! cargo +nightly fuzz build --target-dir $home >$home/build.log 2>&1; then
    cat $home/build.log >&2
    exit 1
fi
[ $# -gt 0 ] || set -- $(cargo +nightly fuzz list)
programs=$home/$(cargo +nightly -vV | sed -n 's/^host: //p')/release

# Where one input takes more than ten seconds, or one piece of memory more than 32 MB, that is a crash too.
limits="-timeout=10 -malloc_limit_mb=32"
failed=0
for name in "$@"; do
    mkdir -p $home/corpus/$name
    log=$home/$name.log
    if "$programs/$name" $home/corpus/$name -max_total_time=$seconds $limits \
        -artifact_prefix=$home/crashes/$name- -print_final_stats=1 >$log 2>&1; then
        echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' $log) runs, no crash"
    else
        failed=1
        crash=$(sed -n 's/.*Test unit written to //p' $log | tail -1)
        echo "$name: a crash, told of in $log; this repeats it: $programs/$name $limits $crash"
    fi
done
exit $failed
