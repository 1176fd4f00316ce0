//! A made-up journal, for figures about old ones: as good as one that a counter wrote.

use jiff::tz::TimeZone;
use postern::journal::{Lock, generate, transactions};
use postern_heart::ids::{OrderId, TerminalId};
use postern_heart::screen::Standing;

use super::command::good;
use super::support::Data;

#[test]
fn a_made_up_journal_is_whole_and_full_of_paid_transactions() {
    let data = Data::new();
    let lock = Lock::take(data.path()).unwrap();
    let terminal = TerminalId::parse("HK01").unwrap();
    assert_eq!(generate(&lock, terminal, 300).unwrap(), 1_500);
    let again = generate(&lock, terminal, 1).unwrap_err().detail;
    assert!(again.contains("journal.db"), "{again}");
    drop(lock);

    assert!(good(&data, "verify").contains(" 1500, each hashed"));
    let all = transactions(data.path(), &TimeZone::UTC, None).unwrap();
    assert_eq!(all.len(), 300);
    for (number, facts) in (0..).zip(&all) {
        let id = OrderId::make(terminal, number * 5 + 1, 0);
        assert_eq!(facts.id.as_str()[..12], id.as_str()[..12], "its number is its first record's");
        assert_eq!(facts.standing(), Standing::Paid);
        assert_eq!(facts.asked.amount.minor(), 100 + number);
        assert_eq!(facts.asked_at.unwrap().0, 1_569_888_000_000 + i64::try_from(number).unwrap() * 220_000);
        assert_eq!(facts.asked.cut_off.0, facts.asked_at.unwrap().0 + 86_400_000, "a day to cancel it");
    }
    assert_eq!(data.read().unwrap().open, []);
}
