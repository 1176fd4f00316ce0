//! The flight recorder: what the terminal did, as lines on standard error.
//!
//! `POSTERN_LOG` is `error`, `warn`, `info` (default), `debug` or `trace`, for this program's own lines; other
//! libraries are never heard below `warn`, because they do not know what is secret here.

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

/// Starts it; a second call changes nothing.
pub fn start() {
    let level = std::env::var("POSTERN_LOG").ok().and_then(|level| level.parse().ok()).unwrap_or(Level::INFO);
    let filter = Targets::new()
        .with_default(Level::WARN)
        .with_target("postern", level)
        .with_target("postern_heart", level);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    // A test that starts it twice keeps the first one.
    let _already = tracing_subscriber::registry().with(filter).with(lines).try_init();
}
