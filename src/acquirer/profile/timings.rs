//! How long the terminal waits, as the profile says it.

use postern_heart::settings::Timings;
use serde::Deserialize;

use super::values::Pause;
use crate::files::{FileFault, Lines};

/// All limits and pauses; `assets/uqpay.toml` says what each is for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "explained in assets/uqpay.toml and in the heart's Timings")]
pub struct ProfileTimings {
    pub connect: Pause,
    pub call: Pause,
    pub detail_call: Pause,
    pub idle_max: Pause,
    pub image: Pause,
    pub first_detail: Pause,
    pub after_processing: Pause,
    pub detail_every: Pause,
    pub after_busy: Pause,
    pub spread_percent: u64,
    pub payment_code_limit: Pause,
    pub order_code_limit: Pause,
    pub printed_code_limit: Pause,
    pub link_limit: Pause,
    pub expire_after_limit: Pause,
    pub expire_margin: Pause,
    pub park_after: Pause,
    pub scan_age_max: Pause,
    pub scan_quiet: Pause,
    pub code_life: Pause,
    pub cancel_again: [Pause; 3],
    pub background: [Pause; 6],
    pub background_then: Pause,
    pub background_old: Pause,
    pub background_old_every: Pause,
    pub clock_off_max: Pause,
    pub result_stays: Pause,
    pub prove_every: Pause,
    pub warn_before_cut_off: Pause,
}

impl ProfileTimings {
    /// What the heart needs of them.
    pub fn heart(&self) -> Timings {
        Timings {
            first_detail_ms: self.first_detail.ms(),
            after_processing_ms: self.after_processing.ms(),
            detail_every_ms: self.detail_every.ms(),
            after_busy_ms: self.after_busy.ms(),
            spread_percent: self.spread_percent,
            payment_code_limit_ms: self.payment_code_limit.ms(),
            order_code_limit_ms: self.order_code_limit.ms(),
            printed_code_limit_ms: self.printed_code_limit.ms(),
            link_limit_ms: self.link_limit.ms(),
            expire_after_limit_ms: self.expire_after_limit.ms(),
            expire_margin_ms: self.expire_margin.ms(),
            park_after_ms: self.park_after.ms(),
            scan_age_max_ms: self.scan_age_max.ms(),
            scan_quiet_ms: self.scan_quiet.ms(),
            code_life_ms: self.code_life.ms(),
            cancel_again_ms: self.cancel_again.map(Pause::ms),
            background_ms: self.background.map(Pause::ms),
            background_then_ms: self.background_then.ms(),
            background_old_ms: self.background_old.ms(),
            background_old_every_ms: self.background_old_every.ms(),
            clock_off_max_ms: self.clock_off_max.ms(),
            result_stays_ms: self.result_stays.ms(),
            prove_every_ms: self.prove_every.ms(),
            warn_before_cut_off_ms: self.warn_before_cut_off.ms(),
        }
    }

    pub(super) fn check(&self, lines: &Lines) -> Result<(), FileFault> {
        const MINUTE_MS: u64 = 60_000;
        const EXPIRE_MS: u64 = 72 * 60 * MINUTE_MS;
        if self.spread_percent > 50 {
            return Err(lines.fault("timings.spread_percent", "more than half is no spread"));
        }
        for (key, call) in [("call", self.call), ("detail_call", self.detail_call)] {
            if call.ms() < self.connect.ms() {
                return Err(lines.fault(&format!("timings.{key}"), "it is shorter than timings.connect"));
            }
        }
        if !(MINUTE_MS / 2..=10 * MINUTE_MS).contains(&self.order_code_limit.ms()) {
            return Err(lines.fault("timings.order_code_limit", "it must be 30s to 10min"));
        }
        if !(MINUTE_MS..=60 * MINUTE_MS).contains(&self.printed_code_limit.ms()) {
            return Err(lines.fault("timings.printed_code_limit", "it must be 1min to 60min"));
        }
        if self.link_limit.ms() < MINUTE_MS {
            return Err(lines.fault("timings.link_limit", "it must be at least 1min"));
        }
        for (key, limit) in [
            ("payment_code_limit", self.payment_code_limit),
            ("order_code_limit", self.order_code_limit),
            ("printed_code_limit", self.printed_code_limit),
            ("link_limit", self.link_limit),
        ] {
            if limit.ms().saturating_add(self.expire_after_limit.ms()) >= EXPIRE_MS {
                let why = "with timings.expire_after_limit it must be less than 72h";
                return Err(lines.fault(&format!("timings.{key}"), why));
            }
        }
        Ok(())
    }
}
