//! Drivers: each turns the words of a port into the bytes of one kind of device, and back.
//!
//! A driver owns a thread, so that a slow or missing device never holds up the counter; what it has to say comes
//! through the [`Inbox`](crate::ports::Inbox). A device that is missing at the start, or goes away later, is reported
//! and picked up when it comes ([`supervisor`]). No driver waits without a limit, and none knows another: only
//! `board` names them. Bytes and transport are apart ([`escpos`] is pure, and so is a scanner's framing).

pub mod escpos;
pub mod escpos_printer;
pub mod escpos_serial;
pub mod escpos_tcp;
pub mod limit;
pub mod panel;
pub mod serial_line;
pub mod serial_scanner;
pub mod supervisor;

use postern_heart::event::{Device, Health};

/// Says what a device is called, in reports and logs.
pub fn name(device: Device) -> &'static str {
    match device {
        Device::Scanner => "scanner",
        Device::Printer => "printer",
        Device::Display => "display",
        Device::CustomerDisplay => "customer display",
    }
}

/// Says how a device is, as a sentence.
pub fn says(device: Device, health: Health) -> String {
    let name = name(device);
    match health {
        Health::Working => format!("the {name} works"),
        Health::PaperNearEnd => format!("the {name} will soon be out of paper"),
        Health::Missing => format!("the {name} is not connected"),
        Health::Silent => format!("the {name} does not answer"),
        Health::NoPaper => format!("the {name} is out of paper"),
        Health::CoverOpen => format!("the {name}'s cover is open"),
        Health::Faulty => format!("the {name} reports a fault"),
    }
}
