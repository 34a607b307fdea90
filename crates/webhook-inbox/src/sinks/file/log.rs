//! A file of lines that one process appends to, each line complete and on disk.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};

use super::Rotation;

/// The prefix of every line of this sink.
const LINE_START: &[u8] = b"{\"seq\":";

/// The maximum distance of the last line's start from the end of a file. It is longer than any delivery in an inbox.
const MAX_LINE_BYTES: u64 = 128 * 1024 * 1024;

/// The current file.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    rotation: Rotation,
    file: File,
    bytes: u64,
    /// The day of the last line; `None` in an empty file.
    day: Option<NaiveDate>,
}

impl Log {
    pub(super) fn open(path: PathBuf, rotation: Rotation) -> io::Result<Self> {
        let mut file = File::options().read(true).append(true).create(true).open(&path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::new(io::ErrorKind::WouldBlock, "another process writes to it"));
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
        remove_unfinished_line(&mut file)?;
        let metadata = file.metadata()?;
        let bytes = metadata.len();
        let modified: DateTime<Utc> = metadata.modified()?.into();
        // The name of a new file is on disk only after a sync of its folder.
        sync_folder(&path)?;
        Ok(Self { path, rotation, file, bytes, day: (bytes > 0).then(|| modified.date_naive()) })
    }

    /// Appends a line, and returns when it is on disk. After a failure no part of the line is left.
    pub(super) fn append(&mut self, line: &[u8], now: DateTime<Utc>) -> io::Result<()> {
        if !self.is_current() || self.file.metadata()?.len() != self.bytes {
            // The file was moved, so new lines would not be found; or it ends with an incomplete line.
            *self = Self::open(self.path.clone(), self.rotation)?;
        }
        if self.is_full(line, now) {
            self.rotate(now)?;
        }
        if let Err(error) = self.file.write_all(line).and_then(|()| self.file.sync_data()) {
            // If this fails too, the file is opened again before the next line.
            let _ = self.file.set_len(self.bytes);
            return Err(error);
        }
        self.bytes += line.len() as u64;
        self.day = Some(now.date_naive());
        Ok(())
    }

    fn is_full(&self, line: &[u8], now: DateTime<Utc>) -> bool {
        match self.rotation {
            Rotation::Never => false,
            Rotation::Daily => self.day.is_some_and(|day| day != now.date_naive()),
            Rotation::Size(max_bytes) => self.bytes > 0 && self.bytes + line.len() as u64 > max_bytes,
        }
    }

    fn rotate(&mut self, now: DateTime<Utc>) -> io::Result<()> {
        let name = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
        let (stem, extension) = (name(self.path.file_stem()), name(self.path.extension()));
        let time = now.format("%Y%m%dT%H%M%S%.3fZ");
        let mut number = 1;
        let rotated = loop {
            let number_text = if number == 1 { String::new() } else { format!("-{number}") };
            let mut name = format!("{stem}-{time}{number_text}");
            if !extension.is_empty() {
                name = format!("{name}.{extension}");
            }
            let rotated = self.path.with_file_name(name);
            if !rotated.try_exists()? {
                break rotated;
            }
            number += 1;
        };
        fs::rename(&self.path, rotated)?;
        *self = Self::open(self.path.clone(), self.rotation)?;
        Ok(())
    }

    /// Whether the path still leads to the file that is open.
    #[cfg(unix)]
    fn is_current(&self) -> bool {
        use std::os::unix::fs::MetadataExt as _;

        match (fs::metadata(&self.path), self.file.metadata()) {
            (Ok(path), Ok(file)) => path.dev() == file.dev() && path.ino() == file.ino(),
            _ => false,
        }
    }

    /// Elsewhere an open file cannot be moved.
    #[cfg(not(unix))]
    fn is_current(&self) -> bool {
        self.path.exists()
    }
}

/// Cuts a file after its last complete line, if the rest is the start of a line of this sink.
fn remove_unfinished_line(file: &mut File) -> io::Result<()> {
    let length = file.metadata()?.len();
    let start = length.saturating_sub(MAX_LINE_BYTES);
    let mut last = [0];
    if length == 0 {
        return Ok(());
    }
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    if last == *b"\n" {
        return Ok(());
    }
    let mut end = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.read_to_end(&mut end)?;
    let at = end.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let unfinished = end.get(at..).unwrap_or_default();
    if !unfinished.starts_with(LINE_START) && !LINE_START.starts_with(unfinished) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "its last line is not one that this sink wrote",
        ));
    }
    file.set_len(start + at as u64)?;
    file.sync_all()
}

#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "it can fail on other systems")]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &Path) -> usize {
        fs::read_to_string(path).unwrap().lines().count()
    }

    #[test]
    fn a_file_is_rotated_by_size_and_by_day_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.ndjson");
        let now = "2026-11-21T10:00:00Z".parse().unwrap();
        let mut log = Log::open(path.clone(), Rotation::Size(20)).unwrap();
        for _ in 0..6 {
            log.append(b"{\"seq\":1}\n", now).unwrap();
        }
        // Larger than a file: alone in one.
        log.append(&[b'x'; 30], now).unwrap();
        let mut names: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(
            names,
            [
                "all-20261121T100000.000Z-2.ndjson",
                "all-20261121T100000.000Z-3.ndjson",
                "all-20261121T100000.000Z.ndjson",
                "all.ndjson"
            ]
        );
        assert_eq!(lines(&folder.path().join(&names[0])), 2);

        let path = folder.path().join("daily");
        let mut log = Log::open(path.clone(), Rotation::Daily).unwrap();
        log.append(b"{\"seq\":1}\n", now).unwrap();
        drop(log);
        // A file of yesterday is rotated also by a process that did not write it.
        File::options().append(true).open(&path).unwrap().set_modified(now.into()).unwrap();
        let mut log = Log::open(path.clone(), Rotation::Daily).unwrap();
        log.append(b"{\"seq\":2}\n", "2026-11-22T00:00:00Z".parse().unwrap()).unwrap();
        log.append(b"{\"seq\":3}\n", "2026-11-22T23:59:59Z".parse().unwrap()).unwrap();
        assert_eq!(lines(&path), 2);
        assert_eq!(lines(&folder.path().join("daily-20261122T000000.000Z")), 1);
    }

    #[test]
    fn an_unfinished_line_is_removed_and_a_foreign_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.ndjson");
        for unfinished in ["{", "{\"seq\":2,\"ven"] {
            fs::write(&path, format!("{{\"seq\":1}}\n{unfinished}")).unwrap();
            drop(Log::open(path.clone(), Rotation::Never).unwrap());
            assert_eq!(fs::read_to_string(&path).unwrap(), "{\"seq\":1}\n");
        }
        fs::write(&path, "PNG").unwrap();
        let error = Log::open(path.clone(), Rotation::Never).unwrap_err();
        assert!(error.to_string().contains("last line"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "PNG");
    }

    #[test]
    fn one_process_writes_and_a_file_that_was_moved_away_is_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.ndjson");
        let mut log = Log::open(path.clone(), Rotation::Never).unwrap();
        assert!(
            Log::open(path.clone(), Rotation::Never).unwrap_err().to_string().contains("another process")
        );
        log.append(b"{\"seq\":1}\n", Utc::now()).unwrap();
        fs::rename(&path, folder.path().join("moved")).unwrap();
        log.append(b"{\"seq\":2}\n", Utc::now()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"seq\":2}\n");
    }
}
