//! JSON as the signature needs it: numbers and booleans keep the text that they stand in.
//!
//! A signature is made over the *text* of a number (`1.50` is not `1.5`), so a value that has been through a binary
//! number cannot be verified any more. [`Json`] therefore reads through `serde_json`'s raw values and keeps such
//! scalars as text, in both directions; amounts never meet a float.
//!
//! Invariants: objects are sorted by key (the order that signing wants); a repeated key is refused, because two readers
//! could take different ones of the two; nesting is bounded, because the bytes come from outside.
//!
//! It deliberately has no `Debug` that shows contents: bodies carry payment codes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// How deep objects and lists may stand in one another.
const DEPTH_MAX: usize = 16;

/// One JSON value.
#[derive(Clone, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// A number or a boolean, as it stands in the text.
    Bare(String),
    /// A string, unescaped.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object, sorted by key.
    Object(BTreeMap<String, Json>),
}

/// Why bytes are not JSON that can be worked with.
#[derive(Debug, thiserror::Error)]
pub enum JsonFault {
    /// Not JSON, or a key stands twice in one object.
    #[error("could not read the JSON")]
    Syntax,
    /// Nested beyond all reason.
    #[error("could not read the JSON: it is nested more than {DEPTH_MAX} deep")]
    TooDeep,
}

impl Json {
    /// Reads one JSON value that fills `bytes`.
    pub fn read(bytes: &[u8]) -> Result<Json, JsonFault> {
        let raw: &RawValue = serde_json::from_slice(bytes).map_err(|_| JsonFault::Syntax)?;
        Json::from_raw(raw, DEPTH_MAX)
    }

    /// An object without fields.
    pub fn object() -> Json {
        Json::Object(BTreeMap::new())
    }

    fn from_raw(raw: &RawValue, depth: usize) -> Result<Json, JsonFault> {
        let text = raw.get();
        let depth_left = || depth.checked_sub(1).ok_or(JsonFault::TooDeep);
        match text.as_bytes().first() {
            Some(b'{') => {
                let fields: Fields = parse(text)?;
                let depth = depth_left()?;
                let read = |(key, raw): (Cow<'_, str>, &RawValue)| {
                    Ok((key.into_owned(), Json::from_raw(raw, depth)?))
                };
                Ok(Json::Object(fields.0.into_iter().map(read).collect::<Result<_, _>>()?))
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = parse(text)?;
                let depth = depth_left()?;
                Ok(Json::List(
                    items.into_iter().map(|raw| Json::from_raw(raw, depth)).collect::<Result<_, _>>()?,
                ))
            }
            Some(b'"') => Ok(Json::Text(parse(text)?)),
            Some(b'n') => Ok(Json::Null),
            _ => Ok(Json::Bare(text.to_owned())),
        }
    }

    /// The value at a dotted path (`riskData.Device.os`), through objects only.
    pub fn at(&self, path: &str) -> Option<&Json> {
        path.split('.').try_fold(self, |value, key| match value {
            Json::Object(fields) => fields.get(key),
            Json::Null | Json::Bare(_) | Json::Text(_) | Json::List(_) => None,
        })
    }

    /// The text at a dotted path; `None` where there is something else or nothing.
    pub fn text_at(&self, path: &str) -> Option<&str> {
        match self.at(path)? {
            Json::Text(text) => Some(text),
            Json::Null | Json::Bare(_) | Json::List(_) | Json::Object(_) => None,
        }
    }

    /// Puts a value at a dotted path, and makes the objects on the way to it.
    ///
    /// What stands in the way and is no object is replaced by one.
    pub fn put(&mut self, path: &str, value: Json) {
        let mut place = self;
        for key in path.split('.') {
            if !matches!(place, Json::Object(_)) {
                *place = Json::object();
            }
            let Json::Object(fields) = place else { return };
            place = fields.entry(key.to_owned()).or_insert(Json::Null);
        }
        *place = value;
    }

    /// Takes the field `key` out of an object.
    pub fn take(&mut self, key: &str) -> Option<Json> {
        match self {
            Json::Object(fields) => fields.remove(key),
            Json::Null | Json::Bare(_) | Json::Text(_) | Json::List(_) => None,
        }
    }

    /// Writes the value as JSON text without blanks.
    pub fn write(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bare(text) => out.push_str(text),
            Json::Text(text) => write_text(text, out),
            Json::List(items) => {
                out.push('[');
                for (n, item) in items.iter().enumerate() {
                    out.push_str(if n == 0 { "" } else { "," });
                    item.write(out);
                }
                out.push(']');
            }
            Json::Object(fields) => {
                out.push('{');
                for (n, (key, value)) in fields.iter().enumerate() {
                    out.push_str(if n == 0 { "" } else { "," });
                    write_text(key, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Json::Null => f.write_str("Json(null)"),
            Json::Bare(text) => write!(f, "Json(bare, {} bytes)", text.len()),
            Json::Text(text) => write!(f, "Json(text, {} bytes)", text.len()),
            Json::List(items) => write!(f, "Json(list of {})", items.len()),
            Json::Object(fields) => write!(f, "Json(object of {})", fields.len()),
        }
    }
}

fn parse<'a, T: de::Deserialize<'a>>(text: &'a str) -> Result<T, JsonFault> {
    serde_json::from_str(text).map_err(|_| JsonFault::Syntax)
}

/// Escapes what JSON wants escaped, and nothing else: other characters travel as UTF-8.
fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
}

/// The fields of one object, unread; a repeated key is an error.
struct Fields<'a>(BTreeMap<Cow<'a, str>, &'a RawValue>);

impl<'de> de::Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = BTreeMap::new();
                while let Some((key, value)) = map.next_entry::<String, &'de RawValue>()? {
                    if fields.insert(Cow::Owned(key), value).is_some() {
                        return Err(de::Error::custom("a key stands twice"));
                    }
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Each)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn rewritten(text: &str) -> String {
        let mut out = String::new();
        Json::read(text.as_bytes()).unwrap().write(&mut out);
        out
    }

    #[test]
    fn numbers_and_booleans_keep_their_text() {
        assert_eq!(
            rewritten(r#"{ "n": 1.50, "e": 1E+05, "t": true, "z": null }"#),
            r#"{"e":1E+05,"n":1.50,"t":true,"z":null}"#
        );
    }

    #[test]
    fn text_is_unescaped_and_escaped_again() {
        let tricky = r#"{"a":"quote \" back \\ line \n tab \t bell \u0007 奶茶"}"#;
        assert_eq!(rewritten(tricky), tricky);
        assert_eq!(Json::read(r#""\u5976""#.as_bytes()).unwrap(), Json::Text("奶".to_owned()));
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        assert!(Json::read(br#"{"amount":"1.00","amount":"2.00"}"#).is_err());
        assert!(Json::read(br#"{"a":{"b":1,"b":1}}"#).is_err());
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in ["", "{", "{}x", "{\"a\":}", "\u{feff}{}", "{'a':1}", "[1,]", "01"] {
            assert!(Json::read(text.as_bytes()).is_err(), "{text:?} was read");
        }
        assert!(Json::read(b"\"\xff\"").is_err());
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(Json::read(nested(DEPTH_MAX).as_bytes()).is_ok());
        assert!(matches!(Json::read(nested(DEPTH_MAX + 1).as_bytes()), Err(JsonFault::TooDeep)));
        assert!(Json::read(nested(100_000).as_bytes()).is_err());
    }

    #[test]
    fn a_path_is_put_and_found() {
        let mut body = Json::object();
        body.put("riskData.Device.os", Json::Text("Linux".to_owned()));
        body.put("riskData.ip", Json::Bare("1".to_owned()));
        assert_eq!(body.text_at("riskData.Device.os"), Some("Linux"));
        assert_eq!(body.text_at("riskData.ip"), None);
        assert_eq!(body.at("riskData.device"), None);
    }

    #[test]
    fn debug_shows_kinds_and_lengths_only() {
        let body = Json::read(br#"{"payCodeValue":"281234567890123456"}"#).unwrap();
        assert_eq!(
            format!("{body:?} {:?}", body.at("payCodeValue").unwrap()),
            "Json(object of 1) Json(text, 18 bytes)"
        );
    }
}
