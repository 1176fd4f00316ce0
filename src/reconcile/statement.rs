//! The acquirer's daily statement: a CSV file, whose columns and words the wire profile names.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use csv::{ReaderBuilder, StringRecord};
use postern_heart::ids::{OrderId, UqOrderId};
use postern_heart::money::{Amount, Currency};

use crate::acquirer::profile::StatementForm;

/// What a statement says of one payment: the sums of its rows that count.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Our id, where the row names one.
    pub id: Option<OrderId>,
    /// The acquirer's id.
    pub uq_id: Option<UqOrderId>,
    /// What was paid.
    pub paid: Amount,
    /// What was given back of it.
    pub back: Amount,
    /// The row of the file that it begins in, from 1.
    pub line: u64,
}

impl Entry {
    /// What was paid and stayed.
    pub fn kept(&self) -> Amount {
        Amount::new(self.paid.minor().saturating_sub(self.back.minor()), self.paid.currency())
    }
}

/// Why a statement can't be read.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each names its file and what to do")]
pub enum StatementFault {
    #[error("could not read the statement {}", path.display())]
    Unreadable { path: PathBuf, source: csv::Error },
    #[error(
        "the statement {} has no column `{column}`: name it in the profile's [statement] section",
        path.display()
    )]
    Column { path: PathBuf, column: String },
    #[error("the statement {}, line {line}: {why}", path.display())]
    Row { path: PathBuf, line: u64, why: String },
    #[error("the profile's statement.delimiter must be one ASCII character")]
    Delimiter,
}

/// Reads a statement.
///
/// # Errors
/// The first thing that is wrong, with file and line: half a statement is none.
pub fn read(path: &Path, form: &StatementForm) -> Result<Vec<Entry>, StatementFault> {
    let text = fs::read(path)
        .map_err(|source| StatementFault::Unreadable { path: path.to_owned(), source: source.into() })?;
    parse(path, &text, form)
}

/// Reads the statement that stands in the file at `path`.
///
/// # Errors
/// The first thing that is wrong, with file and line: half a statement is none.
pub fn parse(path: &Path, text: &[u8], form: &StatementForm) -> Result<Vec<Entry>, StatementFault> {
    let delimiter =
        u8::try_from(form.delimiter).ok().filter(u8::is_ascii).ok_or(StatementFault::Delimiter)?;
    let unreadable = |source| StatementFault::Unreadable { path: path.to_owned(), source };
    let mut reader = ReaderBuilder::new().delimiter(delimiter).from_reader(text);
    let columns = Columns::find(reader.headers().map_err(unreadable)?, path, form)?;
    let (mut sums, mut lines) = (Sums::default(), Lines { text, at: 0, line: 1 });
    for row in reader.records() {
        let row = row.map_err(unreadable)?;
        let line = lines.of(&row);
        let fault = |why| StatementFault::Row { path: path.to_owned(), line, why };
        columns.take(&row, line, form, &mut sums).map_err(fault)?;
    }
    Ok(sums.entries)
}

/// Counts lines from one row to the next.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line that a row begins in. The reader's own count stops before the line feed of CR LF, and before empty lines.
    fn of(&mut self, row: &StringRecord) -> u64 {
        let begins = row.position().and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or(self.at);
        loop {
            match self.text.get(self.at..) {
                Some([b'\r', b'\n', ..]) => {}
                Some([b'\r' | b'\n', ..]) => self.line += 1,
                Some([_, ..]) if self.at < begins => {}
                Some(_) | None => return self.line,
            }
            self.at += 1;
        }
    }
}

/// Where the columns stand.
struct Columns {
    order_id: usize,
    uq_order_id: usize,
    original_order_id: Option<usize>,
    original_uq_order_id: Option<usize>,
    kind: usize,
    status: usize,
    amount: usize,
    currency: usize,
}

impl Columns {
    fn find(head: &StringRecord, path: &Path, form: &StatementForm) -> Result<Columns, StatementFault> {
        let place =
            |name: &str| head.iter().position(|column| column.trim_matches(['\u{FEFF}', ' ']) == name);
        let needed = |name: &str| {
            place(name)
                .ok_or_else(|| StatementFault::Column { path: path.to_owned(), column: name.to_owned() })
        };
        Ok(Columns {
            order_id: needed(&form.order_id)?,
            uq_order_id: needed(&form.uq_order_id)?,
            original_order_id: place(&form.original_order_id),
            original_uq_order_id: place(&form.original_uq_order_id),
            kind: needed(&form.kind)?,
            status: needed(&form.status)?,
            amount: needed(&form.amount)?,
            currency: needed(&form.currency)?,
        })
    }

    fn take(
        &self,
        row: &StringRecord,
        line: u64,
        form: &StatementForm,
        sums: &mut Sums,
    ) -> Result<(), String> {
        let text = |at: usize| row.get(at).unwrap_or_default().trim();
        if text(self.status) != form.success {
            return Ok(());
        }
        let currency = Currency::parse(text(self.currency))
            .ok_or_else(|| format!("{:?} is no currency that this program knows", text(self.currency)))?;
        let amount = Amount::parse(text(self.amount), currency)
            .ok_or_else(|| format!("{:?} is no amount in {}", text(self.amount), currency.code()))?;
        let own = Names::read(text(self.order_id), text(self.uq_order_id));
        let original = |at: Option<usize>| at.map_or("", &text);
        let paid = Names::read(original(self.original_order_id), original(self.original_uq_order_id));
        match text(self.kind) {
            kind if kind == form.payment => sums.pay(own, amount, line),
            kind if kind == form.refund => sums.give_back(&paid, Some(amount)),
            kind if kind == form.cancel => sums.give_back(&paid, None),
            kind => Err(format!("{kind:?} is no kind of transaction that the profile names")),
        }
    }
}

struct Names {
    id: Option<OrderId>,
    uq_id: Option<UqOrderId>,
}

impl Names {
    fn read(id: &str, uq_id: &str) -> Names {
        Names {
            id: OrderId::parse(id),
            uq_id: Some(uq_id).filter(|id| !id.is_empty()).map(|id| UqOrderId(id.to_owned())),
        }
    }
}

#[derive(Default)]
struct Sums {
    entries: Vec<Entry>,
    by_id: HashMap<OrderId, usize>,
    by_uq_id: HashMap<String, usize>,
}

impl Sums {
    /// Two rows for one payment are two charges: both count.
    fn pay(&mut self, names: Names, amount: Amount, line: u64) -> Result<(), String> {
        if names.id.is_none() && names.uq_id.is_none() {
            return Err("a payment without an id".to_owned());
        }
        match self.find(&names) {
            Some(entry) => {
                entry.paid =
                    reckon(entry.paid, amount, u64::checked_add).ok_or("two currencies for one payment")?;
            }
            None => {
                let at = self.entries.len();
                self.by_id.extend(names.id.map(|id| (id, at)));
                self.by_uq_id.extend(names.uq_id.clone().map(|id| (id.0, at)));
                self.entries.push(Entry {
                    id: names.id,
                    uq_id: names.uq_id,
                    paid: amount,
                    back: Amount::new(0, amount.currency()),
                    line,
                });
            }
        }
        Ok(())
    }

    /// What was given back of a payment of another day is not in this statement's sums.
    fn give_back(&mut self, paid: &Names, amount: Option<Amount>) -> Result<(), String> {
        if let Some(entry) = self.find(paid) {
            let amount = amount.unwrap_or_else(|| entry.kept());
            let back = reckon(entry.back, amount, u64::checked_add);
            entry.back = back
                .filter(|back| back.minor() <= entry.paid.minor())
                .ok_or("more was given back than was paid, or in another currency")?;
        }
        Ok(())
    }

    fn find(&mut self, names: &Names) -> Option<&mut Entry> {
        let by_id = names.id.as_ref().and_then(|id| self.by_id.get(id));
        let by_uq_id = || names.uq_id.as_ref().and_then(|id| self.by_uq_id.get(&id.0));
        let at = by_id.or_else(by_uq_id).copied()?;
        self.entries.get_mut(at)
    }
}

fn reckon(one: Amount, other: Amount, how: fn(u64, u64) -> Option<u64>) -> Option<Amount> {
    if one.currency() != other.currency() {
        return None;
    }
    Some(Amount::new(how(one.minor(), other.minor())?, one.currency()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquirer::profile::Profile;

    /// The CSV reader counts a row's line before the line feed of the row above where lines end in CR LF, so the one that was
    /// named was the one above. Found by the property of statements.
    #[test]
    fn a_wrong_row_is_named_by_its_line_whatever_ends_the_lines() {
        let form = Profile::read(Path::new("wire.toml"), "").map(|profile| profile.statement);
        let rows = [
            "merchantOrderId,uqOrderId,transactionType,status,amount,currency",
            "P1,\"U\n1\",PAYMENT,success,1.00,HKD",
            "P2,U2,PAYMENT,success,1.005,HKD",
        ];
        for (end, line) in [("\n", 4), ("\r\n", 4), ("\n\n", 6), ("\r", 4)] {
            let said = form.as_ref().map(|form| parse(Path::new("day.csv"), rows.join(end).as_bytes(), form));
            assert!(
                matches!(said, Ok(Err(StatementFault::Row { line: found, .. })) if found == line),
                "{said:?}"
            );
        }
    }
}
