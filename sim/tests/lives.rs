//! Simulated lives of a counter: fixed seeds, and a power cut at every place of the short scripts.
//!
//! A binary of its own: it takes seconds, and cargo starts it only where the stories in `it` hold.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

use postern_heart::Mistake;
use postern_heart::desk::Desk;
use postern_heart::settings::Settings;
use postern_sim::{Options, run, scripts, simulate};

#[test]
fn two_thousand_lives_of_a_counter_break_nothing() {
    live_and_check(2_000, 1);
}

/// Apart from the first two thousand, because `make mutants` has no time for these.
#[test]
fn eighteen_thousand_more_lives_break_nothing() {
    live_and_check(18_000, 2_001);
}

fn live_and_check(lives: u64, base: u64) {
    let totals = simulate(lives, base, 2);
    assert_eq!(totals.lives, lives);
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
    for script in scripts::all() {
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

/// A script that presses beside its way would be survived for nothing: so often this word is in its story.
fn goes_its_way(name: &str, word: &str, times: usize) {
    let script = scripts::named(name).expect(name);
    let story = run(1, &Options { script: Some(*script), story: true, ..Options::default() }).story;
    let done = story.iter().filter(|line| line.contains(word)).count();
    assert_eq!(done, times, "{name}, {word}:\n{}", story.join("\n"));
}

#[test]
fn the_scripts_of_money_back_go_the_way_that_they_are_named_after() {
    goes_its_way("all of a payment goes back on its day", "why: GiveBack", 1);
    goes_its_way("the cancellation that gives money back is refused and a refund follows", " Refunded {", 1);
    goes_its_way("two parts go back, and the answers of both are lost", " Refunded {", 2);
    goes_its_way(
        "a refund never arrives and leaves again, and what was late arrives after it",
        " REFUND of",
        2,
    );
    goes_its_way("a refund is processed for a while", " Refunded {", 1);
    goes_its_way("a refund does not leave, and the next one is refused", "RefundNotSent", 1);
}

#[test]
fn the_scripts_of_codes_to_take_along_go_the_way_that_they_are_named_after() {
    goes_its_way("a link is taken along and paid later", "scans the code on a slip", 1);
    goes_its_way("a link is taken along and paid later", "  paper: paid", 1);
    goes_its_way("a link is cancelled from the list while its customer pays", "why: Stop", 1);
    goes_its_way("a printed code is never scanned and its time is over", "why: Limit", 1);
    goes_its_way("a printed code is never scanned and its time is over", "  paper: void", 1);
    goes_its_way("a code on the display is cancelled for one on paper", " Shown(Display)", 1);
    goes_its_way("a code on the display is cancelled for one on paper", " Shown(Paper", 1);
    let half = "half a slip comes out, a second one is printed, and the link is cancelled";
    goes_its_way(half, "paper: code", 2);
    goes_its_way(half, "  paper: void", 1);
    let lost = "a link whose pay is lost makes no code and its customer is scanned";
    goes_its_way(lost, " Shown(Paper", 0);
    goes_its_way(lost, "  paper: paid", 1);
}

#[test]
fn the_scripts_of_old_copies_go_the_way_that_they_are_named_after() {
    let put_back = "an old copy of the disk is put back";
    let sale = "a sale is forgotten and the next one counts from the same number";
    goes_its_way(sale, put_back, 1);
    goes_its_way(sale, " Paid(Paid", 2);
    let end = "the disk is copied while a customer pays, and the end is forgotten";
    goes_its_way(end, put_back, 1);
    goes_its_way(end, " Paid(Paid", 2);
    let attempt = "a refusal and the next attempt are forgotten, and the attempt was paid";
    goes_its_way(attempt, put_back, 1);
    goes_its_way(attempt, " Refused(Refused", 2);
    let part = "a part that went back is forgotten, and no second one leaves";
    goes_its_way(part, put_back, 1);
    goes_its_way(part, " REFUND of", 1);
    goes_its_way(part, "RefundsDiffer", 1);
    let link = "a link is forgotten, and its customer pays";
    goes_its_way(link, put_back, 1);
    goes_its_way(link, "customer answers the wallet: Pays", 1);
}

#[test]
fn the_scripts_of_two_terminals_go_the_way_that_they_are_named_after() {
    let sell = "two terminals from one image sell at the same time";
    goes_its_way(sell, "Paid(Paid", 2);
    goes_its_way(sell, "[2]      save HK01-", 4);
    let open = "the second terminal cancels what was open in the image, and neither says paid";
    goes_its_way(open, "save HK01-000003-3D06G7DH Refused(", 1);
    goes_its_way(open, "[2]      save HK01-000003-3D06G7DH Reversed", 1);
    let both = "both terminals give back money of one payment, and it goes back once";
    goes_its_way(both, " CANCEL of", 1);
    goes_its_way(both, " REFUND of", 0);
}

#[test]
fn the_scripts_of_the_static_code_go_the_way_that_they_are_named_after() {
    let served = "a customer pays by the static code while another one is served";
    goes_its_way(served, " Received(", 1);
    goes_its_way(served, "paper: paid", 2);
    let again = "the answer to a notification is lost, and it comes again";
    goes_its_way(again, "> Notified", 2);
    goes_its_way(again, " Received(", 1);
    let twice = "a notification comes twice at once";
    goes_its_way(twice, "> Notified", 2);
    goes_its_way(twice, " Received(", 1);
    let denied = "a notification is denied before it and after it";
    goes_its_way(denied, "> Notified", 4);
    goes_its_way(denied, " Received(", 2);
    goes_its_way(denied, "Contradicted(NotifiedNotPaid)", 1);
    goes_its_way("two parts of a payment by the static code go back", " Refunded {", 2);
    let forgotten = "a payment by the static code is forgotten, and is told again";
    goes_its_way(forgotten, "an old copy of the disk is put back", 1);
    goes_its_way(forgotten, " Received(", 2);
}

/// The first life, of a hundred thousand, in which the checker finds a heart that errs, and says this word of it.
fn first_found(heart: fn(Settings, u64) -> Desk, word: &str) -> Option<(u64, String)> {
    let options = Options { sales: 5, heart: Some(heart), ..Options::default() };
    let found = |seed| run(seed, &options).violations.into_iter().find(|what| what.contains(word));
    (1..=100_000).find_map(|seed| Some((seed, found(seed)?)))
}

/// A checker that is silent about a heart with a mistake in it would be silent about everything.
#[test]
fn mistakes_that_real_systems_make_are_each_found() {
    macro_rules! erring {
        ($mistake:ident, $word:literal) => {{
            let heart: fn(Settings, u64) -> Desk = |settings, seed| {
                let mut desk = Desk::new(settings, seed);
                desk.err(Mistake::$mistake);
                desk
            };
            (Mistake::$mistake, heart, $word)
        }};
    }
    let mistakes = [
        erring!(AsksBeforeItSaves, "nothing is on disk"),
        erring!(TakesSilenceForRefusal, "nothing that was answered refused it"),
        erring!(BelievesAbsence, "nothing that was answered refused it"),
        erring!(BelievesTheCancel, "no DETAIL sent after the cancellation agreed"),
        erring!(HidesTheDuplicate, "does not say DUPLICATE"),
        erring!(RefundsUnderANewId, "is not on disk"),
        erring!(AnswersBeforeItSaves, "a notification was taken that is not on disk"),
        // After an old copy of the disk was put back …
        erring!(CountsIds, "was used twice"),
        // … and where two terminals began with one image.
        erring!(CountsIds, "was used by two terminals"),
    ];
    for (mistake, heart, word) in mistakes {
        let found = first_found(heart, word);
        let (seed, violation) = found.unwrap_or_else(|| panic!("{mistake:?}: not found in 100,000 lives"));
        println!("{mistake:?}: life {seed}: {violation}");
    }
}
