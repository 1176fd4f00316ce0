//! The face that all news has: a coloured panel with a sign, and beside it the words.

use embedded_graphics::prelude::Size;
use embedded_graphics::primitives::Rectangle;
use postern_heart::money::Amount;

use super::area::{Cut, Scale};
use super::paint::{Align, Paint};
use super::palette::{ACCENT, INK, SOFT, Tone};
use super::stack::Stack;
use crate::glyphs::{Mark, Style};
use crate::text::{Arg, Word, other};

/// News: what happened, and what to do now.
pub(super) struct News {
    tone: Tone,
    mark: Mark,
    seconds: Option<u64>,
    amount: Option<Amount>,
    title: Said,
    lines: Vec<Said>,
    small: Vec<String>,
    countdown: Option<String>,
}

/// A sentence in both languages, the screen's first.
pub(super) struct Said {
    first: String,
    second: String,
}

impl Said {
    /// Says a word in both languages.
    pub(super) fn word(paint: &Paint<'_>, word: Word) -> Said {
        Said::with(paint, word, &[])
    }

    /// Says a word with values in both languages.
    pub(super) fn with(paint: &Paint<'_>, word: Word, args: &[Arg<'_>]) -> Said {
        let say = |language| paint.look.texts.say_with(language, word, args);
        Said { first: say(paint.language), second: say(other(paint.language)) }
    }
}

impl News {
    /// Makes news with a sign and a title.
    pub(super) fn new(tone: Tone, mark: Mark, title: Said) -> News {
        News {
            tone,
            mark,
            seconds: None,
            amount: None,
            title,
            lines: Vec::new(),
            small: Vec::new(),
            countdown: None,
        }
    }

    /// Says how much it is about.
    pub(super) fn about(mut self, amount: Amount) -> News {
        self.amount = Some(amount);
        self
    }

    /// Shows the seconds that are left under the sign.
    pub(super) fn counting(mut self, seconds: Option<u64>) -> News {
        self.seconds = seconds;
        self
    }

    /// Adds a sentence.
    pub(super) fn line(mut self, said: Said) -> News {
        self.lines.push(said);
        self
    }

    /// Leaves away all sentences but the title.
    pub(super) fn title_only(mut self) -> News {
        self.lines.clear();
        self
    }

    /// Adds a small line, in one language: an id, what became of the paper.
    pub(super) fn small(mut self, text: impl Into<String>) -> News {
        self.small.push(text.into());
        self
    }

    /// Adds the time that is left, as a line of its own.
    pub(super) fn countdown(mut self, left: Option<String>) -> News {
        self.countdown = left;
        self
    }

    /// Draws the panel and the words.
    pub(super) fn draw(self, paint: &mut Paint<'_>, places: &Places) {
        paint.fill(places.panel, self.tone.ground);
        panel_content(paint, places.panel, self.mark, self.tone, self.seconds);
        self.words(paint, places.words);
    }

    /// Draws the words alone.
    pub(super) fn words(self, paint: &mut Paint<'_>, place: Rectangle) {
        let gap = paint.scale.px(10).max(5);
        let title = title_style(paint, &self.title.first, place.wide());
        let second_title = paint.bold(if title.px > paint.scale.text(46) { 34 } else { 26 });
        let (body, second_body, small) = (paint.regular(24), paint.regular(19), paint.regular(17));
        let mut stack = Stack::new(Align::Start, Align::Middle);
        if let Some(amount) = self.amount {
            stack = stack.line(amount.pretty(), paint.bold(40), INK).gap(gap);
        }
        stack = stack.title(self.title.first, title, INK).title(self.title.second, second_title, SOFT);
        for Said { first, second } in self.lines {
            stack = stack.gap(gap).text(first, body, INK).text(second, second_body, SOFT);
        }
        if let Some(left) = self.countdown {
            stack = stack.gap(2 * gap).line(left, paint.bold(26), ACCENT);
        }
        if !self.small.is_empty() {
            stack = stack.gap(gap);
            let joined = self.small.join("  |  ");
            let lines = if paint.width(&joined, small) <= place.wide() { vec![joined] } else { self.small };
            stack = lines.into_iter().fold(stack, |stack, line| stack.line(line, small, SOFT));
        }
        stack.draw(paint, place);
    }
}

/// One word is said as loud as the room allows; a sentence is not shouted.
fn title_style(paint: &Paint<'_>, title: &str, wide: i32) -> Style {
    let (loud, calm) = (paint.bold(84), paint.bold(46));
    let fitting = paint.fitting(title, loud, wide);
    if fitting.px > calm.px { fitting } else { calm }
}

fn panel_content(paint: &mut Paint<'_>, panel: Rectangle, mark: Mark, tone: Tone, seconds: Option<u64>) {
    let size = panel.wide().min(panel.high()) * 66 / 100;
    let mut stack = Stack::new(Align::Middle, Align::Middle).mark(mark, size, tone.ink, tone.ground);
    if let Some(seconds) = seconds {
        let unit = paint.say(crate::text::SECONDS);
        stack = stack
            .gap(paint.scale.px(28).max(10))
            .line(seconds.to_string(), paint.bold(56), tone.ink)
            .line(unit, paint.regular(18), tone.ink);
    }
    stack.draw(paint, panel.inset(paint.scale.gap()));
}

/// Where a screen has its parts; a part that it lacks is empty.
pub(super) struct Places {
    /// The coloured panel, or the keypad, or a heading.
    pub(super) panel: Rectangle,
    /// What is said.
    pub(super) words: Rectangle,
    /// The row of buttons.
    pub(super) buttons: Rectangle,
}

/// What the panel holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Panel {
    /// A sign.
    Sign,
    /// A QR code, which needs a square.
    Code,
}

/// Finds the places of news below the strip.
pub(super) fn places(size: Size, below_strip: Rectangle, panel: Panel) -> Places {
    let scale = Scale::of(size);
    let width = match panel {
        Panel::Sign => below_strip.wide() * 31 / 100,
        Panel::Code => below_strip.high().min(below_strip.wide() * 3 / 5),
    };
    let (panel, rest) = below_strip.cut_left(width, 0);
    let (buttons, words) = rest.inset(scale.margin()).cut_bottom(scale.button(), scale.gap());
    Places { panel, words, buttons }
}
