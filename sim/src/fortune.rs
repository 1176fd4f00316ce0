//! What fate brings: drawn from a seed by the odds of a life, or given by a script.

use std::collections::VecDeque;

use postern_heart::ask::{Reason, Request, Silence, Unreachable};
use postern_heart::event::PrintEnd;

use crate::random::Random;

/// What becomes of one request: its way there, what the acquirer makes of it, and the way back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Luck {
    /// It arrives, is carried out and answered.
    Good,
    /// Not one byte leaves.
    NotSent(Unreachable),
    /// It leaves and never arrives.
    LostThere,
    /// It arrives and is carried out; the answer is lost.
    LostBack,
    /// It arrives so many milliseconds later, whatever happened meanwhile; the answer is not waited for.
    Late(u64),
    /// It is carried out at once and answered so many milliseconds later.
    Slow(u64),
    /// It arrives twice, the second time so many milliseconds later.
    Twice(u64),
    /// It is carried out, and what comes back is no answer.
    Garbled(Silence),
    /// The acquirer is busy and does nothing.
    Busy,
    /// The acquirer says that it is busy, and does it all the same.
    BusyDone,
    /// The request is not accepted: nothing is done.
    NotAccepted,
    /// Declined: a PAY charges nothing, a CANCEL is refused for good.
    Declined(Reason),
    /// A PAY waits for the customer; a CANCEL is carried out so many milliseconds later.
    Pending(u64),
    /// Answered with the status `fail`.
    Fails,
    /// An order without a code that could be shown.
    NoCode,
    /// A DETAIL is answered from a copy of the book that is so many milliseconds old.
    Stale(u64),
}

/// What a customer does with the wallet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wallet {
    /// Pays so many milliseconds later.
    Pays(u64),
    /// Refuses so many milliseconds later.
    Refuses(u64),
    /// Puts the phone away.
    Leaves,
}

/// What becomes of one telling of a payment by the static code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Push {
    /// It arrives, and its answer comes back.
    Good,
    /// It never arrives.
    Lost,
    /// It arrives; its answer is lost.
    AnswerLost,
    /// It arrives so many milliseconds later.
    Late(u64),
    /// It arrives, and once more so many milliseconds later.
    Twice(u64),
    /// It arrives, and so many milliseconds later another one that says the opposite.
    Denied(u64),
    /// One that says the opposite arrives before it.
    DeniedFirst,
}

/// What becomes of a save.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Save {
    /// It is durable.
    Good,
    /// It fails, and the record is there.
    FailsThere,
    /// It fails, and the record is not there.
    FailsNotThere,
}

/// How often things go wrong, in a thousand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Odds {
    /// Requests that meet something else than an answer.
    pub network: u64,
    /// Requests that the acquirer answers with something else than the plain thing.
    pub acquirer: u64,
    /// Customers who do something else than pay soon.
    pub customer: u64,
    /// Saves that fail.
    pub save: u64,
    /// Print jobs that do not end well.
    pub printer: u64,
    /// Wake-ups that come late.
    pub late: u64,
}

impl Odds {
    /// Everything goes well.
    pub const CALM: Odds = Odds { network: 0, acquirer: 0, customer: 0, save: 0, printer: 0, late: 0 };
    /// A bad day.
    pub const ROUGH: Odds =
        Odds { network: 150, acquirer: 150, customer: 300, save: 3, printer: 100, late: 10 };
    /// A day on which hardly anything goes well.
    pub const STORM: Odds =
        Odds { network: 450, acquirer: 350, customer: 500, save: 15, printer: 300, late: 50 };
}

/// What a script gives instead of chance: the next one of each list, and good luck when it is empty.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// For every PAY.
    pub pay: VecDeque<Luck>,
    /// For every DETAIL, without those that prove the keys.
    pub detail: VecDeque<Luck>,
    /// For every CANCEL.
    pub cancel: VecDeque<Luck>,
    /// For every REFUND.
    pub refund: VecDeque<Luck>,
    /// For every wallet that is asked.
    pub wallet: VecDeque<Wallet>,
    /// For every telling of a payment by the static code.
    pub push: VecDeque<Push>,
    /// For every print job.
    pub print: VecDeque<PrintEnd>,
    /// For every save.
    pub save: VecDeque<Save>,
}

/// The source of everything that nobody decides.
#[derive(Clone, Debug)]
pub struct Fortune {
    /// Chance itself.
    pub random: Random,
    odds: Odds,
    given: Option<Given>,
    /// How much went wrong so far.
    pub faults: u64,
}

impl Fortune {
    /// Fate by the odds of a life.
    pub fn drawn(random: Random, odds: Odds) -> Fortune {
        Fortune { random, odds, given: None, faults: 0 }
    }

    /// Fate by a script.
    pub fn given(random: Random, given: Given) -> Fortune {
        Fortune { random, odds: Odds::CALM, given: Some(given), faults: 0 }
    }

    /// From now on everything goes well.
    pub fn turns_good(&mut self) {
        self.odds = Odds::CALM;
        self.given = None;
    }

    fn happens(&mut self, per_mille: u64) -> bool {
        let happens = per_mille > 0 && self.random.chance(per_mille);
        self.faults += u64::from(happens);
        happens
    }

    /// The fate of one request; the question that proves the keys only meets the network.
    pub fn request(&mut self, request: &Request, proves: bool) -> Luck {
        if let Some(given) = &mut self.given {
            let list = match request {
                _ if proves => return Luck::Good,
                Request::Pay(_) => &mut given.pay,
                Request::Detail { .. } => &mut given.detail,
                Request::Cancel { .. } => &mut given.cancel,
                Request::Refund { .. } => &mut given.refund,
            };
            let luck = list.pop_front().unwrap_or(Luck::Good);
            self.faults += u64::from(luck != Luck::Good);
            return luck;
        }
        if self.happens(self.odds.network) {
            return self.network();
        }
        if !proves && self.happens(self.odds.acquirer) {
            return match request {
                Request::Pay(_) => self.pay(),
                Request::Detail { .. } => self.detail(),
                // A refund meets what a cancellation meets.
                Request::Cancel { .. } | Request::Refund { .. } => self.cancel(),
            };
        }
        Luck::Good
    }

    fn network(&mut self) -> Luck {
        match self.random.between(0, 9) {
            0 => Luck::NotSent(
                self.random
                    .pick(Unreachable::Connect, &[Unreachable::Name, Unreachable::Tls, Unreachable::Request]),
            ),
            1 | 2 => Luck::LostThere,
            3 | 4 => Luck::LostBack,
            5 => Luck::Late(self.random.between(500, 100_000)),
            6 => Luck::Slow(self.random.between(1_000, 12_000)),
            7 => Luck::Twice(self.random.between(0, 60_000)),
            _ => Luck::Garbled(self.random.pick(
                Silence::Broken,
                &[Silence::Http(500), Silence::Unreadable, Silence::BadSignature, Silence::OtherTransaction],
            )),
        }
    }

    fn decline(&mut self) -> Luck {
        Luck::Declined(self.random.pick(
            Reason::State,
            &[
                Reason::CodeInvalid,
                Reason::Balance,
                Reason::Risk,
                Reason::Parameter,
                Reason::IdUsed,
                Reason::Other,
            ],
        ))
    }

    fn pay(&mut self) -> Luck {
        match self.random.between(0, 19) {
            0 => Luck::Busy,
            1 => Luck::BusyDone,
            2 => Luck::NotAccepted,
            3..=6 => self.decline(),
            7 | 8 => Luck::Fails,
            9 => Luck::NoCode,
            _ => Luck::Pending(0),
        }
    }

    fn detail(&mut self) -> Luck {
        match self.random.between(0, 9) {
            0 | 1 => Luck::Busy,
            2 => Luck::NotAccepted,
            3 => self.decline(),
            _ => Luck::Stale(self.random.between(100, 10_000)),
        }
    }

    fn cancel(&mut self) -> Luck {
        match self.random.between(0, 9) {
            0 => Luck::Busy,
            1 => Luck::BusyDone,
            2 => Luck::NotAccepted,
            3..=5 => self.decline(),
            6 => Luck::Fails,
            _ => Luck::Pending(self.random.between(500, 60_000)),
        }
    }

    /// What the customer does.
    pub fn wallet(&mut self) -> Wallet {
        if let Some(given) = &mut self.given {
            return given.wallet.pop_front().unwrap_or(Wallet::Pays(4_000));
        }
        if !self.happens(self.odds.customer) {
            return Wallet::Pays(self.random.between(500, 8_000));
        }
        match self.random.between(0, 2) {
            0 => Wallet::Pays(self.random.between(8_000, 130_000)),
            1 => Wallet::Refuses(self.random.between(500, 60_000)),
            _ => Wallet::Leaves,
        }
    }

    /// Which notifications of a charge arrive, after how long, and whether one says the opposite of what is so. Where
    /// all goes well there is one; in a script there is none.
    pub fn notifications(&mut self) -> Vec<(u64, bool)> {
        if self.given.is_some() {
            return Vec::new();
        }
        let mut all = Vec::new();
        if !self.happens(self.odds.network) {
            all.push((self.random.between(50, 2_000), false));
        }
        if self.happens(self.odds.network) {
            // Late, and perhaps a repetition.
            all.push((self.random.between(2_000, 600_000), false));
        }
        if self.happens(self.odds.acquirer / 8) {
            all.push((self.random.between(50, 300_000), true));
        }
        all
    }

    /// What becomes of one telling of a payment by the static code.
    pub fn push(&mut self) -> Push {
        if let Some(given) = &mut self.given {
            return given.push.pop_front().unwrap_or(Push::Good);
        }
        if !self.happens(self.odds.network) {
            return Push::Good;
        }
        match self.random.between(0, 9) {
            0..=2 => Push::Lost,
            3..=5 => Push::AnswerLost,
            6 => Push::Late(self.random.between(500, 60_000)),
            7 => Push::Twice(self.random.between(0, 60_000)),
            8 => Push::Denied(self.random.between(200, 60_000)),
            _ => Push::DeniedFirst,
        }
    }

    /// How a print job ends.
    pub fn print(&mut self) -> PrintEnd {
        if let Some(given) = &mut self.given {
            return given.print.pop_front().unwrap_or(PrintEnd::Printed);
        }
        if self.happens(self.odds.printer) {
            return self.random.pick(PrintEnd::NotConfirmed, &[PrintEnd::Interrupted, PrintEnd::NotStarted]);
        }
        PrintEnd::Printed
    }

    /// What becomes of a save.
    pub fn save(&mut self) -> Save {
        if let Some(given) = &mut self.given {
            return given.save.pop_front().unwrap_or(Save::Good);
        }
        if self.happens(self.odds.save) {
            return self.random.pick(Save::FailsThere, &[Save::FailsNotThere]);
        }
        Save::Good
    }

    /// How long the program is busy with something else when a notification comes, in milliseconds.
    pub fn busy(&mut self) -> u64 {
        if self.random.chance(300) { self.random.between(1, 300) } else { 0 }
    }

    /// How late the program is woken, in milliseconds.
    pub fn lateness(&mut self) -> u64 {
        if self.odds.late > 0 && self.random.chance(self.odds.late) {
            self.random.between(1, 20_000)
        } else {
            0
        }
    }
}
