//! The journal against the acquirer's book, when all is over.

use std::collections::HashMap;

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use super::Result;
use crate::bench::counter::Counter;

/// Records that say how a payment ended; the last one counts.
const ENDS: [&str; 7] = ["paid", "refused", "not_sent", "reversed", "unsettled", "paid_late", "decided"];

/// A payment of the journal.
pub(super) struct Own {
    id: String,
    minor: i64,
    end: Option<String>,
}

impl Counter {
    /// The journal's payments, read from the file.
    pub(super) fn journal(&self) -> Vec<Own> {
        let file = Connection::open_with_flags(self.journal_file(), OpenFlags::SQLITE_OPEN_READ_ONLY);
        file.and_then(|file| read(&file)).unwrap_or_default()
    }
}

fn read(file: &Connection) -> rusqlite::Result<Vec<Own>> {
    let mut own: Vec<Own> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut statement =
        file.prepare("SELECT tx, kind, body FROM record WHERE tx IS NOT NULL ORDER BY sequence")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, kind, body): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if kind == "asked" {
            let body: Value = serde_json::from_str(&body).unwrap_or_default();
            places.insert(id.clone(), own.len());
            own.push(Own { id, minor: body["amount_minor"].as_i64().unwrap_or(-1), end: None });
        } else if ENDS.contains(&kind.as_str())
            && let Some(payment) = places.get(&id).and_then(|place| own.get_mut(*place))
        {
            payment.end = Some(kind);
        }
    }
    Ok(own)
}

/// Compares payment by payment.
pub(super) fn compare(kills: u32, own: &[Own], book: &Value) -> Result {
    let none = Vec::new();
    let orders = book["orders"].as_array().unwrap_or(&none);
    let by_id: HashMap<&str, &Value> =
        orders.iter().filter_map(|order| Some((order["merchantOrderId"].as_str()?, order))).collect();
    let mut differences: Vec<String> = book["violations"]
        .as_array()
        .unwrap_or(&none)
        .iter()
        .map(|broken| format!("broke the contract: {broken}"))
        .collect();
    for payment in own {
        if let Some(why) = difference(payment, by_id.get(payment.id.as_str()).copied()) {
            differences.push(format!("{}: {why}", payment.id));
        }
    }
    for id in by_id.keys().filter(|id| !own.iter().any(|payment| payment.id == **id)) {
        differences.push(format!("{id}: the acquirer has it and the journal has not"));
    }
    let open =
        |payment: &&Own| payment.end.as_deref().is_none_or(|end| matches!(end, "unsettled" | "paid_late"));
    Result { kills, transactions: own.len(), open: own.iter().filter(open).count(), differences }
}

fn difference(payment: &Own, order: Option<&Value>) -> Option<String> {
    let end = payment.end.as_deref().unwrap_or("open");
    let paid = matches!(end, "paid" | "decided");
    let Some(order) = order else {
        return paid.then(|| format!("{end} here, and the acquirer never had it"));
    };
    let (kept, times) = (minor(&order["kept"]), order["paidCount"].as_u64().unwrap_or(0));
    let expected = if paid { payment.minor } else { 0 };
    if times > 1 {
        return Some(format!("charged {times} times"));
    }
    (kept != Some(expected)).then(|| format!("{end} here, the acquirer keeps {}", order["kept"]))
}

/// An amount with two decimals in hundredths.
fn minor(amount: &Value) -> Option<i64> {
    amount.as_str()?.replace('.', "").parse().ok()
}
