//! What a record of a day's comparison says, as JSON.

use postern_heart::day::{Against, Compared, Counts, Day, Difference, Took};
use postern_heart::ids::{OrderId, Target, UqOrderId};
use postern_heart::money::Amount;
use serde::{Deserialize, Serialize};

use super::NotARecord;
use super::bodies::AmountBody;
use super::words::As;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ComparedBody {
    day: String,
    statement: bool,
    payments: u32,
    paid: AmountBody,
    back: AmountBody,
    agree: u32,
    differ: u32,
    open: u32,
    unknown: u32,
    differences: Vec<DifferenceBody>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DifferenceBody {
    payment: TargetBody,
    against: As<Against>,
    ours: Option<AmountBody>,
    theirs: Option<AmountBody>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TargetBody {
    Ours(As<OrderId>),
    Theirs(String),
}

impl From<&Compared> for ComparedBody {
    fn from(compared: &Compared) -> ComparedBody {
        let Compared { day: Day(day), statement, took, counts, differences } = compared;
        let Counts { agree, differ, open, unknown } = *counts;
        ComparedBody {
            day: day.clone(),
            statement: *statement,
            payments: took.payments,
            paid: (&took.paid).into(),
            back: (&took.back).into(),
            agree,
            differ,
            open,
            unknown,
            differences: differences.iter().map(DifferenceBody::from).collect(),
        }
    }
}

impl TryFrom<ComparedBody> for Compared {
    type Error = NotARecord;

    fn try_from(body: ComparedBody) -> Result<Compared, NotARecord> {
        let ComparedBody { agree, differ, open, unknown, .. } = body;
        Ok(Compared {
            day: Day(body.day),
            statement: body.statement,
            took: Took { payments: body.payments, paid: body.paid.try_into()?, back: body.back.try_into()? },
            counts: Counts { agree, differ, open, unknown },
            differences: body.differences.into_iter().map(Difference::try_from).collect::<Result<_, _>>()?,
        })
    }
}

impl From<&Difference> for DifferenceBody {
    fn from(difference: &Difference) -> DifferenceBody {
        let Difference { payment, against, ours, theirs } = difference;
        DifferenceBody {
            payment: match payment {
                Target::Ours(id) => TargetBody::Ours(As(*id)),
                Target::Theirs(UqOrderId(id)) => TargetBody::Theirs(id.clone()),
            },
            against: As(*against),
            ours: ours.as_ref().map(AmountBody::from),
            theirs: theirs.as_ref().map(AmountBody::from),
        }
    }
}

impl TryFrom<DifferenceBody> for Difference {
    type Error = NotARecord;

    fn try_from(body: DifferenceBody) -> Result<Difference, NotARecord> {
        let payment = match body.payment {
            TargetBody::Ours(As(id)) => Target::Ours(id),
            TargetBody::Theirs(id) => Target::Theirs(UqOrderId(id)),
        };
        let amount = |body: Option<AmountBody>| body.map(Amount::try_from).transpose();
        Ok(Difference {
            payment,
            against: body.against.0,
            ours: amount(body.ours)?,
            theirs: amount(body.theirs)?,
        })
    }
}

/// Records of comparisons, with every word at least once.
#[cfg(test)]
pub(super) fn examples(id: OrderId) -> Vec<postern_heart::record::Fact> {
    use super::words::Every;
    use postern_heart::money::Currency;

    let hkd = |minor| Amount::new(minor, Currency::HKD);
    let compared = |differences: Vec<Difference>| Compared {
        day: Day("2026-03-01".to_owned()),
        statement: !differences.is_empty(),
        took: Took { payments: 3, paid: hkd(12_350), back: hkd(350) },
        counts: Counts { agree: 1, differ: 2, open: 3, unknown: 4 },
        differences,
    };
    let both = |against| {
        let theirs = Target::Theirs(UqOrderId("UQ1".to_owned()));
        vec![
            Difference { payment: Target::Ours(id), against, ours: Some(hkd(1)), theirs: None },
            Difference { payment: theirs, against, ours: None, theirs: Some(hkd(1)) },
        ]
    };
    let all = std::iter::once(Vec::new()).chain(Against::EVERY.iter().map(|against| both(*against)));
    all.map(|differences| postern_heart::record::Fact::Compared(compared(differences))).collect()
}
