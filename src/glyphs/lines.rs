//! Where a line may end, in English and in Chinese.
//!
//! English breaks at spaces; Chinese breaks between any two characters, save that no line starts with a closing sign
//! (。，」) or ends with an opening one (「（). A word wider than the line is cut where it must be: an id is better
//! read in two pieces than not at all.

/// One line of a broken text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line<'t> {
    /// What stands on it, without the space at which it was broken.
    pub text: &'t str,
    /// How wide it is.
    pub width: f32,
}

const NOT_FIRST: &str = "。，、；：！？）」』】》〉”’…‥·,.;:!?)]}%";
const NOT_LAST: &str = "（「『【《〈“‘([{$";

/// Breaks a text into lines no wider than `width`; a line break in the text always ends a line.
pub(super) fn break_lines(text: &str, width: f32, advance: impl Fn(char) -> f32) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut rest = paragraph;
        loop {
            let (line, next) = first_line(rest, width, &advance);
            lines.push(line);
            rest = next;
            if rest.is_empty() {
                break;
            }
        }
    }
    lines
}

fn first_line<'t>(text: &'t str, width: f32, advance: &impl Fn(char) -> f32) -> (Line<'t>, &'t str) {
    let mut used = 0.0;
    // The last place where the line may end: (bytes, width without trailing space).
    let mut last: Option<(usize, f32)> = None;
    let mut inked = 0.0;
    let mut before: Option<char> = None;
    for (at, character) in text.char_indices() {
        if before.is_some_and(|left| may_break(left, character)) {
            last = Some((at, inked));
        }
        used += advance(character);
        if !character.is_whitespace() {
            if used > width && at > 0 {
                let (end, width) = last.unwrap_or((at, used - advance(character)));
                let (line, rest) = text.split_at(end);
                return (Line { text: line.trim_end(), width }, rest.trim_start());
            }
            inked = used;
        }
        before = Some(character);
    }
    (Line { text: text.trim_end(), width: inked }, "")
}

fn may_break(left: char, right: char) -> bool {
    if NOT_FIRST.contains(right) || NOT_LAST.contains(left) || right.is_whitespace() {
        return false;
    }
    left.is_whitespace() || is_chinese(left) || is_chinese(right)
}

/// Chinese characters, their punctuation and full-width forms.
fn is_chinese(character: char) -> bool {
    matches!(character, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}'
        | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One unit for Latin, two for Chinese, as on a terminal.
    fn broken(text: &str, width: f32) -> Vec<&str> {
        let advance = |character: char| if character.is_ascii() { 1.0 } else { 2.0 };
        let lines = break_lines(text, width, advance);
        for line in &lines {
            let sum: f32 = line.text.chars().map(advance).sum();
            assert_eq!(sum, line.width, "{line:?}");
        }
        lines.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn english_breaks_at_spaces() {
        assert_eq!(broken("do not hand over goods", 10.0), ["do not", "hand over", "goods"]);
        assert_eq!(broken("do not", 6.0), ["do not"]);
    }

    #[test]
    fn chinese_breaks_anywhere_but_before_a_closing_sign() {
        assert_eq!(broken("請勿交貨或重複收款", 8.0), ["請勿交貨", "或重複收", "款"]);
        assert_eq!(broken("結果未明，請勿交貨", 8.0), ["結果未", "明，請勿", "交貨"]);
        assert_eq!(broken("請按「是」", 6.0), ["請按", "「是」"]);
    }

    #[test]
    fn mixed_text_breaks_between_the_two() {
        assert_eq!(broken("請用AlipayHK付款", 12.0), ["請用AlipayHK", "付款"]);
        assert_eq!(broken("請用AlipayHK付款", 8.0), ["請用", "AlipayHK", "付款"]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_cut() {
        assert_eq!(broken("HK01-00004C-7KQ2", 6.0), ["HK01-0", "0004C-", "7KQ2"]);
        assert_eq!(broken("寬", 1.0), ["寬"]);
    }

    #[test]
    fn a_line_break_in_the_text_ends_a_line_and_an_empty_line_stays() {
        assert_eq!(broken("a\n\nb", 9.0), ["a", "", "b"]);
        assert_eq!(broken("", 9.0), [""]);
    }
}
