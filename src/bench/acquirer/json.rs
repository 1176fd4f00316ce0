//! JSON as the simulated acquirer reads and writes it.
//!
//! A tree of its own for three reasons: numbers keep the text that they stand as (that text is what is signed), a
//! key that comes twice is an error, and a mistake of the library that the terminal uses can't hide here.

use std::fmt::{self, Write as _};

/// How deep objects and arrays may nest before a body is refused.
const DEPTH_MAX: usize = 16;

/// A JSON value; objects keep the order in which their fields stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    /// A number, exactly as it stands in the text.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Why a text is no JSON, and where.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} at byte {at}")]
pub(super) struct NotJson {
    what: String,
    at: usize,
}

impl Json {
    /// Reads a whole text as one value.
    ///
    /// # Errors
    /// The first thing that RFC 8259 doesn't allow, and a key that comes twice in one object.
    pub(super) fn parse(text: &str) -> Result<Json, NotJson> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        reader.skip_space();
        if reader.at < text.len() {
            return Err(reader.wrong("something after the value"));
        }
        Ok(value)
    }

    pub(super) fn object<const N: usize>(fields: [(&str, Json); N]) -> Json {
        Json::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    pub(super) fn text(value: impl Into<String>) -> Json {
        Json::Text(value.into())
    }

    /// The value of a key, where this is an object that has it.
    pub(super) fn field(&self, key: &str) -> Option<&Json> {
        let Json::Object(fields) = self else { return None };
        fields.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The value of a key, to be changed.
    pub(super) fn field_mut(&mut self, key: &str) -> Option<&mut Json> {
        let Json::Object(fields) = self else { return None };
        fields.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// What kind of value this is, with its article.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "a boolean",
            Json::Number(_) => "a number",
            Json::Text(_) => "a string",
            Json::List(_) => "an array",
            Json::Object(_) => "an object",
        }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Json::Null => f.write_str("null"),
            Json::Bool(value) => write!(f, "{value}"),
            Json::Number(text) => f.write_str(text),
            Json::Text(text) => quoted(f, text),
            Json::List(items) => {
                f.write_char('[')?;
                for (n, item) in items.iter().enumerate() {
                    if n > 0 {
                        f.write_char(',')?;
                    }
                    item.fmt(f)?;
                }
                f.write_char(']')
            }
            Json::Object(fields) => {
                f.write_char('{')?;
                for (n, (key, value)) in fields.iter().enumerate() {
                    if n > 0 {
                        f.write_char(',')?;
                    }
                    quoted(f, key)?;
                    f.write_char(':')?;
                    value.fmt(f)?;
                }
                f.write_char('}')
            }
        }
    }
}

fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            c if c < ' ' => write!(f, "\\u{:04x}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}

/// A place in a text; `at` is always a character's first byte.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Result<Json, NotJson> {
        if depth > DEPTH_MAX {
            return Err(self.wrong("nested too deep"));
        }
        self.skip_space();
        match self.peek() {
            Some('{') => self.object(depth),
            Some('[') => self.list(depth),
            Some('"') => Ok(Json::Text(self.string()?)),
            Some('-' | '0'..='9') => self.number(),
            Some('t') => self.word("true", Json::Bool(true)),
            Some('f') => self.word("false", Json::Bool(false)),
            Some('n') => self.word("null", Json::Null),
            Some(_) => Err(self.wrong("not the start of a value")),
            None => Err(self.wrong("the text ends too soon")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, NotJson> {
        self.take('{')?;
        let mut fields: Vec<(String, Json)> = Vec::new();
        self.skip_space();
        if self.took('}') {
            return Ok(Json::Object(fields));
        }
        loop {
            self.skip_space();
            let key = self.string()?;
            if fields.iter().any(|(name, _)| *name == key) {
                return Err(self.wrong(&format!("the key {key:?} comes twice")));
            }
            self.skip_space();
            self.take(':')?;
            let value = self.value(depth + 1)?;
            fields.push((key, value));
            self.skip_space();
            if self.took('}') {
                return Ok(Json::Object(fields));
            }
            self.take(',')?;
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, NotJson> {
        self.take('[')?;
        let mut items = Vec::new();
        self.skip_space();
        if self.took(']') {
            return Ok(Json::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.skip_space();
            if self.took(']') {
                return Ok(Json::List(items));
            }
            self.take(',')?;
        }
    }

    fn string(&mut self) -> Result<String, NotJson> {
        self.take('"')?;
        let mut text = String::new();
        loop {
            match self.next() {
                Some('"') => return Ok(text),
                Some('\\') => text.push(self.escape()?),
                Some(c) if c >= ' ' => text.push(c),
                Some(_) => return Err(self.wrong("a control character in a string")),
                None => return Err(self.wrong("the text ends within a string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, NotJson> {
        match self.next() {
            Some(c @ ('"' | '\\' | '/')) => Ok(c),
            Some('b') => Ok('\u{8}'),
            Some('f') => Ok('\u{c}'),
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some('t') => Ok('\t'),
            Some('u') => self.escaped_unit(),
            _ => Err(self.wrong("an unknown escape")),
        }
    }

    fn escaped_unit(&mut self) -> Result<char, NotJson> {
        let high = self.four_hex()?;
        if !(0xD800..0xE000).contains(&high) {
            return char::from_u32(high).ok_or_else(|| self.wrong("no character"));
        }
        self.take('\\')?;
        self.take('u')?;
        let low = self.four_hex()?;
        char::decode_utf16([high as u16, low as u16])
            .next()
            .and_then(Result::ok)
            .ok_or_else(|| self.wrong("half of a surrogate pair"))
    }

    fn four_hex(&mut self) -> Result<u32, NotJson> {
        (0..4).try_fold(0, |value, _| match self.next().and_then(|c| c.to_digit(16)) {
            Some(digit) => Ok(value * 16 + digit),
            None => Err(self.wrong("not four hexadecimal digits")),
        })
    }

    fn number(&mut self) -> Result<Json, NotJson> {
        let start = self.at;
        self.took('-');
        if !self.took('0') {
            self.digits()?;
        }
        if self.took('.') {
            self.digits()?;
        }
        if self.took('e') || self.took('E') {
            let _sign = self.took('+') || self.took('-');
            self.digits()?;
        }
        Ok(Json::Number(self.text.get(start..self.at).unwrap_or_default().to_owned()))
    }

    fn digits(&mut self) -> Result<(), NotJson> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Err(self.wrong("not a digit")) } else { Ok(()) }
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, NotJson> {
        if !self.rest().starts_with(word) {
            return Err(self.wrong("not the start of a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn took(&mut self, wanted: char) -> bool {
        let here = self.peek() == Some(wanted);
        if here {
            self.at += wanted.len_utf8();
        }
        here
    }

    fn take(&mut self, wanted: char) -> Result<(), NotJson> {
        if self.took(wanted) { Ok(()) } else { Err(self.wrong(&format!("no {wanted:?}"))) }
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    fn wrong(&self, what: &str) -> NotJson {
        NotJson { what: what.to_owned(), at: self.at }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_written_as_it_was_read() {
        let text = r#"{"b":[1.50,-0,2e+3,true,null,"奶茶 \"x\"\n"],"a":{},"c":[]}"#;
        assert_eq!(Json::parse(text).unwrap().to_string(), text);
    }

    #[test]
    fn escapes_become_the_characters_they_stand_for() {
        assert_eq!(Json::parse(r#""\u5976\ud83d\ude00\/\t""#).unwrap(), Json::text("奶😀/\t"));
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_place() {
        for (text, what) in [
            ("", "the text ends too soon at byte 0"),
            ("{\"a\":1,\"a\":2}", "the key \"a\" comes twice at byte 10"),
            ("{} {}", "something after the value at byte 3"),
            ("[1,]", "not the start of a value at byte 3"),
            ("[01]", "no ',' at byte 2"),
            ("\"\u{1}\"", "a control character in a string at byte 2"),
            ("\"\\ud83d\"", "no '\\\\' at byte 7"),
            ("\"\\ud83dx", "no '\\\\' at byte 7"),
            ("tru", "not the start of a value at byte 0"),
        ] {
            assert_eq!(Json::parse(text).unwrap_err().to_string(), what, "{text}");
        }
        assert!(Json::parse(&"[".repeat(1000)).unwrap_err().to_string().starts_with("nested too deep"));
    }
}
