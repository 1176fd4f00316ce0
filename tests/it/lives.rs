//! Simulated lives of a counter: fixed seeds, and a power cut at every place of the short scripts.

use postern::sim::{Options, run, scripts, simulate};

#[test]
fn twenty_thousand_lives_of_a_counter_break_nothing() {
    let totals = simulate(20_000, 1, 2);
    assert_eq!(totals.lives, 20_000);
    assert!(totals.transactions >= 5 * totals.lives, "{} transactions", totals.transactions);
    assert!(totals.power_cuts > 0 && totals.faults > 0);
    assert!(totals.violations.is_empty(), "{:?}", totals.violations.first());
}

#[test]
fn the_same_seed_lives_the_same_life() {
    let tell = || {
        let outcome = run(7, &Options { story: true, ..Options::default() });
        (outcome.transactions, outcome.effects, outcome.story)
    };
    assert_eq!(tell(), tell());
}

#[test]
fn every_script_survives_a_power_cut_between_any_two_effects() {
    for script in scripts::ALL {
        let whole = run(1, &Options { script: Some(*script), ..Options::default() });
        assert!(whole.violations.is_empty(), "{}: {:?}", script.name, whole.violations);
        for goes_on in [false, true] {
            for at in 0..=whole.effects {
                let options =
                    Options { script: Some(*script), cut_at: Some(at), goes_on, ..Options::default() };
                let cut = run(1, &options);
                assert!(cut.violations.is_empty(), "{}, cut at {at}: {:?}", script.name, cut.violations);
            }
        }
    }
}
