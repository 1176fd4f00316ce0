//! Constant fields that a profile adds to a request.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::json::Json;
use super::sign::{Unsignable, check_text};

/// Constant fields, nested as the profile nests them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Extras(BTreeMap<String, Extra>);

/// One constant value. There are no fractions: what looks like one travels as text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "a constant must be text, a whole number, true, false or a table of them")]
enum Extra {
    Text(String),
    Whole(i64),
    Truth(bool),
    Fields(BTreeMap<String, Extra>),
}

impl Extras {
    /// Puts every constant into a body.
    pub fn put_into(&self, body: &mut Json) {
        self.walk(&mut |path, extra| {
            let value = match extra {
                Extra::Text(text) => Json::Text(text.clone()),
                Extra::Whole(number) => Json::Bare(number.to_string()),
                Extra::Truth(truth) => Json::Bare(truth.to_string()),
                Extra::Fields(_) => return,
            };
            body.put(path, value);
        });
    }

    /// The dotted path of every constant.
    pub fn leaves(&self) -> Vec<String> {
        let mut leaves = Vec::new();
        self.walk(&mut |path, _| leaves.push(path.to_owned()));
        leaves
    }

    /// Checks that the signature can carry names and values.
    ///
    /// # Errors
    /// The first dotted path that it can't, and why.
    pub fn check_texts(&self) -> Result<(), (String, Unsignable)> {
        let mut result = Ok(());
        self.walk(&mut |path, extra| {
            let value = match extra {
                Extra::Text(text) => text,
                Extra::Whole(_) | Extra::Truth(_) | Extra::Fields(_) => "",
            };
            if result.is_ok() {
                result = check_text(path).and(check_text(value)).map_err(|why| (path.to_owned(), why));
            }
        });
        result
    }

    fn walk(&self, each: &mut dyn FnMut(&str, &Extra)) {
        walk(&self.0, "", each);
    }
}

fn walk(fields: &BTreeMap<String, Extra>, prefix: &str, each: &mut dyn FnMut(&str, &Extra)) {
    for (key, extra) in fields {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match extra {
            Extra::Fields(inner) => walk(inner, &path, each),
            leaf => each(&path, leaf),
        }
    }
}
