//! A TOML file laid key by key over a built-in default, with errors that name file, line and key.
//!
//! Both texts are parsed with the positions of their keys, the file's are moved behind the default's, and the two
//! tables are merged before anything is read from them. An error's position then says which text it is in, and
//! the file's own lines can still be found when a value turns out wrong only beside another one.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong with a file, and where.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("could not use {}{place}: {why}", path.display())]
pub struct FileFault {
    path: PathBuf,
    place: Place,
    why: String,
}

impl FileFault {
    fn new(path: &Path, line: Option<usize>, key: &str, why: &str) -> FileFault {
        FileFault { path: path.to_owned(), place: Place { line, key: one_line(key) }, why: one_line(why) }
    }
}

/// Where in the file: its line and the dotted name of the key, as far as they are known.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    line: Option<usize>,
    key: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if !self.key.is_empty() {
            write!(f, ", key {}", self.key)?;
        }
        Ok(())
    }
}

/// Remembers on which line of a file each of its keys stands.
#[derive(Debug, Default)]
pub struct Lines {
    path: PathBuf,
    lines: BTreeMap<String, usize>,
}

impl Lines {
    /// A fault of the value at the dotted `key`.
    pub fn fault(&self, key: &str, why: impl fmt::Display) -> FileFault {
        let line = self.lines.get(key).copied();
        FileFault::new(&self.path, line, key, &why.to_string())
    }

    /// A fault of two values together, at the one of them that the file says.
    pub fn fault_of_two(&self, first: &str, second: &str, why: impl fmt::Display) -> FileFault {
        let said = |key: &str| self.lines.contains_key(key);
        self.fault(if said(first) && !said(second) { first } else { second }, why)
    }
}

/// Reads `text`, the contents of the file at `path`, over `default`.
///
/// # Errors
/// A [`FileFault`] for anything that is no TOML, or that `T` does not know or cannot take.
pub fn read<T: DeserializeOwned>(default: &str, path: &Path, text: &str) -> Result<(T, Lines), FileFault> {
    let base = default.len();
    let fault = |line, key: &str, why: &str| FileFault::new(path, line, key, why);
    let in_text = |range: Option<Range<usize>>| range.and_then(|range| range.start.checked_sub(base));

    let file = DeTable::parse(text).map_err(|error| {
        let line = error.span().map(|span| line_of(text, span.start));
        fault(line, "", error.message())
    })?;
    let file = file.into_inner();
    let mut lines = BTreeMap::new();
    collect_lines(&file, text, "", &mut lines);

    let mut merged = DeTable::parse(default).map_err(|error| fault(None, "", error.message()))?.into_inner();
    merge(&mut merged, moved(file.clone(), base));
    let whole = Spanned::new(base..base + text.len(), merged);
    let value = T::deserialize(toml::Deserializer::from(whole)).map_err(|error| {
        let at = in_text(error.span());
        let key = at.and_then(|at| key_at(&file, at)).unwrap_or_default();
        fault(at.map(|at| line_of(text, at)), &key, error.message())
    })?;
    Ok((value, Lines { path: path.to_owned(), lines }))
}

/// The text on one line, its control characters escaped: it may repeat what a file says.
fn one_line(text: &str) -> String {
    let text = text.lines().map(str::trim).collect::<Vec<_>>().join("; ");
    let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(shown).collect()
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// The table with every position `by` bytes further on.
fn moved<'a>(table: DeTable<'a>, by: usize) -> DeTable<'a> {
    let shift = |span: Range<usize>| span.start + by..span.end + by;
    let mut out = DeTable::new();
    for (key, value) in table {
        let (key_span, value_span) = (shift(key.span()), shift(value.span()));
        let value = match value.into_inner() {
            DeValue::Table(inner) => DeValue::Table(moved(inner, by)),
            DeValue::Array(items) => DeValue::Array(
                items.into_iter().map(|item| Spanned::new(shift(item.span()), item.into_inner())).collect(),
            ),
            scalar => scalar,
        };
        out.insert(Spanned::new(key_span, key.into_inner()), Spanned::new(value_span, value));
    }
    out
}

fn merge<'a>(under: &mut DeTable<'a>, over: DeTable<'a>) {
    for (key, value) in over {
        let both = match (under.get_mut(key.get_ref().as_ref()).map(Spanned::get_mut), value.get_ref()) {
            (Some(DeValue::Table(under)), DeValue::Table(_)) => Some(under),
            _ => None,
        };
        match (both, value) {
            (Some(under), value) => {
                if let DeValue::Table(over) = value.into_inner() {
                    merge(under, over);
                }
            }
            (None, value) => {
                // The key goes too, so that its position is the file's.
                under.remove(key.get_ref().as_ref());
                under.insert(key, value);
            }
        }
    }
}

fn collect_lines(table: &DeTable<'_>, text: &str, prefix: &str, lines: &mut BTreeMap<String, usize>) {
    for (key, value) in table {
        let name = join(prefix, key.get_ref());
        if let DeValue::Table(inner) = value.get_ref() {
            collect_lines(inner, text, &name, lines);
        }
        lines.insert(name, line_of(text, key.span().start));
    }
}

/// The dotted name of the innermost key whose name or value covers the position.
fn key_at(table: &DeTable<'_>, at: usize) -> Option<String> {
    let covers = |span: Range<usize>| span.contains(&at);
    for (key, value) in table {
        if let DeValue::Table(inner) = value.get_ref()
            && let Some(rest) = key_at(inner, at)
        {
            return Some(join(key.get_ref(), &rest));
        }
        if covers(key.span()) || (covers(value.span()) && !matches!(value.get_ref(), DeValue::Table(_))) {
            return Some(key.get_ref().to_string());
        }
    }
    None
}

fn join(prefix: &str, key: &str) -> String {
    if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") }
}
