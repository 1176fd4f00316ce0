//! The journal against the acquirer's book, when all is over.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use super::Trial;

/// Records that say how a payment ended; the last one counts.
const ENDS: [&str; 7] = ["paid", "refused", "not_sent", "reversed", "unsettled", "paid_late", "decided"];

/// A payment of the journal.
pub(super) struct Own {
    id: String,
    minor: i64,
    /// What it collects: several attempts can belong to one.
    sale: String,
    /// The manager let it go beside an attempt that was not settled.
    beside: bool,
    end: Option<String>,
}

/// Reads the journal's payments from its file.
///
/// # Errors
/// It can't be read: then nothing can be compared.
pub(super) fn payments(journal: &Path) -> Result<Vec<Own>, Box<dyn std::error::Error>> {
    let file = Connection::open_with_flags(journal, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut own: Vec<Own> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut statement =
        file.prepare("SELECT tx, kind, body FROM record WHERE tx IS NOT NULL ORDER BY sequence")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, kind, body): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if kind == "asked" {
            let body: Value = serde_json::from_str(&body)?;
            let (minor, sale) = (body["amount_minor"].as_i64(), body["sale"].as_str());
            let (minor, sale) = minor.zip(sale).ok_or("an intent without amount or sale")?;
            let beside = !body["beside"].is_null();
            places.insert(id.clone(), own.len());
            own.push(Own { id, minor, sale: sale.to_owned(), beside, end: None });
        } else if ENDS.contains(&kind.as_str())
            && let Some(payment) = places.get(&id).and_then(|place| own.get_mut(*place))
        {
            payment.end = Some(kind);
        }
    }
    Ok(own)
}

/// Compares payment by payment, and counts the charges of each sale.
pub(super) fn compare(kills: u32, own: &[Own], book: &Value) -> Trial {
    let none = Vec::new();
    let orders = book["orders"].as_array().unwrap_or(&none);
    let by_id: HashMap<&str, &Value> =
        orders.iter().filter_map(|order| Some((order["merchantOrderId"].as_str()?, order))).collect();
    let broken = book["violations"].as_array().unwrap_or(&none).iter();
    let mut differences: Vec<String> = broken.map(|rule| format!("broke the contract: {rule}")).collect();
    let mut charged: HashMap<&str, &str> = HashMap::new();
    for payment in own {
        let order = by_id.get(payment.id.as_str()).copied();
        if let Some(why) = difference(payment, order) {
            differences.push(format!("{}: {why}", payment.id));
        }
        let kept = order.and_then(|order| minor(&order["kept"])).is_some_and(|kept| kept > 0);
        if kept
            && !payment.beside
            && let Some(other) = charged.insert(&payment.sale, &payment.id)
        {
            differences.push(format!("{}: its sale was charged before, by {other}", payment.id));
        }
    }
    for id in by_id.keys().filter(|id| !own.iter().any(|payment| payment.id == **id)) {
        differences.push(format!("{id}: the acquirer has it and the journal has not"));
    }
    let open =
        |payment: &&Own| payment.end.as_deref().is_none_or(|end| matches!(end, "unsettled" | "paid_late"));
    Trial { kills, transactions: own.len(), open: own.iter().filter(open).count(), differences }
}

fn difference(payment: &Own, order: Option<&Value>) -> Option<String> {
    let end = payment.end.as_deref().unwrap_or("open");
    let paid = matches!(end, "paid" | "decided");
    let Some(order) = order else {
        return paid.then(|| format!("{end} here, and the acquirer never had it"));
    };
    let (amount, kept) = (minor(&order["amount"]), minor(&order["kept"]));
    if amount != Some(payment.minor) {
        return Some(format!("the acquirer was asked for {}", order["amount"]));
    }
    let times = order["paidCount"].as_u64();
    if times.is_none_or(|times| times > 1) {
        return Some(format!("charged {} times", order["paidCount"]));
    }
    let expected = if paid { payment.minor } else { 0 };
    (kept != Some(expected)).then(|| format!("{end} here, the acquirer keeps {}", order["kept"]))
}

/// An amount with two decimals in hundredths.
fn minor(amount: &Value) -> Option<i64> {
    amount.as_str()?.replace('.', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn own(id: &str, sale: &str, end: &str) -> Own {
        let (id, sale, end) = (id.to_owned(), sale.to_owned(), Some(end.to_owned()));
        Own { id, minor: 1250, sale, beside: false, end }
    }

    fn order(id: &str, amount: &str, kept: &str, times: u64) -> Value {
        json!({ "merchantOrderId": id, "amount": amount, "kept": kept, "paidCount": times })
    }

    fn differences(own: &[Own], orders: &[Value]) -> Vec<String> {
        compare(0, own, &json!({ "orders": orders, "violations": [] })).differences
    }

    #[test]
    fn what_agrees_is_no_difference() {
        let own = [own("A", "A", "refused"), own("B", "A", "paid"), own("C", "C", "not_sent")];
        let orders = [order("A", "12.50", "0.00", 0), order("B", "12.50", "12.50", 1)];
        assert_eq!(differences(&own, &orders), [""; 0]);
    }

    #[test]
    fn each_thing_that_can_be_wrong_is_one_difference() {
        let paid = || own("A", "A", "paid");
        for (own, orders) in [
            (vec![paid()], vec![]),
            (vec![], vec![order("A", "12.50", "0.00", 0)]),
            (vec![paid()], vec![order("A", "12.50", "0.00", 1)]),
            (vec![paid()], vec![order("A", "12.50", "12.50", 2)]),
            (vec![own("A", "A", "refused")], vec![order("A", "12.50", "12.50", 1)]),
            (vec![own("A", "A", "refused")], vec![order("A", "1.00", "0.00", 0)]),
            (
                vec![paid(), own("B", "A", "paid")],
                vec![order("A", "12.50", "12.50", 1), order("B", "12.50", "12.50", 1)],
            ),
        ] {
            assert_eq!(differences(&own, &orders).len(), 1, "{orders:?}");
        }
    }

    #[test]
    fn a_second_charge_that_the_manager_allowed_is_no_difference() {
        let own = [own("A", "A", "paid"), Own { beside: true, ..own("B", "A", "paid") }];
        let orders = [order("A", "12.50", "12.50", 1), order("B", "12.50", "12.50", 1)];
        assert_eq!(differences(&own, &orders), [""; 0]);
    }
}
