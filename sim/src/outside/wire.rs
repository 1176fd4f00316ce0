//! What reaches the acquirer and the customers' phones, and what they make of it.

use postern_heart::ask::{Answer, AnswerCode, OrderCode, PayProduct, Reply, Request, Says, StatusWord};
use postern_heart::event::Event;
use postern_heart::ids::{OrderId, RequestNo};
use postern_heart::news::{About, News, NewsNo};
use postern_heart::now::Wall;

use super::Outside;
use crate::fortune::{Luck, Wallet};
use crate::queue::Happening;
use crate::story::{heard, name};

impl Outside<'_> {
    /// A request reaches the acquirer.
    pub fn arrives(&mut self, run: u32, no: RequestNo, request: &Request, luck: Luck, back: Option<u64>) {
        let now = self.world.wall();
        let says = match luck {
            Luck::Busy => busy(),
            Luck::NotAccepted => Says::NotAccepted(AnswerCode("100002".to_string())),
            _ => self.carry_out(now, request, luck),
        };
        let says = if luck == Luck::BusyDone { busy() } else { says };
        let id = self.world.book.named(&request.about());
        self.world.story.tell(self.world.now, || {
            let book = id.map_or(String::new(), |id| self.world.book.tell(id));
            format!("  acquirer gets {}: {} (its book: {book})", name(request), heard(&says))
        });
        self.look_at_charges();
        let Some(back) = back.filter(|_| run == self.counter.run) else { return };
        let date = self.world.dates.then(|| self.world.wall());
        let reply = match luck {
            Luck::Garbled(silence) => Reply::Unknown(silence),
            _ => Reply::Answer(Answer { says, date }),
        };
        self.world.queue.plan(
            back,
            self.counter.no,
            Happening::Inbox { run, event: Event::Answered { no, reply } },
        );
    }

    fn carry_out(&mut self, now: Wall, request: &Request, luck: Luck) -> Says {
        match request {
            Request::Pay(pay) => {
                let says = self.world.book.pay(now, pay, luck);
                let scanned = matches!(pay.product, PayProduct::PaymentCode(_));
                if scanned && matches!((&says, luck), (Says::Status(_), Luck::Pending(_))) {
                    self.wallet_asks(pay.id);
                }
                says
            }
            Request::Detail { id, .. } => match luck {
                Luck::Declined(reason) => Says::Declined(postern_heart::ask::Decline {
                    reason,
                    code: AnswerCode("200004".to_string()),
                }),
                Luck::Stale(age) => self.world.book.detail(now, id, age),
                _ => self.world.book.detail(now, id, 0),
            },
            Request::Cancel { id, original, .. } => {
                let Some(original) = self.world.book.named(original) else { return Says::Absent };
                if let Luck::Pending(after) = luck {
                    self.plan(after, Happening::CancelDone { cancel: *id, original });
                }
                self.world.book.cancel(now, *id, original, luck)
            }
            Request::Refund { id, original, amount } => {
                let Some(original) = self.world.book.named(original) else { return Says::Absent };
                let says = self.world.book.refund(*id, original, *amount, luck);
                if let Luck::Pending(after) = luck {
                    self.plan(after, Happening::RefundDone(*id));
                }
                says
            }
        }
    }

    /// The customer is asked in the wallet.
    pub fn wallet_asks(&mut self, id: OrderId) {
        let wallet = self.world.fortune.wallet();
        match wallet {
            Wallet::Pays(after) | Wallet::Refuses(after) => self.plan(after, Happening::Answers(id, wallet)),
            Wallet::Leaves => {}
        }
    }

    /// A customer answers the wallet.
    pub fn wallet_answers(&mut self, id: OrderId, wallet: Wallet) {
        let now = self.world.wall();
        match wallet {
            Wallet::Pays(_) => self.world.book.confirm(now, id),
            Wallet::Refuses(_) => self.world.book.refuse(now, id),
            Wallet::Leaves => {}
        }
        self.world.story.tell(self.world.now, || {
            format!("  customer answers the wallet: {wallet:?} (book: {})", self.world.book.tell(id))
        });
        self.look_at_charges();
    }

    /// A customer holds a phone at the display.
    pub fn scans(&mut self, code: &OrderCode) {
        if self.counter.seen.as_ref() == Some(code) {
            self.world.story.tell(self.world.now, || "  customer scans the code on the display".to_string());
            self.reads(code);
        }
    }

    /// A customer holds a phone at a slip, whatever has become of it.
    pub fn scans_slip(&mut self, code: &OrderCode) {
        self.world.story.tell(self.world.now, || "  customer scans the code on a slip".to_string());
        self.reads(code);
    }

    fn reads(&mut self, code: &OrderCode) {
        let now = self.world.wall();
        if let Some(id) = self.world.book.scan(now, code) {
            self.wallet_asks(id);
        }
    }

    /// A notification about a charge arrives: late perhaps, or a second time, or with the wrong end.
    pub fn tells(&mut self, id: OrderId, wrong: bool) {
        let Some(amount) = self.world.book.amount(id) else { return };
        let charged = self.world.book.is_charged(id);
        let state = if charged == wrong { StatusWord::Closed } else { StatusWord::Success };
        self.world.told += 1;
        let news = News { about: About::Order(id), uq_id: None, amount, state, paid: None };
        self.plan_event(0, Event::Notified { no: NewsNo(self.world.told), news });
    }
}

fn busy() -> Says {
    Says::Unclear(AnswerCode("900001".to_string()))
}
