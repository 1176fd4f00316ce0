//! The one test binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

#[cfg(feature = "sim")]
mod acquirer_client;
mod acquirer_help;
#[cfg(feature = "sim")]
mod acquirer_pictures;
#[cfg(feature = "sim")]
mod acquirer_ready;
#[cfg(feature = "sim")]
mod acquirer_server;
mod acquirer_sign;
#[cfg(feature = "sim")]
mod acquirer_sim;
#[cfg(feature = "sim")]
mod acquirer_terminal;
mod acquirer_values;
mod acquirer_wire;
#[cfg(feature = "sim")]
mod acquirer_with_sim;
mod architecture;
#[cfg(feature = "sim")]
mod bench;
mod board;
#[cfg(feature = "sim")]
mod certification;
#[cfg(feature = "sim")]
mod counter_bad;
#[cfg(feature = "sim")]
mod counter_bad_refunds;
#[cfg(feature = "sim")]
mod counter_help;
#[cfg(feature = "sim")]
mod counter_lasting;
mod counter_power;
#[cfg(feature = "sim")]
mod counter_refunds;
#[cfg(feature = "sim")]
mod counter_sales;
#[cfg(feature = "sim")]
mod counter_trace;
mod drivers_help;
mod drivers_panel;
mod drivers_printer;
mod drivers_printer_help;
mod drivers_printer_serial;
mod drivers_scanner;
#[path = "../../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "the fuzz targets see it as a crate")]
mod fuzz;
mod journal;
mod look;
#[cfg(feature = "sim")]
mod notify;
#[cfg(feature = "sim")]
mod notify_help;
#[cfg(feature = "sim")]
mod page;
mod paper;
mod profile;
mod properties;
#[cfg(feature = "sim")]
mod reconcile;
