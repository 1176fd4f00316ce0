//! The fields of one JSON object, asked for by name; every answer that is no value is the rule that was broken.

use super::json::Json;

pub(super) struct Fields<'a> {
    /// What stands before each name in a message: empty, or the object's own path and a point.
    path: String,
    fields: &'a [(String, Json)],
}

impl<'a> Fields<'a> {
    pub(super) fn of_body(body: &'a Json) -> Result<Fields<'a>, String> {
        match body {
            Json::Object(fields) => Ok(Fields { path: String::new(), fields }),
            other => Err(format!("the body must be an object, not {}", other.kind())),
        }
    }

    /// Refuses every field that isn't among the known ones.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), String> {
        let Some((name, _)) = self.fields.iter().find(|(name, _)| !known.contains(&name.as_str())) else {
            return Ok(());
        };
        let path = &self.path;
        match known.iter().find(|known| known.eq_ignore_ascii_case(name)) {
            Some(right) => Err(format!("{path}{name} is unknown: it is spelt {right}")),
            None => Err(format!("{path}{name} is unknown")),
        }
    }

    /// A text that must be there.
    pub(super) fn needed(&self, name: &str) -> Result<&'a str, String> {
        match self.value(name) {
            None | Some(Json::Null) => Err(format!("{}{name} is missing", self.path)),
            Some(Json::Text(text)) if text.is_empty() => Err(format!("{}{name} is empty", self.path)),
            Some(Json::Text(text)) => Ok(text),
            Some(other) => Err(format!("{}{name} must be a string, not {}", self.path, other.kind())),
        }
    }

    /// A text that may be there; null and an empty text are as good as nothing, since the signature drops them too.
    pub(super) fn optional(&self, name: &str) -> Result<Option<&'a str>, String> {
        match self.value(name) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::Text(text)) if text.is_empty() => Ok(None),
            Some(Json::Text(text)) => Ok(Some(text)),
            Some(other) => Err(format!("{}{name} must be a string, not {}", self.path, other.kind())),
        }
    }

    /// A text that must be there, not too long, and such that the signature can carry it.
    pub(super) fn needed_signed(&self, name: &str, length_max: usize) -> Result<String, String> {
        self.needed(name).and_then(|text| self.signed(name, text, length_max))
    }

    /// The same for a text that may be there.
    pub(super) fn optional_signed(&self, name: &str, length_max: usize) -> Result<Option<String>, String> {
        self.optional(name)?.map(|text| self.signed(name, text, length_max)).transpose()
    }

    /// An object that must be there.
    pub(super) fn within(&self, name: &str) -> Result<Fields<'a>, String> {
        match self.value(name) {
            None | Some(Json::Null) => Err(format!("{}{name} is missing", self.path)),
            Some(Json::Object(fields)) => Ok(Fields { path: format!("{}{name}.", self.path), fields }),
            Some(other) => Err(format!("{}{name} must be an object, not {}", self.path, other.kind())),
        }
    }

    fn value(&self, name: &str) -> Option<&'a Json> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    fn signed(&self, name: &str, text: &str, length_max: usize) -> Result<String, String> {
        if text.chars().count() > length_max {
            return Err(format!("{}{name} is longer than {length_max} characters", self.path));
        }
        if text.chars().any(|c| matches!(c, '&' | '=' | '|') || c.is_control()) {
            return Err(format!("{}{name} holds a character that the signature can't carry", self.path));
        }
        Ok(text.to_owned())
    }
}
