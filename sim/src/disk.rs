//! The pretended journal: a list of records, which is all that a power cut leaves.

use std::collections::BTreeMap;

use postern_heart::event::{Opened, Search};
use postern_heart::ids::OrderId;
use postern_heart::record::{Fact, Record};

/// How many of the last records a start reads for the list of recent transactions.
const RECENT_RECORDS: usize = 120;

/// The records, and which transactions are open by the last word about each.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    records: Vec<Record>,
    open: BTreeMap<OrderId, Vec<usize>>,
}

impl Disk {
    /// Writes one record.
    pub fn write(&mut self, record: &Record, open: bool) {
        let place = self.records.len();
        self.records.push(record.clone());
        let Some(id) = record.transaction else { return };
        if open {
            let own = self.open.entry(id).or_insert_with(|| {
                let records = self.records.iter().enumerate();
                records
                    .filter(|(at, old)| *at < place && old.transaction == Some(id))
                    .map(|(at, _)| at)
                    .collect()
            });
            own.push(place);
        } else {
            self.open.remove(&id);
        }
    }

    /// What a start reads.
    pub fn read(&self) -> Opened {
        let mut places: Vec<usize> = self.open.values().flatten().copied().collect();
        places.sort_unstable();
        let tail = self.records.len().saturating_sub(RECENT_RECORDS);
        Opened {
            sequence: self.records.len() as u64,
            pin_set: self.records.iter().any(|record| record.fact == Fact::PinSet),
            open: places.into_iter().filter_map(|place| self.records.get(place)).cloned().collect(),
            recent: self.records.get(tail..).unwrap_or_default().to_vec(),
        }
    }

    /// All records of the transaction that has this id, or gave it to a cancellation or a refund.
    pub fn find(&self, search: &Search) -> Vec<Record> {
        let named = |id: &str| id.eq_ignore_ascii_case(&search.0);
        let names = |record: &Record| match &record.fact {
            Fact::Asked(_) => record.transaction.is_some_and(|id| named(id.as_str())),
            Fact::Received(received) => {
                named(&received.uq_id.0) || record.transaction.is_some_and(|id| named(id.as_str()))
            }
            Fact::Cancelling { cancel, .. } => named(cancel.as_str()),
            Fact::Refunding { refund, .. } => named(refund.as_str()),
            Fact::Paid(paid) | Fact::PaidLate(paid) => paid.uq_id.as_ref().is_some_and(|id| named(&id.0)),
            _ => false,
        };
        let Some(found) = self.records.iter().rfind(|record| names(record)) else { return Vec::new() };
        self.records.iter().filter(|record| record.transaction == found.transaction).cloned().collect()
    }

    /// All records, in order.
    pub fn records(&self) -> &[Record] {
        &self.records
    }
}
