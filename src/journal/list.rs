//! `postern journal list`: records, or one line a transaction, for people and for scripts.
//!
//! It reads while a terminal writes, checks each record against the one before it, and stops at the first that is
//! damaged: what is before it stays readable.

use std::io::{self, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use postern_heart::payment::Facts;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use serde_json::json;

use super::describe;
use super::rows::{CHECKED, Damage, Link, Trouble};

/// What to list, and how.
#[derive(Clone, Debug)]
pub(super) struct Request {
    /// Records of this transaction only.
    pub(super) transaction: Option<String>,
    /// Only from this moment on, up to that one, in milliseconds.
    pub(super) day: Option<(i64, i64)>,
    /// Only the last so many.
    pub(super) last: Option<u32>,
    /// The zone that times are shown in.
    pub(super) zone: TimeZone,
    /// One JSON object a line.
    pub(super) json: bool,
}

/// Why a list ended before its end.
pub(super) enum Stop {
    /// The journal.
    Trouble(Trouble),
    /// Whoever reads it.
    Write(io::Error),
}

impl<T: Into<Trouble>> From<T> for Stop {
    fn from(trouble: T) -> Stop {
        Stop::Trouble(trouble.into())
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Write(error)
    }
}

/// Lists records.
pub(super) fn records(connection: &Connection, request: &Request, out: &mut dyn Write) -> Result<(), Stop> {
    request.each(connection, &[], &mut |link| {
        let line = if request.json { request.record_json(link)? } else { request.record_text(link)? };
        Ok(writeln!(out, "{line}")?)
    })
}

/// Lists transactions, each with where it stands.
pub(super) fn summaries(connection: &Connection, request: &Request, out: &mut dyn Write) -> Result<(), Stop> {
    each_transaction(connection, request, &mut |facts| {
        let line = if request.json { request.summary_json(&facts) } else { request.summary_text(&facts) };
        Ok(writeln!(out, "{line}")?)
    })
}

/// Gives each transaction that is asked for to `take`, in the order in which they began.
pub(super) fn each_transaction(
    connection: &Connection,
    request: &Request,
    take: &mut dyn FnMut(Facts) -> Result<(), Stop>,
) -> Result<(), Stop> {
    request
        .each(connection, &["r.kind IN ('asked', 'received')"], &mut |first| take(fold(connection, first)?))
}

fn fold(connection: &Connection, first: &Link) -> Result<Facts, Stop> {
    let mut statement = connection
        .prepare_cached(&format!("{CHECKED} WHERE r.tx = ?1 AND r.sequence > ?2 ORDER BY r.sequence"))?;
    let mut rows = statement.query((&first.row.tx, first.row.sequence))?;
    let misfit = |link: &Link, misfit| Damage::at(link.row.sequence, misfit);
    let mut facts = Facts::begin(&first.record()?).map_err(|error| misfit(first, error))?;
    while let Some(row) = rows.next()? {
        let link = Link::read_checked(row)?;
        facts.apply(&link.record()?).map_err(|error| misfit(&link, error))?;
    }
    Ok(facts)
}

impl Request {
    /// Calls `line` with each record that is asked for, in the order of the journal.
    fn each(
        &self,
        connection: &Connection,
        conditions: &[&str],
        line: &mut dyn FnMut(&Link) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let mut conditions: Vec<&str> = conditions.to_vec();
        let mut values: Vec<Value> = Vec::new();
        if let Some(id) = &self.transaction {
            conditions.push("r.tx = ?");
            values.push(id.clone().into());
        }
        if let Some((from, to)) = self.day {
            conditions.push("r.at >= ? AND r.at < ?");
            values.extend([from.into(), to.into()]);
        }
        let mut sql = CHECKED.to_owned();
        if !conditions.is_empty() {
            sql = format!("{sql} WHERE {}", conditions.join(" AND "));
        }
        sql = match self.last {
            None => format!("{sql} ORDER BY r.sequence"),
            Some(last) => {
                format!("SELECT * FROM ({sql} ORDER BY r.sequence DESC LIMIT {last}) ORDER BY sequence")
            }
        };
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            line(&Link::read_checked(row)?)?;
        }
        Ok(())
    }

    fn record_text(&self, link: &Link) -> Result<String, Stop> {
        let record = link.record()?;
        let (sequence, time) = (link.row.sequence, self.time(link.row.at));
        let id = link.row.tx.as_deref().unwrap_or("the terminal");
        Ok(format!("{sequence:>8}  {time:19}  {id:<22}  {}", describe::fact(&record.fact)))
    }

    fn record_json(&self, link: &Link) -> Result<String, Stop> {
        link.record()?;
        let row = &link.row;
        let fact: serde_json::Value =
            serde_json::from_str(&row.body).map_err(|error| Damage::at(row.sequence, error))?;
        let line = json!({
            "sequence": row.sequence,
            "at": row.at,
            "transaction": row.tx,
            "kind": row.kind,
            "fact": fact,
            "open": row.open,
            "hash": link.hash.to_string(),
        });
        Ok(line.to_string())
    }

    fn summary_text(&self, facts: &Facts) -> String {
        let time = self.time(facts.asked_at.map(|at| at.0));
        let id = facts.id;
        let amount = facts.asked.amount.pretty();
        let product = describe::product(facts.asked.product);
        let standing = describe::standing(facts.standing()).replace('_', " ");
        format!("{time:19}  {id:<22}  {amount:>14}  {product:<12}  {standing}")
    }

    fn summary_json(&self, facts: &Facts) -> String {
        let asked = &facts.asked;
        let line = json!({
            "transaction": facts.id.as_str(),
            "at": facts.asked_at.map(|at| at.0),
            "sale": asked.sale.as_str(),
            "attempt": asked.attempt,
            "product": describe::product(asked.product).replace(' ', "_"),
            "amount": asked.amount.major(),
            "currency": asked.amount.currency().code(),
            "standing": describe::standing(facts.standing()),
            "refunded": facts.given_back().map(|_| facts.asked.amount.less(facts.left()).major()),
            "cancel": facts.cancel.as_ref().map(|cancel| cancel.id.as_str()),
            "uq_id": facts.uq_id().map(|id| id.0.as_str()),
        });
        line.to_string()
    }

    fn time(&self, at: Option<i64>) -> String {
        let time = at.and_then(|at| Timestamp::from_millisecond(at).ok());
        match time {
            Some(time) => time.to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
            None => "(no time)".to_owned(),
        }
    }
}
