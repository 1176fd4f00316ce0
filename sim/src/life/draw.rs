//! What a life draws at its beginning: what the shop chose, and what devices and clock go through.

use postern_heart::event::Health;
use postern_heart::ids::TerminalId;
use postern_heart::money::{Amount, Currency};
use postern_heart::settings::{AmountEntry, EntryCode, Language, OrderCodeWhen, Settings, Slips, Timings};

use crate::queue::Happening;
use crate::random::Random;
use crate::terminal::Terminal;
use crate::time;
use crate::world::World;

/// A usual shop.
pub fn settings() -> Settings {
    Settings {
        terminal: TerminalId::parse("HK01").unwrap_or_default(),
        currency: Currency::HKD,
        amount_entry: AmountEntry::Major,
        ask_twice: Amount::new(500_000, Currency::HKD),
        amount_max: Amount::new(5_000_000, Currency::HKD),
        order_code: OrderCodeWhen::OnKey,
        links: true,
        customer_display: true,
        entry_code: EntryCode::Off,
        payment_codes: true,
        knows_cancel: true,
        refunds: true,
        manager: true,
        slips: Slips::NotRefusals,
        language: Language::English,
        timings: Timings::default(),
    }
}

/// The shop's static code; the world has no use for what stands in it.
pub(super) fn entry_code() -> EntryCode {
    EntryCode::On("the shop's static code".to_string())
}

/// What the shop chose, drawn.
pub(super) fn draw_settings(settings: &mut Settings, random: &mut Random) {
    settings.order_code = random
        .pick(OrderCodeWhen::OnKey, &[OrderCodeWhen::OnKey, OrderCodeWhen::AtOnce, OrderCodeWhen::Never]);
    settings.knows_cancel = random.chance(900);
    settings.refunds = random.chance(900);
    settings.manager = random.chance(800);
    settings.slips = random.pick(Slips::NotRefusals, &[Slips::NotRefusals, Slips::Every, Slips::Never]);
    settings.timings.order_code_limit_ms = random.pick(120_000, &[120_000, 30_000, 600_000]);
    if random.chance(200) {
        settings.entry_code = entry_code();
    }
    settings.links = random.chance(800);
    settings.customer_display = random.chance(800);
    settings.timings.printed_code_limit_ms = random.pick(600_000, &[600_000, 60_000]);
    settings.timings.link_limit_ms = random.pick(3_600_000, &[3_600_000, 900_000, 900_000, 36_000_000]);
}

/// What the devices and the clock go through.
pub(super) fn plan_devices(terminal: &mut Terminal, world: &mut World, scripted: bool) {
    if scripted {
        terminal.counter.printer = Some(Health::Working);
        return;
    }
    let random = &mut world.fortune.random;
    let has_printer = terminal.settings.slips != Slips::Never && random.chance(900);
    let mut plans = Vec::new();
    if has_printer {
        for _ in 0..random.pick(0, &[0, 1, 2, 4]) {
            let at = random.between(0, 600_000);
            let health = random.pick(Health::NoPaper, &[Health::CoverOpen, Health::Missing, Health::Silent]);
            plans.push((at, Happening::Printer(health)));
            plans.push((at + random.between(1_000, 120_000), Happening::Printer(Health::Working)));
        }
    }
    if random.chance(200) {
        let at = random.between(0, 600_000);
        plans.push((at, Happening::Scanner(Health::Missing)));
        plans.push((at + random.between(1_000, 60_000), Happening::Scanner(Health::Working)));
    }
    let first_off = random.between(0, 40_000) as i64 - 20_000;
    let jumps = if random.chance(300) { random.between(1, 4) } else { 0 };
    for _ in 0..jumps {
        let at = random.between(0, 900_000);
        // A clock that lies by hours is found out by the time that answers carry; without it nobody could know.
        let off = match random.between(0, 3) {
            0 => None,
            1 | 2 if world.dates => Some(random.between(0, 12 * 3_600_000) as i64 - 6 * time::HOUR),
            _ => Some(random.between(0, 40_000) as i64 - 20_000),
        };
        plans.push((at, Happening::Clock(off)));
        if random.chance(700) {
            let back = random.between(0, 20_000) as i64 - 10_000;
            plans.push((at + random.between(1_000, 300_000), Happening::Clock(Some(back))));
        }
    }
    world.fortune.faults += jumps;
    if terminal.settings.entry_code != EntryCode::Off {
        for _ in 0..random.between(1, 6) {
            plans.push((random.between(0, 600_000), Happening::PaysByCode));
        }
    }
    if random.chance(100) {
        plans.push((random.between(5_000, 900_000), Happening::Copy));
    }
    if random.chance(50) {
        plans.push((random.between(5_000, 300_000), Happening::Twin));
    }
    terminal.counter.clock_off = Some(first_off);
    terminal.counter.printer = has_printer.then_some(Health::Working);
    let mut outside = terminal.outside(world);
    plans.into_iter().for_each(|(in_ms, what)| outside.plan(in_ms, what));
}
