//! The sign for the counter: the shop's static code as large as the roll allows, its name, and what to do, in both
//! languages. It says nothing about anybody's money.

use postern_heart::ask::OrderCode;

use super::sheet::Sheet;
use super::{both, head};
use crate::glyphs::Style;
use crate::look::Look;
use crate::qr::{Correction, Modules};
use crate::raster::Raster;
use crate::text;

/// Draws the sign for paper of so many dots across.
pub fn counter_sign(code: &OrderCode, look: &Look, width_dots: u32) -> Raster {
    let mut sheet = Sheet::new(look, width_dots);
    head(&mut sheet, look);
    sheet.rule();
    let scan = both(look, text::SHOP_CODE_SCAN);
    sheet.centered(&scan.chinese, Style::bold(48));
    sheet.centered(&scan.english, Style::bold(30));
    sheet.gap(12);
    // The shop file's check allows no text that does not fit.
    if let Some(modules) = Modules::encode(&code.0, Correction::Paper) {
        sheet.large_code(&modules);
    }
    sheet.gap(12);
    let enter = both(look, text::SHOP_CODE_ENTER);
    sheet.centered(&enter.chinese, Style::bold(28));
    sheet.centered(&enter.english, Style::regular(24));
    sheet.gap(18);
    sheet.end();
    sheet.print()
}
