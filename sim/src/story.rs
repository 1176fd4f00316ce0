//! A life as a person reads it: time, what happened, what was done.

use postern_heart::ask::{Request, Says};
use postern_heart::event::{Effect, Event};

/// The lines so far; nothing where nobody reads them.
#[derive(Debug, Default)]
pub struct Story {
    lines: Option<Vec<String>>,
    /// At which terminal.
    pub at: usize,
}

impl Story {
    /// A story that is told.
    pub fn told() -> Story {
        Story { lines: Some(Vec::new()), at: 0 }
    }

    /// The lines.
    pub fn into_lines(self) -> Vec<String> {
        self.lines.unwrap_or_default()
    }

    /// Tells one line.
    pub fn tell(&mut self, now: u64, line: impl FnOnce() -> String) {
        if let Some(lines) = &mut self.lines {
            let at = if self.at > 0 { " [2]" } else { "" };
            lines.push(format!("{:>9}.{:03}{at}  {}", now / 1_000, now % 1_000, line()));
        }
    }

    /// Tells an event on its way to the heart; the mere passing of time is not worth a line.
    pub fn event(&mut self, now: u64, event: &Event) {
        match event {
            Event::DeadlineReached => {}
            Event::Answered { no, reply } => self.tell(now, || {
                let reply = match reply {
                    postern_heart::ask::Reply::Answer(answer) => heard(&answer.says),
                    other => format!("{other:?}"),
                };
                format!("> answer to {}: {reply}", no.0)
            }),
            other => self.tell(now, || format!("> {other:?}")),
        }
    }

    /// Tells an effect.
    pub fn effect(&mut self, now: u64, effect: &Effect) {
        match effect {
            Effect::Save { record, .. } => self.tell(now, || match record.transaction {
                Some(id) => format!("    save {id} {:?}", record.fact),
                None => format!("    save {:?}", record.fact),
            }),
            Effect::Ask(ask) => self.tell(now, || {
                format!("    ask {} {} of {}", ask.no.0, name(&ask.request), ask.request.about())
            }),
            Effect::Show(view) => self.tell(now, || {
                let notice = view.notice.as_ref().map_or(String::new(), |notice| format!("  [{notice:?}]"));
                format!("    show {:?}{notice}", view.cashier)
            }),
            Effect::Print { receipt, .. } => self.tell(now, || {
                let duplicate = if receipt.duplicate { " DUPLICATE" } else { "" };
                format!("    print {} {:?}{duplicate}", receipt.id, receipt.says)
            }),
            Effect::Compare { .. }
            | Effect::Recorded(_)
            | Effect::Warm
            | Effect::Acknowledge { .. }
            | Effect::Sound(_)
            | Effect::PrintSign { .. }
            | Effect::CheckPin(_)
            | Effect::SetClock(_)
            | Effect::Find(_)
            | Effect::ReadJournal => {}
        }
    }
}

/// A request's name.
pub fn name(request: &Request) -> &'static str {
    match request {
        Request::Pay(_) => "PAY",
        Request::Detail { .. } => "DETAIL",
        Request::Cancel { .. } => "CANCEL",
        Request::Refund { .. } => "REFUND",
    }
}

/// An answer in one word.
pub fn heard(says: &Says) -> String {
    match says {
        Says::Status(status) => format!("{:?}", status.state).to_lowercase(),
        Says::Declined(decline) => format!("declined ({:?})", decline.reason),
        Says::Absent => "does not exist".to_string(),
        Says::NotAccepted(_) => "not accepted".to_string(),
        Says::Unclear(_) => "busy".to_string(),
    }
}
