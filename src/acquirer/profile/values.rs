//! The kinds of value that a wire profile holds, each checked as it is read.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::Uri;
use hyper::header::HeaderName;
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use postern_heart::ask::{AnswerCode, Decline, Reason, Says};
use postern_heart::now::{TypedTime, Wall};
use serde::Deserialize;

/// A duration, written `3s` or `10min`; never nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Pause(Duration);

impl Pause {
    /// The duration.
    pub fn duration(self) -> Duration {
        self.0
    }

    /// The duration in milliseconds.
    pub fn ms(self) -> u64 {
        u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX)
    }
}

impl TryFrom<String> for Pause {
    type Error = String;

    fn try_from(text: String) -> Result<Pause, String> {
        let wrong = || format!("{text:?} is no duration; write for example \"500ms\", \"3s\" or \"10min\"");
        let signed: SignedDuration = text.parse().map_err(|_| wrong())?;
        let duration = Duration::try_from(signed).map_err(|_| wrong())?;
        if duration < Duration::from_millis(1) {
            return Err(format!("{text:?} is too short"));
        }
        Ok(Pause(duration))
    }
}

/// Where the acquirer is: `https` always.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct BaseUrl {
    /// The name or address, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// What stands before every path; no slash at its end.
    pub prefix: String,
}

impl BaseUrl {
    /// What the `Host` header says.
    pub fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        if self.port == 443 { host } else { format!("{host}:{}", self.port) }
    }
}

impl TryFrom<String> for BaseUrl {
    type Error = String;

    fn try_from(text: String) -> Result<BaseUrl, String> {
        let uri: Uri = text.parse().map_err(|_| format!("{text:?} is no address"))?;
        if uri.scheme_str() != Some("https") {
            return Err(format!("{text:?} must start with https://"));
        }
        if uri.query().is_some()
            || text.contains('#')
            || uri.authority().is_some_and(|a| a.as_str().contains('@'))
        {
            return Err(format!("{text:?} must be a host and a path alone"));
        }
        let host = uri.host().unwrap_or_default();
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        if host.is_empty() {
            return Err(format!("{text:?} names no host"));
        }
        Ok(BaseUrl {
            host: host.to_ascii_lowercase(),
            port: uri.port_u16().unwrap_or(443),
            prefix: uri.path().trim_end_matches('/').to_owned(),
        })
    }
}

/// A path of one API, from `/`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ApiPath(pub String);

impl TryFrom<String> for ApiPath {
    type Error = String;

    fn try_from(text: String) -> Result<ApiPath, String> {
        let fits = text.starts_with('/') && text.parse::<Uri>().is_ok();
        if fits { Ok(ApiPath(text)) } else { Err(format!("{text:?} is no path; it must start with /")) }
    }
}

/// The name of an HTTP header.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Header(pub HeaderName);

impl TryFrom<String> for Header {
    type Error = String;

    fn try_from(text: String) -> Result<Header, String> {
        text.parse().map(Header).map_err(|_| format!("{text:?} is no header name"))
    }
}

/// Where a field stands in a body: a dot steps into an object.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Spot(String);

impl Spot {
    /// The dotted path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Spot {
    type Error = String;

    fn try_from(text: String) -> Result<Spot, String> {
        let whole = |part: &str| !part.is_empty() && super::super::sign::check_text(part).is_ok();
        if text.split('.').all(whole) { Ok(Spot(text)) } else { Err(format!("{text:?} is no field name")) }
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A pinned root: the SHA-256 of its key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Pin(pub [u8; 32]);

impl TryFrom<String> for Pin {
    type Error = String;

    fn try_from(text: String) -> Result<Pin, String> {
        let bytes = text.strip_prefix("sha256/").and_then(|hash| STANDARD.decode(hash).ok());
        bytes
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .map(Pin)
            .ok_or_else(|| format!("{text:?} is no pin; write \"sha256/\" and the base64 of 32 bytes"))
    }
}

/// The acquirer's civil time: its zone, how it writes it, and when its day for cancelling ends.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CivilTime {
    zone: Zone,
    format: TimeFormat,
    cancel_until: TimeOfDay,
}

impl CivilTime {
    /// Writes a moment as the acquirer does; `None` beyond the calendar.
    pub fn write(&self, wall: Wall) -> Option<String> {
        Some(self.civil(wall)?.strftime(&self.format.0).to_string())
    }

    /// Reads a moment that the acquirer wrote.
    pub fn read(&self, text: &str) -> Option<Wall> {
        self.wall(DateTime::strptime(&self.format.0, text).ok()?)
    }

    /// Until when a payment of this moment's calendar day can be cancelled.
    pub fn cut_off(&self, wall: Wall) -> Option<Wall> {
        self.wall(self.civil(wall)?.date().to_datetime(self.cancel_until.0))
    }

    /// The zone that all of the acquirer's times are in, and the shop's too.
    pub fn zone(&self) -> &TimeZone {
        &self.zone.0
    }

    /// The moment that a person typed, in the zone; `None` where the calendar has no such moment.
    pub fn typed(&self, typed: TypedTime) -> Option<Wall> {
        let TypedTime { year, month, day, hour, minute } = typed;
        self.wall(DateTime::new(year, month, day, hour, minute, 0, 0).ok()?)
    }

    fn civil(&self, wall: Wall) -> Option<DateTime> {
        Some(self.zone.0.to_datetime(Timestamp::from_millisecond(wall.0).ok()?))
    }

    fn wall(&self, civil: DateTime) -> Option<Wall> {
        Some(Wall(self.zone.0.to_timestamp(civil).ok()?.as_millisecond()))
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
struct Zone(TimeZone);

impl TryFrom<String> for Zone {
    type Error = String;

    fn try_from(name: String) -> Result<Zone, String> {
        TimeZone::get(&name)
            .map(Zone)
            .map_err(|_| format!("{name:?} is no time zone; write for example \"Asia/Hong_Kong\""))
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
struct TimeFormat(String);

impl TryFrom<String> for TimeFormat {
    type Error = String;

    fn try_from(format: String) -> Result<TimeFormat, String> {
        let sample = jiff::civil::date(2031, 12, 28).at(19, 47, 58, 0);
        let written = jiff::fmt::strtime::format(&format, sample)
            .map_err(|_| format!("{format:?} is no time format"))?;
        match DateTime::strptime(&format, &written) {
            Ok(read) if read == sample => Ok(TimeFormat(format)),
            _ => Err(format!("{format:?} does not hold a whole date and time")),
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
struct TimeOfDay(Time);

impl TryFrom<String> for TimeOfDay {
    type Error = String;

    fn try_from(text: String) -> Result<TimeOfDay, String> {
        Time::strptime("%H:%M:%S", &text)
            .map(TimeOfDay)
            .map_err(|_| format!("{text:?} is no time of day; write for example \"23:59:59\""))
    }
}

/// What a code means for the request that it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are those of the heart's reasons")]
pub enum CodeClass {
    Absent,
    NotAccepted,
    Unclear,
    CodeInvalid,
    Balance,
    Risk,
    Parameter,
    IdUsed,
    TooMuch,
    CutOff,
    State,
    Other,
}

impl CodeClass {
    /// What the heart is told when an answer carries this code.
    pub fn says(self, code: AnswerCode) -> Says {
        let reason = match self {
            CodeClass::Absent => return Says::Absent,
            CodeClass::NotAccepted => return Says::NotAccepted(code),
            CodeClass::Unclear => return Says::Unclear(code),
            CodeClass::CodeInvalid => Reason::CodeInvalid,
            CodeClass::Balance => Reason::Balance,
            CodeClass::Risk => Reason::Risk,
            CodeClass::Parameter => Reason::Parameter,
            CodeClass::IdUsed => Reason::IdUsed,
            CodeClass::TooMuch => Reason::TooMuch,
            CodeClass::CutOff => Reason::CutOff,
            CodeClass::State => Reason::State,
            CodeClass::Other => Reason::Other,
        };
        Says::Declined(Decline { reason, code })
    }
}
