//! The strip at the top: the shop, what waits for someone, what is in trouble, the connection, the time.

use embedded_graphics::pixelcolor::Rgb565;
use embedded_graphics::primitives::Rectangle;
use postern_heart::event::{Device, Health};
use postern_heart::screen::Strip;

use super::area::{Cut, area};
use super::paint::{Align, Paint};
use super::palette::{ALERT, NIGHT, WHITE};
use crate::glyphs::Mark;
use crate::text;
use crate::text::Word;

/// Draws the strip, from its right end on: what is there is always complete, and the shop's name has the rest.
pub(super) fn draw(paint: &mut Paint<'_>, strip: &Strip, place: Rectangle) {
    paint.fill(place, NIGHT);
    let margin = paint.scale.margin();
    let mut pen = Pen { right: place.left() + place.wide() - margin, place };
    if let Some(time) = strip.time {
        let time = paint.look.time(time);
        pen.text(paint, &time, WHITE, true);
    }
    let (mark, color) = if strip.online { (Mark::Online, WHITE) } else { (Mark::Offline, ALERT.ground) };
    pen.mark(paint, mark, color);
    if strip.parked > 0 {
        pen.counted(paint, Mark::Clock, strip.parked, WHITE);
    }
    if strip.held > 0 {
        pen.counted(paint, Mark::Paper, strip.held, ALERT.ground);
    }
    if strip.unsettled > 0 {
        pen.counted(paint, Mark::Unknown, strip.unsettled, ALERT.ground);
    }
    let worst = strip.trouble.iter().find(|(_, health)| *health != Health::PaperNearEnd);
    if let Some((device, health)) = worst.or(strip.trouble.first()) {
        let (device, health) = (paint.say(device_word(*device)), paint.say(health_word(*health)));
        let says =
            paint.say_with(text::DEVICE_TROUBLE, &[("device", device.into()), ("health", health.into())]);
        if pen.room(margin) > paint.width(&says, paint.regular(18)) {
            pen.text(paint, &says, ALERT.ground, false);
        }
        pen.mark(paint, Mark::Attention, ALERT.ground);
    }
    let name = paint.look.sign.name(paint.language).to_owned();
    let style = paint.bold(18);
    let room = area(place.left() + margin, place.top(), pen.room(margin), place.high());
    // A long name may be cut here: it stands whole on the paper.
    let before = paint.cut.len();
    if room.wide() > paint.scale.px(60) {
        paint.line(&name, style, room, Align::Start, WHITE);
    }
    paint.cut.truncate(before);
}

/// Where the next thing ends.
struct Pen {
    right: i32,
    place: Rectangle,
}

impl Pen {
    fn room(&self, margin: i32) -> i32 {
        self.right - self.place.left() - margin
    }

    fn text(&mut self, paint: &mut Paint<'_>, text: &str, color: Rgb565, bold: bool) {
        let style = if bold { paint.bold(18) } else { paint.regular(18) };
        let width = paint.width(text, style);
        self.right -= width;
        let baseline = self.place.middle().1 + style.drop();
        paint.letters(text, style, self.right as f32, baseline, color);
        self.right -= paint.scale.px(16).max(8);
    }

    fn mark(&mut self, paint: &mut Paint<'_>, mark: Mark, color: Rgb565) {
        let size = self.place.high() * 56 / 100;
        self.right -= size;
        paint.mark(mark, (self.right + size / 2, self.place.middle().1), size, color, NIGHT);
        self.right -= paint.scale.px(16).max(8);
    }

    fn counted(&mut self, paint: &mut Paint<'_>, mark: Mark, count: usize, color: Rgb565) {
        self.text(paint, &count.to_string(), color, true);
        self.right += paint.scale.px(16).max(8) - paint.scale.px(6).max(3);
        self.mark(paint, mark, color);
    }
}

fn device_word(device: Device) -> Word {
    match device {
        Device::Scanner => text::DEVICE_SCANNER,
        Device::Printer => text::DEVICE_PRINTER,
        Device::Display => text::DEVICE_DISPLAY,
        Device::CustomerDisplay => text::DEVICE_CUSTOMER_DISPLAY,
    }
}

fn health_word(health: Health) -> Word {
    match health {
        Health::Working => text::HEALTH_WORKING,
        Health::PaperNearEnd => text::HEALTH_PAPER_NEAR_END,
        Health::Missing => text::HEALTH_MISSING,
        Health::Silent => text::HEALTH_SILENT,
        Health::NoPaper => text::HEALTH_NO_PAPER,
        Health::CoverOpen => text::HEALTH_COVER_OPEN,
        Health::Faulty => text::HEALTH_FAULTY,
    }
}
