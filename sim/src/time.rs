//! Days and hours of the simulated world: a shop in Hong Kong.

use postern_heart::now::Wall;

/// One hour, in milliseconds.
pub const HOUR: i64 = 3_600_000;
/// One day, in milliseconds.
pub const DAY: i64 = 24 * HOUR;
/// Hong Kong is eight hours ahead.
const ZONE: i64 = 8 * HOUR;
/// The noon at which a life begins, unless it begins near midnight.
pub const NOON: Wall = Wall(1_773_115_200_000);

/// 23:59:59 of a moment's day: until then a payment of that day can be cancelled.
pub fn cut_off(at: Wall) -> Wall {
    let day = (at.0 + ZONE).div_euclid(DAY);
    Wall((day + 1) * DAY - ZONE - 1_000)
}
