//! What the terminal says, in the shop's two languages.
//!
//! One message file a language (Fluent), built in. A message is named by a [`Word`]; every word has a message in every
//! language, which a test proves, so that saying something can't fail at the counter. Amounts, times and ids are put in
//! as text that is already written the shop's way; a number is given where a language needs it for its plural.

pub mod wording;
mod words;

use std::borrow::Cow;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use postern_heart::settings::Language;
use unic_langid::LanguageIdentifier;

pub use words::*;

/// The name of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Word(&'static str);

impl Word {
    /// Gives the message's id in the locale files.
    pub fn id(self) -> &'static str {
        self.0
    }
}

/// A value that goes into a message, by its name there.
pub type Arg<'a> = (&'static str, FluentValue<'a>);

/// The languages, in the order in which the customer's display and the paper have them.
pub const LANGUAGES: [Language; 2] = [Language::Chinese, Language::English];

/// All messages in all languages.
pub struct Texts {
    english: FluentBundle<FluentResource>,
    chinese: FluentBundle<FluentResource>,
}

/// A built-in message file could not be read, which is a fault of the build.
#[derive(Debug, thiserror::Error)]
#[error("could not read the messages of {locale}: {what}")]
pub struct TextsFault {
    locale: &'static str,
    what: String,
}

impl Texts {
    /// Reads the built-in message files.
    ///
    /// # Errors
    ///
    /// Only where the program was built from a broken message file.
    pub fn open() -> Result<Texts, TextsFault> {
        Ok(Texts {
            english: bundle("en-HK", include_str!("../assets/locales/en-HK.ftl"))?,
            chinese: bundle("zh-HK", include_str!("../assets/locales/zh-HK.ftl"))?,
        })
    }

    /// Says a word.
    pub fn say(&self, language: Language, word: Word) -> Cow<'_, str> {
        self.format(language, word, None)
    }

    /// Says a word with values in it.
    pub fn say_with(&self, language: Language, word: Word, args: &[Arg<'_>]) -> String {
        let args = args.iter().map(|(name, value)| (*name, value.clone())).collect();
        self.format(language, word, Some(&args)).into_owned()
    }

    fn format<'a>(&'a self, language: Language, word: Word, args: Option<&FluentArgs<'a>>) -> Cow<'a, str> {
        let bundle = match language {
            Language::English => &self.english,
            Language::Chinese => &self.chinese,
        };
        let pattern = bundle.get_message(word.0).and_then(|message| message.value());
        // No message is missing (a test proves it); its bare name is still better than nothing.
        pattern.map_or(Cow::Borrowed(word.0), |pattern| bundle.format_pattern(pattern, args, &mut Vec::new()))
    }
}

/// Gives the language that is not this one.
pub fn other(language: Language) -> Language {
    match language {
        Language::English => Language::Chinese,
        Language::Chinese => Language::English,
    }
}

fn bundle(locale: &'static str, source: &str) -> Result<FluentBundle<FluentResource>, TextsFault> {
    let fault = |what: String| TextsFault { locale, what };
    let language: LanguageIdentifier = locale.parse().map_err(|error| fault(format!("{error}")))?;
    let resource =
        FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| fault(format!("{errors:?}")))?;
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Both languages run from left to right: the invisible marks around values would only be drawn as boxes.
    bundle.set_use_isolating(false);
    bundle.add_resource(resource).map_err(|errors| fault(format!("{errors:?}")))?;
    Ok(bundle)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::collections::BTreeSet;

    use super::*;
    use crate::glyphs::Glyphs;

    const FILES: [(&str, &str); 2] = [
        ("en-HK", include_str!("../assets/locales/en-HK.ftl")),
        ("zh-HK", include_str!("../assets/locales/zh-HK.ftl")),
    ];

    /// The ids that a file has, in its order: lines that start with a letter and hold ` =`.
    fn ids(source: &str) -> Vec<&str> {
        source
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" =").map(|(id, _)| id))
            .collect()
    }

    #[test]
    fn every_word_has_a_message_in_every_language_and_no_message_is_left_over() {
        let words: BTreeSet<&str> = ALL.iter().map(|word| word.id()).collect();
        assert_eq!(words.len(), ALL.len(), "a word stands twice");
        for (name, source) in FILES {
            assert_eq!(ids(source).into_iter().collect::<BTreeSet<_>>(), words, "{name}");
            assert_eq!(ids(source).len(), words.len(), "{name} has a message twice");
        }
    }

    #[test]
    fn every_word_is_said_somewhere() {
        let mut code = String::new();
        let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("text/words.rs")
                {
                    code += &std::fs::read_to_string(path).unwrap();
                }
            }
        }
        for word in ALL {
            let name = word.id().to_uppercase().replace('-', "_");
            assert!(code.contains(&format!("text::{name}")), "nothing says {}", word.id());
        }
    }

    #[test]
    fn both_files_have_the_same_messages_in_the_same_order() {
        assert_eq!(ids(FILES[0].1), ids(FILES[1].1));
    }

    #[test]
    fn a_message_takes_the_same_values_in_both_languages() {
        let values = |source: &str, id: &str| -> BTreeSet<String> {
            let start = source.find(&format!("\n{id} =")).unwrap() + 1;
            let body = &source[start..];
            let end = body.find("\n\n").unwrap_or(body.len()).min(next_message(body));
            body[..end].split('$').skip(1).map(|rest| name(rest).to_owned()).collect()
        };
        for word in ALL {
            assert_eq!(values(FILES[0].1, word.id()), values(FILES[1].1, word.id()), "{}", word.id());
        }
    }

    fn next_message(body: &str) -> usize {
        let next = body
            .match_indices('\n')
            .find(|(at, _)| body[at + 1..].starts_with(|c: char| c.is_ascii_lowercase()));
        next.map_or(body.len(), |(at, _)| at)
    }

    fn name(rest: &str) -> &str {
        rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("")
    }

    #[test]
    fn every_character_of_every_message_has_a_glyph_in_both_weights() {
        let glyphs = Glyphs::open().unwrap();
        for (name, source) in FILES {
            let said = source.lines().filter(|line| !line.starts_with('#')).flat_map(str::chars);
            for character in said.filter(|character| !character.is_whitespace()) {
                assert!(glyphs.has(character), "{name}: regular lacks {character}: assets/fonts/make.sh");
                assert!(
                    glyphs.has_bold(character),
                    "{name}: bold lacks {character}: assets/fonts/make.sh bold"
                );
            }
        }
    }

    #[test]
    fn values_are_put_in_without_invisible_marks_and_numbers_choose_the_plural() {
        let texts = Texts::open().unwrap();
        let say =
            |language, count: u32| texts.say_with(language, MENU_PRINT_HELD, &[("count", count.into())]);
        assert_eq!(say(Language::English, 1), "Print the receipt that waits");
        assert_eq!(say(Language::English, 3), "Print 3 receipts that wait");
        assert_eq!(say(Language::Chinese, 3), "列印 3 張等候中的收據");
    }
}
