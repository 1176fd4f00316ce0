//! The chain: every record carries the SHA-256 of all that it says and of the record before it.
//!
//! A changed, lost, added or exchanged record breaks the chain where it happened. The chain finds damage, not a
//! thief: whoever can write the file can compute a new chain. Only the acquirer's book can find that out.

use std::fmt;

use ring::digest::{Context, SHA256};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

/// Tells these hashes from any other use of SHA-256. Another form of the chain takes another name.
const FORM: &[u8] = b"postern journal, form 1";

/// A link of the chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Hash([u8; 32]);

impl Hash {
    /// What the first record is chained to.
    pub(super) const NONE: Hash = Hash([0; 32]);

    /// Reads 64 hexadecimal digits.
    pub(super) fn parse(text: &str) -> Option<Hash> {
        let mut bytes = [0; 32];
        let plain =
            text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if !plain {
            return None;
        }
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        }
        Some(Hash(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromSql for Hash {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Hash> {
        let bytes = value.as_blob()?;
        let wrong = FromSqlError::InvalidBlobSize { expected_size: 32, blob_size: bytes.len() };
        Ok(Hash(bytes.try_into().map_err(|_| wrong)?))
    }
}

impl ToSql for Hash {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0.as_slice()))
    }
}

/// Every column of a record but its hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// From 1, without a gap.
    pub sequence: i64,
    /// The transaction's id.
    pub tx: Option<String>,
    /// Milliseconds since 1970.
    pub at: Option<i64>,
    /// The word for the fact.
    pub kind: String,
    /// What the fact says, as JSON.
    pub body: String,
    /// The transaction still needs care afterwards.
    pub open: bool,
}

impl Row {
    /// The hash of this record, which follows the one with the hash `before`.
    ///
    /// Every field has a fixed width or its length in front: two different rows never feed the same bytes.
    pub(super) fn hash(&self, before: Hash) -> Hash {
        let mut context = Context::new(&SHA256);
        context.update(FORM);
        context.update(&before.0);
        context.update(&self.sequence.to_le_bytes());
        match &self.tx {
            None => context.update(&[0]),
            Some(tx) => {
                context.update(&[1]);
                text(&mut context, tx);
            }
        }
        match self.at {
            None => context.update(&[0]),
            Some(at) => {
                context.update(&[1]);
                context.update(&at.to_le_bytes());
            }
        }
        text(&mut context, &self.kind);
        text(&mut context, &self.body);
        context.update(&[u8::from(self.open)]);
        let digest = context.finish();
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest.as_ref());
        Hash(bytes)
    }
}

fn text(context: &mut Context, text: &str) {
    context.update(&(text.len() as u64).to_le_bytes());
    context.update(text.as_bytes());
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn row() -> Row {
        Row {
            sequence: 7,
            tx: Some("HK01-000007-7KQ2M9XD".to_owned()),
            at: Some(1_785_000_000_000),
            kind: "paid".to_owned(),
            body: "{}".to_owned(),
            open: true,
        }
    }

    #[test]
    fn every_column_and_the_record_before_change_the_hash() {
        let hash = row().hash(Hash::NONE);
        let others = [
            Row { sequence: 8, ..row() },
            Row { tx: None, ..row() },
            Row { tx: Some(String::new()), ..row() },
            Row { at: None, ..row() },
            Row { at: Some(0), ..row() },
            Row { kind: "refused".to_owned(), ..row() },
            Row { body: "{ }".to_owned(), ..row() },
            Row { open: false, ..row() },
        ];
        for other in &others {
            assert_ne!(other.hash(Hash::NONE), hash, "{other:?}");
        }
        assert_ne!(row().hash(hash), hash);
    }

    #[test]
    fn a_letter_that_moves_to_the_next_column_changes_the_hash() {
        let one = Row { kind: "paid".to_owned(), body: "{}".to_owned(), ..row() };
        let other = Row { kind: "paid{".to_owned(), body: "}".to_owned(), ..row() };
        assert_ne!(one.hash(Hash::NONE), other.hash(Hash::NONE));
    }

    /// The expected value was computed by another program (Python's hashlib).
    #[test]
    fn the_form_of_the_chain_never_changes_unnoticed() {
        assert_eq!(
            row().hash(Hash::NONE).to_string(),
            "523a9de09c15b6ec6d932cc1666b2ff173afee2a03bcc8dfe53e266905ce3d9a"
        );
    }

    #[test]
    fn a_hash_is_read_back_from_its_text_and_from_nothing_else() {
        let hash = row().hash(Hash::NONE);
        assert_eq!(Hash::parse(&hash.to_string()), Some(hash));
        assert_eq!(Hash::parse(&hash.to_string().to_uppercase()), None);
        assert_eq!(Hash::parse("+1"), None);
    }
}
