//! The desk as screens.

use alloc::string::String;
use alloc::vec::Vec;

use super::counter::Counter;
use super::entry::Entry;
use super::recent::summary;
use super::*;
use crate::day::DayVerdict;
use crate::money::Amount;
use crate::now::Wall;
use crate::payment::{Face, Stage};
use crate::record::WhyUnsettled;
use crate::screen::{
    AmountScreen, CodeState, Collecting, CustomerScreen, DayClose, GivingBack, Lamp, MenuScreen, OneScreen,
    Outcome, PaidLateScreen, RecentScreen, ResultScreen, Screen, Strip, Waiting,
};
use crate::settings::OrderCodeWhen;

const MINUTE_MS: i64 = 60_000;

impl Desk {
    pub(super) fn view(&self, now: Now) -> View {
        let cashier = self.cashier(now);
        View {
            customer: self.customer(&cashier),
            lamp: lamp(&cashier),
            cashier,
            strip: self.strip(now),
            notice: self.notice_now(now),
            language: self.language,
        }
    }

    fn notice_now(&self, now: Now) -> Option<Notice> {
        if let Some((notice, _)) = &self.notice {
            return Some(notice.clone());
        }
        if let Some(since) = self.ear.missed_since().filter(|_| self.counter.is_at_rest()) {
            return Some(Notice::PaymentsMayBeMissing { since });
        }
        let unpaid = self.payments.iter().any(|payment| payment.facts().stage == Stage::Asked);
        let near = now.wall.is_some_and(|trusted| {
            let left = trusted.cut_off.minus(trusted.wall);
            (0..=i64::try_from(self.settings.timings.warn_before_cut_off_ms).unwrap_or(0)).contains(&left)
        });
        (unpaid && near).then_some(Notice::CutOffNear)
    }

    fn cashier(&self, now: Now) -> Screen {
        if let Some(out) = self.service.out_of_service() {
            return Screen::OutOfService(out.clone());
        }
        match &self.counter {
            Counter::Amount(entry) => Screen::Amount(AmountScreen {
                typed: entry.typed(self.settings.amount_entry, self.settings.currency),
                currency: self.settings.currency,
                point: Entry::takes_point(self.settings.amount_entry, self.settings.currency),
                order_code: self.settings.order_code == OrderCodeWhen::OnKey,
                hindrance: self.service.hindrance(now),
                last: self.last(),
            }),
            Counter::ConfirmAmount { amount, .. } => Screen::ConfirmAmount { amount: *amount },
            Counter::SameAmount { amount, unsettled, .. } => {
                Screen::SameAmount { amount: *amount, unsettled: *unsettled }
            }
            Counter::Collecting { sale, order } => {
                Screen::Collecting(self.collecting(now, sale.amount, *order))
            }
            Counter::Paying { sale, id } => self.paying(now, sale.amount, *id),
            Counter::Switching { sale, .. } => {
                Screen::Cancelling { amount: sale.amount, scan_waits: true, may_park: false }
            }
            Counter::Result { id, sale, .. } => self.result(now, sale.amount, *id),
            Counter::PaidLate { id } => self.paid_late(now, *id),
            Counter::Recent { chosen } => Screen::Recent(RecentScreen { rows: self.rows(), chosen: *chosen }),
            Counter::One { id, chosen } => self.one(now, *id, *chosen),
            Counter::Find { typed, asked } => self.find_screen(typed, asked.is_some()),
            Counter::GiveBack { id, entry } => self.give_back_screen(*id, entry),
            Counter::GivingBack { id, amount, end, .. } => {
                self.giving_back_screen(*id, *amount, end.as_ref())
            }
            Counter::Menu { chosen } => {
                Screen::Menu(MenuScreen { items: self.menu_items(), chosen: *chosen })
            }
            Counter::Pin { digits, purpose, wrong, checking, .. } => {
                Screen::Pin { digits: digits.len(), purpose: *purpose, wrong: *wrong, checking: *checking }
            }
            Counter::Clock { typed } => Screen::Clock { typed: String::from(typed.as_str()) },
            Counter::DayClose(state) => self.day_close_screen(state),
            Counter::ShopCode => self
                .shop_code_screen()
                .unwrap_or_else(|| Screen::Menu(MenuScreen { items: self.menu_items(), chosen: 0 })),
        }
    }

    /// The newest transaction, whatever became of it.
    fn last(&self) -> Option<crate::screen::Summary> {
        let open = self.payments.iter().map(Payment::facts).rev().find(|facts| !facts.is_quiet());
        open.or_else(|| self.recent.newest().next()).map(summary)
    }

    fn collecting(&self, now: Now, amount: Amount, order: Option<OrderId>) -> Collecting {
        let payment = order.and_then(|id| self.payment(id));
        let code = match payment.and_then(Payment::code) {
            Some(code) => CodeState::Shown(code.clone()),
            None if payment.is_some() => CodeState::Making,
            None if self.settings.order_code == OrderCodeWhen::Never => CodeState::Absent,
            None => CodeState::OnKey,
        };
        let left = payment.and_then(|payment| payment.left(now.mono));
        let lasting = payment.filter(|payment| payment.waits()).map(Payment::facts);
        let shown = matches!(code, CodeState::Shown(_));
        Collecting {
            amount,
            scanner: self.takes_codes(),
            seconds_left: left.filter(|_| shown && lasting.is_none()).map(whole_seconds),
            until: lasting.map(|facts| facts.asked.expire_at),
            may_park: shown && order.is_some_and(|id| self.may_park(now.mono, id)),
            may_print: match lasting {
                Some(facts) => self.may_print_copy(facts.id),
                None => self.may_print_code(),
            },
            may_link: self.settings.links && order.is_none(),
            code,
        }
    }

    fn paying(&self, now: Now, amount: Amount, id: OrderId) -> Screen {
        let may_park = self.may_park(now.mono, id);
        let cancelling = Screen::Cancelling { amount, scan_waits: false, may_park };
        let Some(payment) = self.payment(id) else { return cancelling };
        let left = payment.left(now.mono).map_or(0, whole_seconds);
        let waiting = Waiting { amount, seconds_left: left, may_park };
        match payment.face() {
            Face::Asking | Face::MakingCode => Screen::Asking { amount },
            Face::Confirm | Face::CodeShown => Screen::Confirm(waiting),
            Face::Unknown => Screen::Unknown(waiting),
            Face::Cancelling | Face::Settled => cancelling,
        }
    }

    fn result(&self, now: Now, amount: Amount, id: OrderId) -> Screen {
        let Some(facts) = self.facts(id) else {
            return Screen::Cancelling { amount, scan_waits: false, may_park: false };
        };
        let outcome = match &facts.stage {
            Stage::Ended(End::Paid) => Outcome::Paid,
            Stage::Ended(End::Refused(refused)) => Outcome::Refused(refused.decline.clone()),
            Stage::Ended(End::NotSent) => Outcome::NotSent(self.why_unreachable()),
            Stage::Ended(End::Reversed) => Outcome::Reversed,
            Stage::Asked
            | Stage::Cancelling
            | Stage::Unsettled
            | Stage::PaidLate
            | Stage::PayingBack
            | Stage::Refunding => {
                let why = facts.unsettled.clone().unwrap_or(WhyUnsettled::NoAnswer(None));
                Outcome::Unsettled { why, payable_until: payable_until(facts, now) }
            }
        };
        Screen::Result(ResultScreen {
            amount,
            id,
            outcome,
            paper: self.paper_state(facts),
            next: self.next_after(id),
        })
    }

    fn why_unreachable(&self) -> crate::ask::Unreachable {
        self.service.unreachable()
    }

    fn paid_late(&self, now: Now, id: OrderId) -> Screen {
        let Some(payment) = self.payment(id) else {
            return Screen::Menu(MenuScreen { items: self.menu_items(), chosen: 0 });
        };
        let facts = payment.facts();
        let wall = now.wall.map(|trusted| trusted.wall);
        Screen::PaidLate(PaidLateScreen {
            id,
            amount: facts.asked.amount,
            at: facts.asked_at,
            can_pay_back: payment.can_pay_back(wall, &self.settings),
        })
    }

    fn one(&self, now: Now, id: OrderId, chosen: usize) -> Screen {
        let Some(facts) = self.facts(id) else {
            return Screen::Recent(RecentScreen { rows: self.rows(), chosen });
        };
        let payment = self.payment(id);
        let cancellable =
            matches!(facts.stage, Stage::Asked | Stage::Cancelling | Stage::Unsettled | Stage::PaidLate);
        Screen::One(OneScreen {
            summary: summary(facts),
            product: facts.asked.product,
            code: facts.asked.code.clone(),
            uq_id: facts.uq_id().cloned(),
            says: facts.says(),
            paper: self.paper_state(facts),
            next_question_s: payment.and_then(|payment| payment.next_question(now.mono)).map(whole_seconds),
            cancel_until: (cancellable && self.settings.knows_cancel).then(|| facts.cut_off()),
            may_print: self.may_print_copy(id),
            waits_until: payment.filter(|payment| payment.waits()).map(|_| facts.asked.expire_at),
            may_give_back: self.may_give_back(facts),
            given_back: facts.given_back().map(|_| facts.asked.amount.less(facts.left())),
        })
    }

    fn strip(&self, now: Now) -> Strip {
        let time =
            now.wall.map(|trusted| Wall(trusted.wall.0.div_euclid(MINUTE_MS).saturating_mul(MINUTE_MS)));
        let current = self.counter.transaction();
        let shown = self.payments.iter().map(Payment::facts).filter(|facts| !facts.is_quiet());
        let unsettled = |facts: &&Facts| matches!(facts.standing(), Standing::Unsettled | Standing::PaidLate);
        let going_on = |facts: &&Facts| {
            matches!(facts.standing(), Standing::Open | Standing::Cancelling | Standing::GivingBack)
        };
        Strip {
            time,
            online: self.service.online(),
            parked: shown.clone().filter(|facts| current != Some(facts.id)).filter(going_on).count(),
            unsettled: shown.filter(unsettled).count(),
            trouble: self.trouble(),
            held: self.paperwork.held(),
        }
    }

    fn trouble(&self) -> Vec<(Device, Health)> {
        let devices = self.devices.iter().map(|(device, health)| (*device, *health));
        devices.filter(|(_, health)| *health != Health::Working).collect()
    }

    fn customer(&self, cashier: &Screen) -> CustomerScreen {
        match cashier {
            Screen::Amount(AmountScreen { typed: Some(typed), .. }) => CustomerScreen::Amount(typed.amount),
            Screen::Amount(_)
            | Screen::Recent(_)
            | Screen::One(_)
            | Screen::Menu(_)
            | Screen::Find(_)
            | Screen::GiveBack(_)
            | Screen::DayClose(_)
            | Screen::Clock { .. } => CustomerScreen::Welcome,
            Screen::GivingBack(giving) => match giving.state {
                GivingBack::Working | GivingBack::Unknown => CustomerScreen::PleaseWait(giving.amount),
                GivingBack::Done { .. } => CustomerScreen::GivenBack(giving.amount),
                GivingBack::Not(_) => CustomerScreen::Welcome,
            },
            Screen::ConfirmAmount { amount } | Screen::SameAmount { amount, .. } => {
                CustomerScreen::Amount(*amount)
            }
            Screen::Collecting(collecting) => CustomerScreen::Collecting {
                amount: collecting.amount,
                code: match &collecting.code {
                    CodeState::Shown(code) => Some(code.clone()),
                    CodeState::Absent | CodeState::OnKey | CodeState::Making => None,
                },
            },
            Screen::Asking { amount } => CustomerScreen::PleaseWait(*amount),
            Screen::Confirm(waiting) => CustomerScreen::Confirm(waiting.amount),
            Screen::Unknown(waiting) => CustomerScreen::PleaseWait(waiting.amount),
            Screen::Cancelling { amount, .. } => CustomerScreen::Cancelling(*amount),
            Screen::Result(result) => match result.outcome {
                Outcome::Paid => CustomerScreen::Paid(result.amount),
                Outcome::Refused(_) => CustomerScreen::NotPaid(result.amount),
                Outcome::NotSent(_) | Outcome::Unsettled { .. } => CustomerScreen::PleaseWait(result.amount),
                Outcome::Reversed => CustomerScreen::Cancelled(result.amount),
            },
            Screen::ShopCode(shop) => CustomerScreen::ShopCode(shop.code.clone()),
            Screen::PaidLate(_) | Screen::Pin { .. } => CustomerScreen::Welcome,
            Screen::OutOfService(_) => CustomerScreen::Closed,
        }
    }

    /// When the screen changes by itself: the next whole second of a countdown, or the next minute.
    pub(super) fn tick(&self, now: Now) -> Option<Mono> {
        let counting = match &self.counter {
            Counter::Collecting { .. } | Counter::Paying { .. } => self.counter.transaction(),
            Counter::One { id, .. } => Some(*id),
            Counter::Amount(_)
            | Counter::ConfirmAmount { .. }
            | Counter::SameAmount { .. }
            | Counter::Switching { .. }
            | Counter::Result { .. }
            | Counter::PaidLate { .. }
            | Counter::Recent { .. }
            | Counter::Find { .. }
            | Counter::GiveBack { .. }
            | Counter::GivingBack { .. }
            | Counter::Menu { .. }
            | Counter::Pin { .. }
            | Counter::Clock { .. }
            | Counter::ShopCode
            | Counter::DayClose(_) => None,
        };
        let payment = counting.and_then(|id| self.payment(id));
        let left = payment.and_then(|payment| {
            let open = payment.left(now.mono).filter(|_| !payment.waits());
            open.or_else(|| payment.next_question(now.mono)).filter(|left| *left > 0)
        });
        // From then on another customer can be served.
        let park = payment.and_then(Payment::waits_since);
        let park = park.map(|since| since.after(self.settings.timings.park_after_ms));
        let park = park.filter(|at| *at > now.mono);
        let second = left.map(|left| now.mono.after(left.checked_rem(1_000).unwrap_or(0).max(1)));
        let minute = now.wall.map(|trusted| {
            let into = trusted.wall.0.rem_euclid(MINUTE_MS);
            now.mono.after(u64::try_from(MINUTE_MS.saturating_sub(into)).unwrap_or(1))
        });
        [second, park, minute].into_iter().flatten().min()
    }

    fn clock_right(&self) -> bool {
        match self.shown.as_ref().map(|view| &view.cashier) {
            Some(Screen::Amount(amount)) => amount.hindrance.is_none(),
            Some(_) | None => true,
        }
    }

    pub(super) fn make_report(&self) -> Report {
        let view = self.shown.as_ref();
        let transaction = self.counter.transaction();
        let unsettled =
            |payment: &&Payment| matches!(payment.facts().stage, Stage::Unsettled | Stage::PaidLate);
        Report {
            screen: view.map_or("starting", |view| view.cashier.name()),
            ready: self.service.runs() && self.service.proven() && self.clock_right(),
            transaction,
            result: transaction.and_then(|id| self.facts(id)).and_then(result_name),
            open: self.payments.iter().filter(|payment| payment.facts().end().is_none()).count(),
            unsettled: self.payments.iter().filter(unsettled).count(),
            devices: self.devices.iter().map(|(device, health)| (*device, *health)).collect(),
            sequence: self.source.sequence,
        }
    }
}

/// Until when an unpaid order that can't be cancelled any more can still be paid.
fn payable_until(facts: &Facts, now: Now) -> Option<Wall> {
    let over = facts.unsettled == Some(WhyUnsettled::CutOff);
    let ahead = now.wall.is_some_and(|trusted| trusted.wall < facts.asked.expire_at);
    (over && ahead).then_some(facts.asked.expire_at)
}

fn whole_seconds(ms: u64) -> u64 {
    ms.div_ceil(1_000)
}

fn lamp(cashier: &Screen) -> Lamp {
    match cashier {
        Screen::Amount(_)
        | Screen::ConfirmAmount { .. }
        | Screen::SameAmount { .. }
        | Screen::Recent(_)
        | Screen::One(_)
        | Screen::Find(_)
        | Screen::GiveBack(_)
        | Screen::Menu(_)
        | Screen::Pin { .. }
        | Screen::Clock { .. }
        | Screen::ShopCode(_) => Lamp::Off,
        Screen::DayClose(day) => match &day.state {
            DayClose::Comparing => Lamp::Off,
            DayClose::Compared(compared) if compared.counts.verdict() == DayVerdict::Agrees => Lamp::Off,
            DayClose::Compared(_) | DayClose::NotCompared => Lamp::Attention,
        },
        Screen::GivingBack(giving) => match giving.state {
            GivingBack::Working => Lamp::Busy,
            GivingBack::Done { .. } => Lamp::GivenBack,
            GivingBack::Unknown | GivingBack::Not(_) => Lamp::Attention,
        },
        Screen::Collecting(_)
        | Screen::Asking { .. }
        | Screen::Confirm(_)
        | Screen::Unknown(_)
        | Screen::Cancelling { .. } => Lamp::Busy,
        Screen::Result(result) => match result.outcome {
            Outcome::Paid => Lamp::Paid,
            Outcome::Refused(_) | Outcome::NotSent(_) | Outcome::Reversed => Lamp::NotPaid,
            Outcome::Unsettled { .. } => Lamp::Attention,
        },
        Screen::PaidLate(_) | Screen::OutOfService(_) => Lamp::Attention,
    }
}

fn result_name(facts: &Facts) -> Option<&'static str> {
    match facts.standing() {
        Standing::Open | Standing::Cancelling => None,
        Standing::Unsettled => Some("unsettled"),
        Standing::PaidLate => Some("paid_late"),
        Standing::Paid => Some("paid"),
        Standing::Refused => Some("refused"),
        Standing::NotSent => Some("not_sent"),
        Standing::Reversed => Some("reversed"),
        Standing::GivingBack => None,
        Standing::PartlyGivenBack => Some("partly_refunded"),
        Standing::GivenBack => Some("refunded"),
    }
}
