//! A disk as a power cut leaves it: what was synced is there; of what was written since, anything may be.
//!
//! The rules, from what Linux and its file systems promise (`fsync(2)`, and <https://sqlite.org/atomiccommit.html>):
//!
//! - A write is on the disk once its file was synced. Before that it may be there, or not, or its first sectors alone,
//!   whatever became of the writes before and after it. It changes no byte beside its own.
//! - A name made or removed is on the disk once its directory was synced. Before that it may be, in the order of the
//!   directory's changes.
//! - A write to a file without a name is lost with it.
//! - After a sync that failed, what was to be synced may never be written, although it can be read until then, and the
//!   next sync says "done" (<https://lwn.net/Articles/752063/>).

use std::collections::{BTreeMap, BTreeSet};

use super::recorder::{File, Step};

const SECTOR: usize = 512;

/// More pending steps than any save has.
const LONG: usize = 24;

/// Names and contents.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// What is surely there, and what was done since.
#[derive(Clone, Default)]
pub(super) struct Disk {
    names: BTreeMap<String, File>,
    contents: BTreeMap<File, Vec<u8>>,
    pending: Vec<Step>,
    syncs: usize,
}

/// What becomes of one pending step.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Fate {
    Lost,
    Kept,
    /// Only so many of the written bytes are kept.
    Torn(usize),
}

impl Disk {
    /// Takes the next step, as a disk that does what it says.
    pub(super) fn take(&mut self, step: &Step) {
        match step {
            Step::Found { .. } => self.apply(step, Fate::Kept),
            Step::Synced { file } => self.settle(|pending| pending.writes_to(*file)),
            Step::SyncedDirectory => self.settle(Step::is_of_directory),
            Step::SyncFailed { file } => self.pending.retain(|pending| !pending.writes_to(*file)),
            Step::Made { .. } | Step::Removed { .. } | Step::Wrote { .. } | Step::Resized { .. } => {
                self.pending.push(step.clone());
            }
        }
    }

    /// What was done since the last sync.
    pub(super) fn pending(&self) -> &[Step] {
        &self.pending
    }

    /// Tells what cuts leave apart: after the same number of syncs it is the same, if the same steps are kept.
    pub(super) fn leaves(&self, fates: &[Fate]) -> (usize, Vec<Fate>) {
        let kept = fates.iter().rposition(|fate| *fate != Fate::Lost).map_or(0, |last| last + 1);
        (self.syncs, fates[..kept].to_vec())
    }

    /// What a power cut leaves, if each pending step has this fate.
    pub(super) fn left(&self, fates: &[Fate]) -> Files {
        let mut left = self.clone();
        let mut directory_goes_on = true;
        for (step, fate) in self.pending.iter().zip(fates) {
            if step.is_of_directory() {
                directory_goes_on &= *fate == Fate::Kept;
                if directory_goes_on {
                    left.apply(step, Fate::Kept);
                }
            } else {
                left.apply(step, *fate);
            }
        }
        let Disk { names, mut contents, .. } = left;
        names.into_iter().map(|(name, file)| (name, contents.remove(&file).unwrap_or_default())).collect()
    }

    fn settle(&mut self, settles: impl Fn(&Step) -> bool) {
        self.syncs += 1;
        let (settled, pending) = std::mem::take(&mut self.pending).into_iter().partition(settles);
        self.pending = pending;
        for step in Vec::from_iter::<Vec<Step>>(settled) {
            self.apply(&step, Fate::Kept);
        }
    }

    fn apply(&mut self, step: &Step, fate: Fate) {
        match step {
            _ if fate == Fate::Lost => {}
            Step::Found { name, file, bytes } => {
                self.names.insert(name.clone(), *file);
                self.contents.insert(*file, bytes.clone());
            }
            Step::Made { name, file } => drop(self.names.insert(name.clone(), *file)),
            Step::Removed { name } => drop(self.names.remove(name)),
            Step::Wrote { file, at, bytes } => {
                let kept = if let Fate::Torn(kept) = fate { kept } else { bytes.len() };
                let content = self.contents.entry(*file).or_default();
                content.resize(content.len().max(at + kept), 0);
                content[*at..at + kept].copy_from_slice(&bytes[..kept]);
            }
            Step::Resized { file, size } => self.contents.entry(*file).or_default().resize(*size, 0),
            Step::Synced { .. } | Step::SyncFailed { .. } | Step::SyncedDirectory => {}
        }
    }
}

impl Step {
    fn is_of_directory(&self) -> bool {
        matches!(self, Step::Made { .. } | Step::Removed { .. })
    }

    fn writes_to(&self, other: File) -> bool {
        match self {
            Step::Wrote { file, .. } | Step::Resized { file, .. } => *file == other,
            Step::Found { .. } | Step::Made { .. } | Step::Removed { .. } => false,
            Step::Synced { .. } | Step::SyncFailed { .. } | Step::SyncedDirectory => false,
        }
    }

    /// Where this write can tear: after its first, a middle and its last but one sector, or within the only one.
    fn tears(&self) -> BTreeSet<usize> {
        let Step::Wrote { at, bytes, .. } = self else { return BTreeSet::new() };
        let between: Vec<usize> = (1..bytes.len()).filter(|kept| (at + kept) % SECTOR == 0).collect();
        match between[..] {
            [] => [bytes.len() / 2].into(),
            [first, .., last] => [first, between[between.len() / 2], last].into(),
            [only] => [only].into(),
        }
    }
}

/// The fates that are tried for these pending steps.
///
/// All of them are lost; all are kept; one alone is lost, or kept, or torn with the others kept, or torn with the others
/// lost; every second one; two by chance. Of a long row (a start makes one, which says nothing) each is torn when it is the
/// last, and the rest is left to chance.
pub(super) fn fates(pending: &[Step], seed: u64) -> Vec<Vec<Fate>> {
    let count = pending.len();
    let all_but = |fate, at: usize, other| {
        let mut fates = vec![fate; count];
        fates[at] = other;
        fates
    };
    let kept_if = |kept| if kept { Fate::Kept } else { Fate::Lost };
    let mut chance = Chance(seed);
    let mut by_chance = || (0..count).map(|_| kept_if(chance.heads())).collect();
    let mut tried = vec![vec![Fate::Lost; count], vec![Fate::Kept; count], by_chance()];
    if count > LONG {
        tried.extend(
            pending[count - 1].tears().first().map(|kept| all_but(Fate::Kept, count - 1, Fate::Torn(*kept))),
        );
        return tried;
    }
    for (at, step) in pending.iter().enumerate() {
        tried.push(all_but(Fate::Lost, at, Fate::Kept));
        tried.push(all_but(Fate::Kept, at, Fate::Lost));
        for kept in step.tears() {
            tried.push(all_but(Fate::Kept, at, Fate::Torn(kept)));
            tried.push(all_but(Fate::Lost, at, Fate::Torn(kept)));
        }
    }
    tried.push(by_chance());
    tried.extend([0, 1].map(|first| (0..count).map(|at| kept_if(at % 2 == first)).collect()));
    tried
}

/// The fates in short, for whoever has to find out: `+` is kept, `-` is lost, `~512` is torn after 512 bytes.
pub(super) fn told(fates: &[Fate]) -> String {
    let tell = |fate: &Fate| match fate {
        Fate::Kept => "+".to_owned(),
        Fate::Lost => "-".to_owned(),
        Fate::Torn(kept) => format!("~{kept}"),
    };
    fates.iter().map(tell).collect()
}

/// Marsaglia's xorshift: the same throws for the same seed.
struct Chance(u64);

impl Chance {
    fn heads(&mut self) -> bool {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 63 == 0
    }
}
