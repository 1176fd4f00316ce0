//! The least that a terminal can do: the same work without threads, wires and rules, in this process and on the same
//! disk.
//!
//! A commit here is as cheap as SQLite makes it: one row with the columns of a record, no index, no trigger, a
//! prepared statement, and a log that is written over as the journal's is.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use postern::acquirer::keys;
use postern::acquirer::profile::Profile;
use postern::acquirer::protocol::Protocol;
use postern::frame::Frame;
use postern::look::Look;
use postern::shop::Shop;
use postern::ui;
use postern_heart::ask::{OrderCode, Pay, PayProduct, Request};
use postern_heart::code::{PaymentCode, Scanned};
use postern_heart::ids::{OrderId, TerminalId};
use postern_heart::money::{Amount, Currency};
use postern_heart::now::Wall;
use postern_heart::screen::{
    CodeState, Collecting, CustomerScreen, Lamp, Next, Outcome, PaperState, ResultScreen, Screen, Strip, View,
};
use postern_heart::settings::Language;
use rusqlite::Connection;

use crate::counter::Files;
use crate::{Fault, time};

/// The log is begun anew after so many commits, between two measurements.
const COMMITS_IN_LOG: u32 = 32;

const ID: &str = "HK01-00004C-7KQ2M9XD";
const NOON: Wall = Wall(1_785_000_000_000);
/// 80 characters, as long as order codes are.
const ORDER_CODE: &str = "https://qr.alipay.com/bax03251u7kq2m9xd4c00a1?merchant=2088431&o=HK01-00004C-7KQ";

/// What a terminal is made of, without the terminal.
pub(crate) struct Floor {
    disk: Connection,
    commits: u32,
    protocol: Protocol,
    request: Request,
    look: Look,
    result: View,
    collecting: View,
    frame: Frame,
}

impl Floor {
    /// Opens a database in `data` and everything that the counter's files name.
    pub(crate) fn open(files: &Files, data: &Path) -> Result<Floor, Fault> {
        let shop = Shop::load(&files.shop())?;
        let profile = Arc::new(Profile::load(&files.profile())?);
        let key = keys::read(profile.credentials.as_ref().ok_or("the profile has no credentials")?)?;
        let look = Look::open(shop.sign(&profile), profile.time.zone().clone(), shop.keypad())?;
        let merchant = shop.merchant(&profile)?;
        let protocol = Protocol::new(profile, key, merchant).ok_or("the profile has no credentials")?;

        let disk = Connection::open(data.join("floor.db"))?;
        disk.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;
             CREATE TABLE record (sequence INTEGER PRIMARY KEY, tx TEXT, at INTEGER, kind TEXT NOT NULL,
                 body TEXT NOT NULL, open INTEGER NOT NULL, hash BLOB NOT NULL) STRICT",
        )?;
        let mut floor = Floor {
            disk,
            commits: 0,
            protocol,
            request: pay()?,
            look,
            result: view(result()?, CustomerScreen::Paid(amount())),
            collecting: view(collecting(), CustomerScreen::Welcome),
            frame: Frame::new(800, 480),
        };
        (0..8 * COMMITS_IN_LOG).try_for_each(|_| floor.commit())?;
        floor.disk.execute_batch("PRAGMA synchronous = FULL")?;
        floor.tidy()?;
        Ok(floor)
    }

    /// One commit, then one request built and signed.
    pub(crate) fn ask(&mut self) -> Result<Duration, Fault> {
        let since = time::now();
        self.commit()?;
        let message = self.protocol.write(&self.request).map_err(|_| "the request can't be written")?;
        let took = since.elapsed();
        black_box(message);
        self.tidy()?;
        Ok(took)
    }

    /// One commit, then the result screen drawn.
    pub(crate) fn show(&mut self) -> Result<Duration, Fault> {
        let since = time::now();
        self.commit()?;
        ui::draw_cashier(&self.result, &self.look, &mut self.frame);
        let took = since.elapsed();
        self.tidy()?;
        Ok(took)
    }

    /// So many commits of so many rows each, as fast as they go.
    pub(crate) fn groups(&mut self, commits: u32, rows: usize) -> Result<Duration, Fault> {
        let mut took = Duration::ZERO;
        for _ in 0..commits {
            let since = time::now();
            self.disk.execute_batch("BEGIN IMMEDIATE")?;
            (0..rows).try_for_each(|_| self.insert())?;
            self.disk.execute_batch("COMMIT")?;
            took += since.elapsed();
            self.commits += 1;
            self.tidy()?;
        }
        Ok(took)
    }

    /// A whole screen with an order code, and what it takes to fill as many pixels with one colour.
    pub(crate) fn draw(&mut self) -> (Duration, Duration) {
        let since = time::now();
        ui::draw_cashier(&self.collecting, &self.look, &mut self.frame);
        let drawn = since.elapsed();
        black_box(&self.frame);
        let since = time::now();
        let area = self.frame.area();
        self.frame.fill(area, embedded_graphics::pixelcolor::Rgb565::new(31, 63, 31));
        let filled = since.elapsed();
        black_box(&self.frame);
        (drawn, filled)
    }

    fn commit(&mut self) -> rusqlite::Result<()> {
        self.commits += 1;
        self.insert()
    }

    /// One row, which is a commit of its own where none was begun.
    fn insert(&mut self) -> rusqlite::Result<()> {
        const BODY: &str = r#"{"product":"payment_code","amount":{"minor":12850,"currency":"HKD"},"code":"…3456","sale":"HK01-00004C-7KQ2M9XD","attempt":1,"expire_at":1785000070000,"cut_off":1785023999000,"beside":null}"#;
        self.disk
            .prepare_cached(
                "INSERT INTO record (tx, at, kind, body, open, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute((ID, NOON.0, "asked", BODY, 1, [7_u8; 32].as_slice()))
            .map(drop)
    }

    /// Moves the log into the file now and then; the commit after that syncs twice, so it is made here.
    fn tidy(&mut self) -> rusqlite::Result<()> {
        if self.commits < COMMITS_IN_LOG {
            return Ok(());
        }
        self.disk.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        self.commit()?;
        self.commits = 0;
        Ok(())
    }
}

fn amount() -> Amount {
    Amount::new(12_850, Currency::HKD)
}

fn id() -> Result<OrderId, Fault> {
    Ok(OrderId::parse(ID).ok_or("the id is none")?)
}

fn pay() -> Result<Request, Fault> {
    let terminal = TerminalId::parse("HK01").ok_or("the terminal's id is none")?;
    let scan = Scanned::new("281234567890123456".to_owned());
    let code = PaymentCode::read(&scan, terminal).map_err(|_| "the code is none")?;
    let product = PayProduct::PaymentCode(code);
    Ok(Request::Pay(Pay { id: id()?, product, amount: amount(), expire_at: NOON.after(70_000) }))
}

fn result() -> Result<Screen, Fault> {
    let (paper, next) = (PaperState::Printing, Next::NewSale);
    Ok(Screen::Result(ResultScreen { amount: amount(), id: id()?, outcome: Outcome::Paid, paper, next }))
}

fn collecting() -> Screen {
    let code = CodeState::Shown(OrderCode(ORDER_CODE.to_owned()));
    let (seconds_left, may_park) = (Some(98), true);
    let (until, may_print, may_link) = (None, false, false);
    let amount = amount();
    Screen::Collecting(Collecting {
        amount,
        scanner: true,
        code,
        seconds_left,
        until,
        may_park,
        may_print,
        may_link,
    })
}

fn view(cashier: Screen, customer: CustomerScreen) -> View {
    let trouble = Vec::new();
    let strip = Strip { time: Some(NOON), online: true, parked: 0, unsettled: 0, trouble, held: 0 };
    View { cashier, customer, strip, notice: None, lamp: Lamp::Paid, language: Language::Chinese }
}
