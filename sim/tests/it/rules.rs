//! The rules of the field, one by one.

mod absent;
mod amounts;
mod attempts;
mod cancelled;
mod clock;
mod disk_first;
mod journal;
mod keys;
mod paper;
mod scan_or_be_scanned;
mod scans;
