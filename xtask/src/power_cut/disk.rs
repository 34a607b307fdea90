//! A simulated disk that distinguishes synced and unsynced writes.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::random::Random;

/// What a disk writes at once: a torn write keeps whole sectors.
const SECTOR: usize = 512;

/// A call that changes what is on the disk, or makes it sure. Files are named without their folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Call {
    Create(String),
    Write {
        name: String,
        offset: usize,
        data: Vec<u8>,
    },
    Truncate {
        name: String,
        length: usize,
    },
    Unlink(String),
    /// The sync of a file begins: what was written until now is what it makes sure.
    SyncBegins(String),
    SyncEnds(String),
    /// The folder is synced: names that were created or removed.
    SyncFolder,
}

/// The files of one folder.
#[derive(Default)]
pub(crate) struct Disk {
    /// By number, because a name may stand for one file after another.
    files: Vec<File>,
    names: BTreeMap<String, Name>,
}

#[derive(Default)]
struct File {
    /// What was synced.
    sure: Vec<u8>,
    /// What was not, in the order of the calls.
    unsure: Vec<Change>,
    /// How much of that the sync that is under way makes sure.
    syncing: Option<usize>,
}

enum Change {
    Write { offset: usize, data: Vec<u8> },
    Truncate(usize),
}

/// The file that a name stands for, if any: for sure, and after each change that the folder may have lost.
#[derive(Default)]
struct Name {
    sure: Option<usize>,
    unsure: Vec<Option<usize>>,
}

impl Disk {
    /// Does what the recorded process did.
    pub(crate) fn apply(&mut self, call: Call) -> Result<()> {
        match call {
            Call::Create(name) => {
                if self.current(&name).is_none() {
                    let number = self.files.len();
                    self.files.push(File::default());
                    self.names.entry(name).or_default().unsure.push(Some(number));
                }
            }
            Call::Write { name, offset, data } => {
                self.file(&name)?.unsure.push(Change::Write { offset, data });
            }
            Call::Truncate { name, length } => self.file(&name)?.unsure.push(Change::Truncate(length)),
            Call::Unlink(name) => {
                ensure!(self.current(&name).is_some(), "{name} is removed and was never created");
                self.names.entry(name).or_default().unsure.push(None);
            }
            Call::SyncBegins(name) => {
                let file = self.file(&name)?;
                ensure!(file.syncing.is_none(), "{name} is synced twice at the same time");
                file.syncing = Some(file.unsure.len());
            }
            Call::SyncEnds(name) => {
                let file = self.file(&name)?;
                let synced =
                    file.syncing.take().with_context(|| format!("a sync of {name} did not begin"))?;
                for change in file.unsure.drain(..synced) {
                    change.apply(&mut file.sure, || true);
                }
            }
            Call::SyncFolder => {
                for name in self.names.values_mut() {
                    name.sure = name.current();
                    name.unsure.clear();
                }
            }
        }
        Ok(())
    }

    /// Writes into a folder what a power cut at this moment may leave.
    pub(crate) fn cut(&self, random: &mut Random, folder: &Path) -> Result<()> {
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("failed to remove {}", folder.display()))?;
        }
        fs::create_dir_all(folder).with_context(|| format!("failed to create {}", folder.display()))?;
        for (name, file) in &self.names {
            // A folder's changes reach the disk in their order, but not all of them.
            let changes = random.below(file.unsure.len() + 1);
            let number =
                changes.checked_sub(1).map_or(file.sure, |last| file.unsure.get(last).copied().flatten());
            if let Some(file) = number.and_then(|number| self.files.get(number)) {
                let path = folder.join(name);
                fs::write(&path, file.left(random))
                    .with_context(|| format!("failed to write {}", path.display()))?;
            }
        }
        Ok(())
    }

    fn current(&self, name: &str) -> Option<usize> {
        self.names.get(name).and_then(Name::current)
    }

    fn file(&mut self, name: &str) -> Result<&mut File> {
        let number = self.current(name);
        let file = number.and_then(|number| self.files.get_mut(number));
        file.with_context(|| format!("{name} is written to and was never created"))
    }
}

impl Name {
    fn current(&self) -> Option<usize> {
        self.unsure.last().copied().unwrap_or(self.sure)
    }
}

impl File {
    /// What is sure, with any part of the rest.
    fn left(&self, random: &mut Random) -> Vec<u8> {
        let mut content = self.sure.clone();
        // Each is a way in which disks lose: nothing of it arrives, all, the beginning, any calls, any sectors.
        let way = random.below(5);
        let beginning = random.below(self.unsure.len() + 1);
        let percent = random.below(101);
        for (index, change) in self.unsure.iter().enumerate() {
            let likely = match way {
                0 => 0,
                1 => 100,
                2 => match index.cmp(&beginning) {
                    Ordering::Less => 100,
                    // The last one is torn.
                    Ordering::Equal => 50,
                    Ordering::Greater => 0,
                },
                3 => 100 * usize::from(random.chance(percent)),
                _ => percent,
            };
            change.apply(&mut content, || random.chance(likely));
        }
        content
    }
}

impl Change {
    /// Does it to a file, as far as `arrives` says yes, which is asked for each sector. A gap is filled with zeros.
    fn apply(&self, content: &mut Vec<u8>, mut arrives: impl FnMut() -> bool) {
        match self {
            Self::Truncate(length) => {
                if arrives() {
                    content.resize(*length, 0);
                }
            }
            Self::Write { offset, data } => {
                let (mut at, mut rest) = (*offset, data.as_slice());
                while !rest.is_empty() {
                    let (piece, after) = rest.split_at(rest.len().min(SECTOR - at % SECTOR));
                    if arrives() {
                        let end = at + piece.len();
                        if content.len() < end {
                            content.resize(end, 0);
                        }
                        if let Some(place) = content.get_mut(at..end) {
                            place.copy_from_slice(piece);
                        }
                    }
                    at += piece.len();
                    rest = after;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(offset: usize, data: &[u8]) -> Call {
        Call::Write { name: "a".to_owned(), offset, data: data.to_vec() }
    }

    fn a() -> String {
        "a".to_owned()
    }

    /// What many power cuts at this moment leave of the file.
    fn left(disk: &Disk) -> Vec<Option<Vec<u8>>> {
        let folder = std::env::temp_dir().join(format!("webhooks-disk-{}", std::process::id()));
        let folder = folder.join(format!("{:?}", std::thread::current().id()));
        let mut random = Random::new(1);
        let mut left: Vec<_> = (0..200)
            .map(|_| {
                disk.cut(&mut random, &folder).unwrap();
                fs::read(folder.join("a")).ok()
            })
            .collect();
        fs::remove_dir_all(&folder).unwrap();
        left.sort();
        left.dedup();
        left
    }

    #[test]
    fn what_was_written_before_a_sync_began_is_there_after_it_and_the_rest_may_be() {
        let mut disk = Disk::default();
        for call in [
            Call::Create(a()),
            Call::SyncFolder,
            write(0, b"one"),
            Call::SyncBegins(a()),
            write(3, b"two"),
            Call::SyncEnds(a()),
        ] {
            disk.apply(call).unwrap();
        }
        assert_eq!(left(&disk), [Some(b"one".to_vec()), Some(b"onetwo".to_vec())]);
    }

    #[test]
    fn a_sync_that_has_not_ended_makes_nothing_sure() {
        let mut disk = Disk::default();
        for call in [Call::Create(a()), Call::SyncFolder, write(0, b"one"), Call::SyncBegins(a())] {
            disk.apply(call).unwrap();
        }
        assert_eq!(left(&disk), [Some(b"".to_vec()), Some(b"one".to_vec())]);
    }

    #[test]
    fn a_name_is_as_sure_as_its_folder() {
        let mut disk = Disk::default();
        disk.apply(Call::Create(a())).unwrap();
        assert_eq!(left(&disk), [None, Some(Vec::new())]);
        disk.apply(Call::SyncFolder).unwrap();
        assert_eq!(left(&disk), [Some(Vec::new())]);
        disk.apply(Call::Unlink(a())).unwrap();
        assert_eq!(left(&disk), [None, Some(Vec::new())]);
    }

    #[test]
    fn a_write_tears_between_sectors_and_nowhere_else() {
        let mut disk = Disk::default();
        for call in [Call::Create(a()), Call::SyncFolder, write(500, &[1; 100])] {
            disk.apply(call).unwrap();
        }
        let (before, behind) = ([vec![0; 500], vec![1; 12]].concat(), [vec![0; 512], vec![1; 88]].concat());
        let mut expected =
            [Some(Vec::new()), Some(before), Some(behind), Some([vec![0; 500], vec![1; 100]].concat())];
        expected.sort();
        assert_eq!(left(&disk), expected);
    }
}
