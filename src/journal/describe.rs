//! A record in words, for people who read `postern journal list`.

use postern_heart::ask::{Decline, Product};
use postern_heart::day::{Compared, Counts, Difference};
use postern_heart::money::Amount;
use postern_heart::record::{Approval, Asked, Fact, Paid, Paper, Shown, Source, WhyUnsettled};
use postern_heart::screen::Standing;

use super::disk::Word;

/// What the fact says, in one line.
pub(super) fn fact(fact: &Fact) -> String {
    match fact {
        Fact::Asked(asked) => self::asked(asked),
        Fact::Received(received) => {
            format!("{} received by the static code ({})", received.amount, received.uq_id.0)
        }
        Fact::Shown(Shown::Display) => "its code is shown".to_owned(),
        Fact::Shown(Shown::Paper(_)) => "its code is shown, to be taken along".to_owned(),
        Fact::NotSent => "not sent: nothing was charged".to_owned(),
        Fact::Paid(paid) => format!("paid, {}", by(paid)),
        Fact::Refused(refused) => format!("refused: {}", decline(&refused.decline)),
        Fact::Cancelling { cancel, why } => format!("to be cancelled with {cancel} ({})", words(why)),
        Fact::CancelConfirmed { cancel } => format!("cancellation {cancel} confirmed"),
        Fact::CancelRefused { cancel, decline } => {
            format!("cancellation {cancel} refused: {}", self::decline(decline))
        }
        Fact::Reversed => "reversed: not paid, and what was paid went back".to_owned(),
        Fact::Unsettled { why } => format!("not settled: {}", unsettled(why)),
        Fact::PaidLate(paid) => format!("paid after all, {}", by(paid)),
        Fact::Decided(decision) => format!("a person decided: {}", words(decision)),
        Fact::Contradicted(what) => format!("contradicted: {}", words(what)),
        Fact::Approved(Approval::AttemptBeside(id)) => format!("the manager allowed an attempt beside {id}"),
        Fact::Approved(Approval::GiveBack { payment, amount }) => {
            format!("the manager allowed {} of {payment} to be given back", amount.pretty())
        }
        Fact::Refunding { refund, amount } => format!("{} to be given back with {refund}", amount.pretty()),
        Fact::Refunded { refund } => format!("given back with {refund}"),
        Fact::RefundRefused { refund, decline } => {
            format!("refund {refund} refused: {}", self::decline(decline))
        }
        Fact::RefundNotSent { refund } => format!("refund {refund} not sent: nothing was given back"),
        Fact::RefundsDiffer { ours, theirs } => format!(
            "nothing given back: the journal knows of {} given back before, the acquirer of {}",
            ours.pretty(),
            theirs.pretty()
        ),
        Fact::PinSet => "there is a manager's PIN".to_owned(),
        Fact::Approved(Approval::SetClock) => "the manager set the clock".to_owned(),
        Fact::Printing { paper, duplicate: false } => format!("printing {}", self::paper(*paper)),
        Fact::Printing { paper, duplicate: true } => {
            format!("printing {}, as a duplicate", self::paper(*paper))
        }
        Fact::Printed { paper, confirmed: true } => format!("printed {}", self::paper(*paper)),
        Fact::Printed { paper, confirmed: false } => format!("sent {} to the printer", self::paper(*paper)),
        Fact::NotPrinted { paper } => format!("not printed: {}", self::paper(*paper)),
        Fact::Started { version } => format!("postern {version} started"),
        Fact::Listening { missed_since: None } => "notifications are listened for".to_owned(),
        Fact::Listening { missed_since: Some(_) } => {
            "notifications are listened for again: payments by the static code may be missing".to_owned()
        }
        Fact::Compared(compared) => self::compared(compared),
        Fact::ClockSet { .. } => "the clock was set".to_owned(),
    }
}

fn compared(compared: &Compared) -> String {
    let Counts { agree, differ, open, unknown } = compared.counts;
    let with = if compared.statement { "the acquirer and its statement" } else { "the acquirer" };
    let mut says = format!(
        "{} compared with {with}: {agree} agree, {differ} differ, {open} not settled, {unknown} could not be asked",
        compared.day.0
    );
    for Difference { payment, against, ours, theirs } in &compared.differences {
        let side = |amount: &Option<Amount>| match amount {
            Some(amount) => format!("{amount} kept"),
            None => "no such payment".to_owned(),
        };
        let against = words(against);
        says.push_str(&format!("; {payment}: journal {}, {against} {}", side(ours), side(theirs)));
    }
    says
}

/// The word for where a transaction stands: people and scripts read the same.
pub(super) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "open",
        Standing::Cancelling => "cancelling",
        Standing::Unsettled => "unsettled",
        Standing::PaidLate => "paid_late",
        Standing::Paid => "paid",
        Standing::Refused => "refused",
        Standing::NotSent => "not_sent",
        Standing::Reversed => "reversed",
        Standing::GivingBack => "refunding",
        Standing::PartlyGivenBack => "partly_refunded",
        Standing::GivenBack => "refunded",
    }
}

/// The word for how the customer pays.
pub(super) fn product(product: Product) -> String {
    words(&product)
}

fn asked(asked: &Asked) -> String {
    let code = asked.code.as_ref().map(|code| format!(" {}", code.0)).unwrap_or_default();
    let attempt = match (asked.attempt, asked.beside) {
        (1, _) => String::new(),
        (attempt, None) => format!(", attempt {attempt} of {}", asked.sale),
        (attempt, Some(beside)) => format!(", attempt {attempt} of {}, beside {beside}", asked.sale),
    };
    format!("{} to be paid by {}{code}{attempt}", asked.amount, product(asked.product))
}

fn by(paid: &Paid) -> String {
    let says = match paid.by {
        Source::Pay => "as the answer to PAY says",
        Source::Detail => "as the answer to DETAIL says",
        Source::Notification => "as a notification says",
        Source::Person => "as a person says",
    };
    let id = paid.uq_id.as_ref().map(|id| format!(" ({})", id.0)).unwrap_or_default();
    format!("{says}{id}")
}

fn decline(decline: &Decline) -> String {
    format!("{} ({})", words(&decline.reason), decline.code.0)
}

fn unsettled(why: &WhyUnsettled) -> String {
    match why {
        WhyUnsettled::NoAnswer(None) => "the cancellation was not answered".to_owned(),
        WhyUnsettled::NoAnswer(Some(silence)) => format!("the cancellation was not answered ({silence:?})"),
        WhyUnsettled::Absent => "the acquirer does not know it, and it may still arrive".to_owned(),
        WhyUnsettled::Processing => "the acquirer is still at it".to_owned(),
        WhyUnsettled::Contradiction => "the acquirer contradicts itself".to_owned(),
        WhyUnsettled::NoCancel => "the wallet knows no cancellation".to_owned(),
        WhyUnsettled::CutOff => "the day for cancelling is over".to_owned(),
        WhyUnsettled::CancelRefused(code) => format!("the cancellation was refused ({})", code.0),
    }
}

fn paper(paper: Paper) -> &'static str {
    match paper {
        Paper::Receipt => "a receipt",
        Paper::NotPaid => "a slip that says not paid",
        Paper::Reversal => "a slip that says cancelled",
        Paper::Unsettled => "a slip that says not settled",
        Paper::Refund => "a slip that says given back",
        Paper::Copy => "a copy",
        Paper::CodeSlip => "a code to be scanned",
        Paper::Void => "a slip that says void",
    }
}

fn words(word: &impl Word) -> String {
    word.word().replace('_', " ")
}
