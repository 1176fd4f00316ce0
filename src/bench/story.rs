//! What happened, in plain words: the page's time line.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use super::hold;
use super::news::{News, Topic};

const LINES_KEPT: usize = 400;
/// The counter stands in Hong Kong: the same time of day as on its receipts.
const ZONE: &str = "Asia/Hong_Kong";

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Who {
    /// The person at the page.
    You,
    /// The program under trial.
    Terminal,
    /// The customer's phone.
    Phone,
    /// The other end of the TLS connection.
    Acquirer,
    /// Paper and drawer.
    Printer,
    /// The bench itself.
    Bench,
}

/// One sentence.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line {
    number: u64,
    at: String,
    who: Who,
    text: String,
}

/// The sentences, oldest first.
#[derive(Debug)]
pub(crate) struct Story {
    lines: Mutex<(u64, VecDeque<Line>)>,
    zone: TimeZone,
    news: Arc<News>,
}

impl Story {
    pub(crate) fn new(news: Arc<News>) -> Story {
        let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
        Story { lines: Mutex::default(), zone, news }
    }

    /// Adds a sentence with the present time of day.
    pub(crate) fn add(&self, who: Who, text: impl Into<String>) {
        let at = self.time();
        {
            let mut lines = hold(&self.lines);
            lines.0 += 1;
            let number = lines.0;
            lines.1.push_back(Line { number, at, who, text: text.into() });
            if lines.1.len() > LINES_KEPT {
                lines.1.pop_front();
            }
        }
        self.news.tell(Topic::Story);
    }

    pub(crate) fn lines(&self) -> Vec<Line> {
        hold(&self.lines).1.iter().cloned().collect()
    }

    /// The counter's time of day.
    pub(crate) fn time(&self) -> String {
        Timestamp::now().to_zoned_datetime(self.zone.clone()).strftime("%H:%M:%S").to_string()
    }
}
