//! The disk form of records: a word for the fact and a JSON object with what it says. The only file that knows it.
//!
//! What was once written must be readable for ever: words and field names here never change their meaning. A new
//! fact, word or field is a new form of the journal and takes a migration (see `schema`), so that an older
//! program refuses the file instead of guessing. Whatever is not exactly known is corruption: an unknown word, a
//! field too many, a field too few.
//!
//! No payment code ever comes here: only its last four digits, and they are masked once more at this door.

mod bodies;
mod compared;
mod words;

use postern_heart::ask::{AnswerCode, Decline};
use postern_heart::ids::OrderId;
use postern_heart::now::Wall;
use postern_heart::record::{Fact, Record};
use serde::Serialize;
use serde::de::DeserializeOwned;

use bodies::{
    ApprovedBody, AskedBody, CancelConfirmedBody, CancelRefusedBody, CancellingBody, ClockSetBody,
    ContradictedBody, DecidedBody, ListeningBody, Nothing, PaidBody, PaperBody, PrintedBody, PrintingBody,
    ReceivedBody, RefundBody, RefundRefusedBody, RefundingBody, RefundsDifferBody, RefusedBody, ShownBody,
    StartedBody, UnsettledBody,
};
use compared::ComparedBody;
use words::As;

pub use super::chain::Row;

pub(super) use words::Word;

/// Why a row is no record.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each says what is wrong")]
pub enum NotARecord {
    #[error("it has an unknown kind `{0}`")]
    Kind(String),
    #[error("its transaction id `{0}` is none")]
    Transaction(String),
    #[error("its content can't be read: {0}")]
    Body(#[from] serde_json::Error),
    #[error("its content has {0}")]
    Value(&'static str),
}

/// Writes a record as the row that will stand at `sequence`.
///
/// # Errors
/// None in practice: serde's signature allows one.
pub fn write(record: &Record, sequence: i64, open: bool) -> serde_json::Result<Row> {
    let (kind, body) = write_fact(&record.fact)?;
    Ok(Row {
        sequence,
        tx: record.transaction.map(|id| id.as_str().to_owned()),
        at: record.at.map(|wall| wall.0),
        kind: kind.to_owned(),
        body,
        open: open && record.transaction.is_some(),
    })
}

/// Reads the record of a row.
///
/// # Errors
/// The row is none that was ever written.
pub fn read(row: &Row) -> Result<Record, NotARecord> {
    let transaction = match &row.tx {
        None => None,
        Some(text) => Some(OrderId::parse(text).ok_or_else(|| NotARecord::Transaction(text.clone()))?),
    };
    Ok(Record { transaction, at: row.at.map(Wall), fact: read_fact(&row.kind, &row.body)? })
}

fn write_fact(fact: &Fact) -> serde_json::Result<(&'static str, String)> {
    Ok(match fact {
        Fact::Asked(asked) => ("asked", json(&AskedBody::from(asked))?),
        Fact::Received(received) => ("received", json(&ReceivedBody::from(received))?),
        Fact::Shown(shown) => ("shown", json(&ShownBody::from(shown))?),
        Fact::NotSent => ("not_sent", json(&Nothing {})?),
        Fact::Paid(paid) => ("paid", json(&PaidBody::from(paid))?),
        Fact::Refused(refused) => ("refused", json(&RefusedBody::from(refused))?),
        Fact::Cancelling { cancel, why } => {
            ("cancelling", json(&CancellingBody { cancel: As(*cancel), why: As(*why) })?)
        }
        Fact::CancelConfirmed { cancel } => {
            ("cancel_confirmed", json(&CancelConfirmedBody { cancel: As(*cancel) })?)
        }
        Fact::CancelRefused { cancel, decline } => {
            let body = CancelRefusedBody {
                cancel: As(*cancel),
                reason: As(decline.reason),
                code: decline.code.0.clone(),
            };
            ("cancel_refused", json(&body)?)
        }
        Fact::Reversed => ("reversed", json(&Nothing {})?),
        Fact::Unsettled { why } => ("unsettled", json(&UnsettledBody { why: why.into() })?),
        Fact::PaidLate(paid) => ("paid_late", json(&PaidBody::from(paid))?),
        Fact::Decided(decision) => ("decided", json(&DecidedBody { decision: As(*decision) })?),
        Fact::Contradicted(what) => ("contradicted", json(&ContradictedBody { what: As(*what) })?),
        Fact::Approved(what) => ("approved", json(&ApprovedBody { what: what.into() })?),
        Fact::Printing { paper, duplicate } => {
            ("printing", json(&PrintingBody { paper: As(*paper), duplicate: *duplicate })?)
        }
        Fact::Printed { paper, confirmed } => {
            ("printed", json(&PrintedBody { paper: As(*paper), confirmed: *confirmed })?)
        }
        Fact::NotPrinted { paper } => ("not_printed", json(&PaperBody { paper: As(*paper) })?),
        Fact::Refunding { refund, amount } => {
            ("refunding", json(&RefundingBody { refund: As(*refund), amount: amount.into() })?)
        }
        Fact::Refunded { refund } => ("refunded", json(&RefundBody { refund: As(*refund) })?),
        Fact::RefundRefused { refund, decline } => {
            let body = RefundRefusedBody {
                refund: As(*refund),
                reason: As(decline.reason),
                code: decline.code.0.clone(),
            };
            ("refund_refused", json(&body)?)
        }
        Fact::RefundNotSent { refund } => ("refund_not_sent", json(&RefundBody { refund: As(*refund) })?),
        Fact::RefundsDiffer { ours, theirs } => {
            ("refunds_differ", json(&RefundsDifferBody { ours: ours.into(), theirs: theirs.into() })?)
        }
        Fact::PinSet => ("pin_set", json(&Nothing {})?),
        Fact::Started { version } => ("started", json(&StartedBody { version: version.clone() })?),
        Fact::Listening { missed_since } => {
            ("listening", json(&ListeningBody { missed_since: missed_since.map(|since| since.0) })?)
        }
        Fact::Compared(compared) => ("compared", json(&ComparedBody::from(compared))?),
        Fact::ClockSet { to } => ("clock_set", json(&ClockSetBody { to: to.0 })?),
    })
}

fn read_fact(kind: &str, text: &str) -> Result<Fact, NotARecord> {
    Ok(match kind {
        "asked" => Fact::Asked(body::<AskedBody>(text)?.try_into()?),
        "received" => Fact::Received(body::<ReceivedBody>(text)?.try_into()?),
        "shown" => Fact::Shown(body::<ShownBody>(text)?.try_into()?),
        "not_sent" => body::<Nothing>(text).map(|_| Fact::NotSent)?,
        "paid" => Fact::Paid(body::<PaidBody>(text)?.into()),
        "refused" => Fact::Refused(body::<RefusedBody>(text)?.into()),
        "cancelling" => {
            let read: CancellingBody = body(text)?;
            Fact::Cancelling { cancel: read.cancel.0, why: read.why.0 }
        }
        "cancel_confirmed" => Fact::CancelConfirmed { cancel: body::<CancelConfirmedBody>(text)?.cancel.0 },
        "cancel_refused" => {
            let read: CancelRefusedBody = body(text)?;
            let decline = Decline { reason: read.reason.0, code: AnswerCode(read.code) };
            Fact::CancelRefused { cancel: read.cancel.0, decline }
        }
        "reversed" => body::<Nothing>(text).map(|_| Fact::Reversed)?,
        "unsettled" => Fact::Unsettled { why: body::<UnsettledBody>(text)?.why.into() },
        "paid_late" => Fact::PaidLate(body::<PaidBody>(text)?.into()),
        "decided" => Fact::Decided(body::<DecidedBody>(text)?.decision.0),
        "contradicted" => Fact::Contradicted(body::<ContradictedBody>(text)?.what.0),
        "approved" => Fact::Approved(body::<ApprovedBody>(text)?.what.try_into()?),
        "refunding" => {
            let read: RefundingBody = body(text)?;
            Fact::Refunding { refund: read.refund.0, amount: read.amount.try_into()? }
        }
        "refunded" => Fact::Refunded { refund: body::<RefundBody>(text)?.refund.0 },
        "refund_refused" => {
            let read: RefundRefusedBody = body(text)?;
            let decline = Decline { reason: read.reason.0, code: AnswerCode(read.code) };
            Fact::RefundRefused { refund: read.refund.0, decline }
        }
        "refund_not_sent" => Fact::RefundNotSent { refund: body::<RefundBody>(text)?.refund.0 },
        "refunds_differ" => {
            let read: RefundsDifferBody = body(text)?;
            Fact::RefundsDiffer { ours: read.ours.try_into()?, theirs: read.theirs.try_into()? }
        }
        "pin_set" => body::<Nothing>(text).map(|_| Fact::PinSet)?,
        "printing" => {
            let read: PrintingBody = body(text)?;
            Fact::Printing { paper: read.paper.0, duplicate: read.duplicate }
        }
        "printed" => {
            let read: PrintedBody = body(text)?;
            Fact::Printed { paper: read.paper.0, confirmed: read.confirmed }
        }
        "not_printed" => Fact::NotPrinted { paper: body::<PaperBody>(text)?.paper.0 },
        "started" => Fact::Started { version: body::<StartedBody>(text)?.version },
        "listening" => Fact::Listening { missed_since: body::<ListeningBody>(text)?.missed_since.map(Wall) },
        "compared" => Fact::Compared(body::<ComparedBody>(text)?.try_into()?),
        "clock_set" => Fact::ClockSet { to: Wall(body::<ClockSetBody>(text)?.to) },
        _ => return Err(NotARecord::Kind(kind.to_owned())),
    })
}

fn json(body: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string(body)
}

fn body<T: DeserializeOwned>(text: &str) -> Result<T, NotARecord> {
    Ok(serde_json::from_str(text)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use postern_heart::ask::{OrderCode, PaidAt, Product, Reason, Silence};
    use postern_heart::code::MaskedCode;
    use postern_heart::ids::UqOrderId;
    use postern_heart::money::{Amount, Currency};
    use postern_heart::record::{
        Approval, Asked, Contradiction, Decision, Paid, Paper, Received, Refused, Shown, Source, WhyCancel,
        WhyUnsettled,
    };

    use super::words::Every;
    use super::*;

    fn id(text: &str) -> OrderId {
        OrderId::parse(text).unwrap()
    }

    fn asked() -> Asked {
        Asked {
            product: Product::PaymentCode,
            amount: Amount::new(12_350, Currency::HKD),
            code: Some(MaskedCode("…3456".to_owned())),
            sale: id("HK01-000001-7KQ2M9XD"),
            attempt: 2,
            expire_at: Wall(1_785_000_070_000),
            cut_off: Wall(1_785_023_999_000),
            beside: Some(id("HK01-000001-7KQ2M9XD")),
        }
    }

    fn received(paid: Option<PaidAt>) -> Received {
        let amount = Amount::new(12_350, Currency::HKD);
        Received { amount, uq_id: UqOrderId("UQ1".to_owned()), paid }
    }

    fn decline(reason: Reason) -> Decline {
        Decline { reason, code: AnswerCode("200003".to_owned()) }
    }

    /// Every kind, and every word of every enum at least once.
    fn facts() -> Vec<Fact> {
        let cancel = id("HK01-000003-0123ABCD");
        let uq_id = Some(UqOrderId("UQ1".to_owned()));
        let paid_at = Some(PaidAt { at: Wall(1), cut_off: Wall(2) });
        let mut facts = vec![
            Fact::NotSent,
            Fact::CancelConfirmed { cancel },
            Fact::Reversed,
            Fact::Started { version: "0.1.0".to_owned() },
            Fact::ClockSet { to: Wall(-1) },
            Fact::Listening { missed_since: None },
            Fact::Listening { missed_since: Some(Wall(7)) },
            Fact::Received(received(None)),
            Fact::Received(received(Some(PaidAt { at: Wall(1), cut_off: Wall(2) }))),
            Fact::Approved(Approval::AttemptBeside(cancel)),
            Fact::Approved(Approval::SetClock),
            Fact::Approved(Approval::GiveBack { payment: cancel, amount: Amount::new(230, Currency::HKD) }),
            Fact::PinSet,
            Fact::Refunding { refund: cancel, amount: Amount::new(230, Currency::HKD) },
            Fact::Refunded { refund: cancel },
            Fact::RefundRefused { refund: cancel, decline: decline(Reason::TooMuch) },
            Fact::RefundNotSent { refund: cancel },
            Fact::RefundsDiffer {
                ours: Amount::new(0, Currency::HKD),
                theirs: Amount::new(230, Currency::HKD),
            },
            Fact::Asked(Asked { code: None, beside: None, ..asked() }),
        ];
        facts
            .extend(Product::EVERY.iter().map(|product| Fact::Asked(Asked { product: *product, ..asked() })));
        let code = OrderCode("https://qr.example/1".to_owned());
        facts.extend([Shown::Display, Shown::Paper(code)].map(Fact::Shown));
        facts.extend(Source::EVERY.iter().flat_map(|by| {
            let paid = Paid { uq_id: uq_id.clone(), paid: paid_at, by: *by };
            let less = Paid { uq_id: None, paid: None, by: *by };
            [Fact::Paid(paid.clone()), Fact::PaidLate(paid), Fact::Paid(less)]
        }));
        facts.extend(Reason::EVERY.iter().flat_map(|reason| {
            let decline = decline(*reason);
            let refused = Refused { decline: decline.clone(), by: Source::Detail };
            [Fact::Refused(refused), Fact::CancelRefused { cancel, decline }]
        }));
        facts.extend(WhyCancel::EVERY.iter().map(|why| Fact::Cancelling { cancel, why: *why }));
        facts.extend(whys().map(|why| Fact::Unsettled { why }));
        facts.extend(Decision::EVERY.iter().map(|decision| Fact::Decided(*decision)));
        facts.extend(Contradiction::EVERY.iter().map(|what| Fact::Contradicted(*what)));
        facts.extend(super::compared::examples(cancel));
        facts.extend(Paper::EVERY.iter().flat_map(|paper| {
            let paper = *paper;
            [
                Fact::Printing { paper, duplicate: true },
                Fact::Printing { paper, duplicate: false },
                Fact::Printed { paper, confirmed: true },
                Fact::Printed { paper, confirmed: false },
                Fact::NotPrinted { paper },
            ]
        }));
        facts
    }

    fn whys() -> impl Iterator<Item = WhyUnsettled> {
        let silences = [
            Silence::TimeOut,
            Silence::Broken,
            Silence::Http(503),
            Silence::Unreadable,
            Silence::BadSignature,
            Silence::OtherTransaction,
        ];
        let others = [
            WhyUnsettled::NoAnswer(None),
            WhyUnsettled::Absent,
            WhyUnsettled::Processing,
            WhyUnsettled::Contradiction,
            WhyUnsettled::NoCancel,
            WhyUnsettled::CutOff,
            WhyUnsettled::CancelRefused(AnswerCode("200008".to_owned())),
        ];
        silences.into_iter().map(|silence| WhyUnsettled::NoAnswer(Some(silence))).chain(others)
    }

    fn record(fact: Fact) -> Record {
        Record { transaction: Some(id("HK01-000001-7KQ2M9XD")), at: Some(Wall(5)), fact }
    }

    #[test]
    fn every_fact_is_read_back_as_it_was_written() {
        for fact in facts() {
            let record = record(fact);
            let row = write(&record, 9, true).unwrap();
            assert_eq!(read(&row).unwrap(), record, "{row:?}");
        }
    }

    #[test]
    fn no_two_facts_are_written_the_same() {
        let mut written: Vec<_> = facts().iter().map(|fact| write_fact(fact).unwrap()).collect();
        let all = written.len();
        written.sort();
        written.dedup();
        assert_eq!(written.len(), all);
    }

    #[test]
    fn a_record_about_the_terminal_is_never_open() {
        let record = Record { transaction: None, at: None, fact: Fact::Started { version: "1".to_owned() } };
        let row = write(&record, 1, true).unwrap();
        assert!(!row.open);
        assert_eq!(read(&row).unwrap(), record);
    }

    #[test]
    fn the_words_on_disk_never_change_unnoticed() {
        let text: String = facts()
            .iter()
            .map(|fact| write_fact(fact).unwrap())
            .map(|(kind, body)| format!("{kind} {body}\n"))
            .collect();
        let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/golden/journal_records.txt");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(golden, &text).unwrap();
        }
        let expected = std::fs::read_to_string(golden).unwrap();
        assert_eq!(text, expected, "the disk form changed: that takes a migration (then UPDATE_GOLDEN=1)");
    }

    #[test]
    fn what_is_not_exactly_known_is_no_record() {
        let good = write(&record(Fact::Asked(asked())), 9, true).unwrap();
        type Break = fn(&mut Row);
        let breaks: [(&str, Break); 7] = [
            ("unknown kind", |row| row.kind = "teleported".to_owned()),
            ("transaction id", |row| row.tx = Some("no id!".to_owned())),
            ("unknown field", |row| row.body = row.body.replace("{", "{\"colour\":1,")),
            ("missing field", |row| row.body = row.body.replace("\"attempt\":2,", "")),
            ("unknown word", |row| row.body = row.body.replace("payment_code", "cheque")),
            ("unknown currency", |row| row.body = row.body.replace("HKD", "XXX")),
            ("not masked", |row| row.body = row.body.replace("…3456", "2812345678903456")),
        ];
        for (what, break_it) in breaks {
            let mut row = good.clone();
            break_it(&mut row);
            assert_ne!(row, good, "{what}");
            let error = read(&row).unwrap_err().to_string();
            assert!(error.contains(what), "{what}: {error}");
        }
    }

    #[test]
    fn a_whole_payment_code_is_masked_on_its_way_to_the_disk() {
        for (came, written) in [
            ("281234567890123456", "…3456"),
            ("…281234567890123456", "…3456"),
            ("…3456", "…3456"),
            ("56", "…56"),
            ("…", "…"),
        ] {
            let fact = Fact::Asked(Asked { code: Some(MaskedCode(came.to_owned())), ..asked() });
            let (_, body) = write_fact(&fact).unwrap();
            assert!(body.contains(&format!("\"{written}\"")), "{came}: {body}");
            assert!(!body.contains("1234567890"), "{body}");
        }
    }
}
