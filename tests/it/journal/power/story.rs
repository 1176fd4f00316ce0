//! What a terminal does with its journal, every step noted: the story that is cut off at each of them.

use std::fs;

use postern::journal::JournalFile;
use postern::ports::Journal;
use postern_heart::event::JournalFault;
use postern_heart::perform::Saving;
use postern_heart::record::{Fact, Paper, Record, Shown};

use super::disk::{Disk, Files};
use super::recorder::{Recording, Step};
use crate::journal::support::{Data, asked, paid, record, started};

/// The files that SQLite writes, besides its index in shared memory, which no start ever reads.
const FILES: [&str; 3] = ["journal.db", "journal.db-wal", "journal.db-journal"];

const MARK: &str = "journal.mark";

/// A record, and whether its transaction is open afterwards.
pub(super) type Saved = (Record, bool);

/// What a terminal did, and what it knew at which step.
pub(super) struct Story {
    /// All that it ever ordered to be saved.
    pub(super) records: Vec<Saved>,
    pub(super) steps: Vec<Step>,
    pub(super) moments: Vec<Moment>,
    /// The files as they were at its end.
    pub(super) end: Files,
}

/// What holds from a step on, until the next moment's.
#[derive(Clone, Default)]
pub(super) struct Moment {
    /// So many steps were done.
    pub(super) steps: usize,
    /// So many records were handed over to be saved.
    pub(super) ordered: usize,
    /// For so many of them `save` has returned.
    pub(super) saved: usize,
    /// The newest mark: the one that claims most.
    pub(super) mark: Option<Vec<u8>>,
}

/// A terminal whose every step on its data directory is noted.
pub(super) struct Terminal {
    data: Data,
    journal: JournalFile,
    records: Vec<Saved>,
    recording: Recording,
    now: Moment,
    moments: Vec<Moment>,
}

impl Terminal {
    /// A new one, which is going to save these records.
    pub(super) fn new(records: Vec<Saved>) -> Terminal {
        Terminal::after(&Files::new(), &Moment::default(), records)
    }

    /// One that finds what a power cut left: as many of these records as are saved by then.
    pub(super) fn after(left: &Files, moment: &Moment, records: Vec<Saved>) -> Terminal {
        let data = put(left, moment);
        let recording = Recording::begin(data.path());
        let now = Moment { steps: 0, ordered: moment.saved, ..moment.clone() };
        let journal = data.journal();
        Terminal { data, journal, records, recording, moments: vec![now.clone()], now }
    }

    /// Starts, or starts again after a fault; finds what it saved, and perhaps what it last tried to.
    pub(super) fn starts(&mut self) -> Result<(), JournalFault> {
        let opened = self.journal.read()?;
        let there = opened.recent.len();
        assert!([self.now.saved, self.now.ordered].contains(&there), "{there} records are there");
        assert!(self.records[..there].iter().map(|(record, _)| record).eq(&opened.recent));
        (self.now.saved, self.now.ordered) = (there, there);
        self.moment();
        Ok(())
    }

    /// Saves the rest of its records, as a counter does that is idle after each of them.
    pub(super) fn saves(&mut self) -> Result<(), JournalFault> {
        self.saves_until(self.records.len())
    }

    /// … until so many are saved.
    pub(super) fn saves_until(&mut self, count: usize) -> Result<(), JournalFault> {
        while self.now.saved < count {
            self.save(self.now.saved + 1, |journal, saving| journal.save(&saving[0].record, saving[0].open))?;
        }
        Ok(())
    }

    /// Saves the rest of its records in one commit.
    pub(super) fn saves_together(&mut self) -> Result<(), JournalFault> {
        self.save(self.records.len(), |journal, saving| journal.save_all(saving))
    }

    fn save(
        &mut self,
        count: usize,
        save: impl FnOnce(&mut JournalFile, &[Saving]) -> Result<(), JournalFault>,
    ) -> Result<(), JournalFault> {
        let next = self.records[self.now.saved..count].iter().cloned();
        let saving: Vec<_> = next.map(|(record, open)| Saving { record, open }).collect();
        self.now.ordered = count;
        self.moment();
        save(&mut self.journal, &saving)?;
        self.now.saved = count;
        self.moment();
        self.journal.mark();
        self.moment();
        self.journal.tidy()?;
        self.moment();
        Ok(())
    }

    /// Ends in good order.
    pub(super) fn ends(self) -> Story {
        // Whatever the end writes must not cost what was saved.
        drop(self.journal);
        let there = FILES.into_iter().filter_map(|name| Some((name, fs::read(self.data.file(name)).ok()?)));
        let end = there.map(|(name, bytes)| (name.to_owned(), bytes)).collect();
        Story { records: self.records, steps: self.recording.end(), moments: self.moments, end }
    }

    /// Its disk, for faults.
    pub(super) fn disk(&self) -> &Recording {
        &self.recording
    }

    fn moment(&mut self) {
        self.now.steps = self.recording.len();
        self.now.mark = fs::read(self.data.file(MARK)).ok();
        self.moments.push(self.now.clone());
    }
}

impl Moment {
    /// All but the time.
    pub(super) fn known(&self) -> (usize, usize, Option<Vec<u8>>) {
        (self.ordered, self.saved, self.mark.clone())
    }
}

impl Story {
    /// Goes through the steps; `each` sees the disk after each of them, and what the terminal knew.
    pub(super) fn tell(&self, mut each: impl FnMut(usize, &Disk, &Moment)) {
        let mut disk = Disk::default();
        let mut moments = self.moments.iter().peekable();
        let mut now = &Moment::default();
        for (at, step) in self.steps.iter().enumerate() {
            disk.take(step);
            while let Some(moment) = moments.next_if(|moment| moment.steps <= at + 1) {
                now = moment;
            }
            each(at, &disk, now);
        }
    }

    /// The moment at which `save` returned for the record of this number, from 1.
    pub(super) fn saved(&self, number: usize) -> &Moment {
        self.moments.iter().find(|moment| moment.saved == number).unwrap()
    }
}

/// A data directory with these files.
pub(super) fn put(files: &Files, moment: &Moment) -> Data {
    let data = Data::new();
    fs::create_dir_all(data.path()).unwrap();
    files.iter().for_each(|(name, bytes)| fs::write(data.file(name), bytes).unwrap());
    moment.mark.iter().for_each(|mark| fs::write(data.file(MARK), mark).unwrap());
    data
}

/// As many records of a day before this sale that the log is moved into the file in the middle of it, after `paid`.
pub(super) fn day() -> Vec<Saved> {
    let sales = (1..=7).flat_map(|number| sale(number).into_iter().take(4));
    [(started(), false)].into_iter().chain(sales).collect()
}

/// A sale with its receipt.
pub(super) fn sale(number: u32) -> Vec<Saved> {
    let paper = Paper::Receipt;
    vec![
        (asked(number), true),
        (record(number, Fact::Shown(Shown::Display)), true),
        (paid(number), true),
        (record(number, Fact::Printing { paper, duplicate: false }), true),
        (record(number, Fact::Printed { paper, confirmed: true }), false),
    ]
}
