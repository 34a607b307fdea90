//! A file of lines that one process appends to, each line complete and on disk.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::Rotation;

/// The prefix of every line of this sink.
const LINE_START: &[u8] = b"{\"seq\":";

/// The maximum distance of the last line's start from the end of a file. It is longer than any delivery in an inbox.
const MAX_LINE_BYTES: u64 = 128 * 1024 * 1024;

/// Whether a line is on disk. Lines that shared a sync share its failure.
pub(super) type Appended = Result<(), Arc<io::Error>>;

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
        let mut options = File::options();
        options.read(true).append(true).create(true);
        // Only its owner can read a new file, because bodies are confidential.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::new(io::ErrorKind::WouldBlock, "another process writes to it"));
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let mut log = Self { path, rotation, file, bytes: 0, day: None };
        log.measure()?;
        // The name of a new file is on disk only after a sync of its folder.
        sync_folder(&log.path)?;
        Ok(log)
    }

    /// Removes an unfinished line, and notes the length and the day of the last line.
    fn measure(&mut self) -> io::Result<()> {
        remove_unfinished_line(&mut self.file)?;
        let metadata = self.file.metadata()?;
        let modified: DateTime<Utc> = metadata.modified()?.into();
        self.bytes = metadata.len();
        self.day = (self.bytes > 0).then(|| modified.date_naive());
        Ok(())
    }

    /// Appends lines, and returns when they are on disk: for each whether it is. After a failure no part of a line is left.
    pub(super) fn append(&mut self, lines: &[Vec<u8>], now: DateTime<Utc>) -> Vec<Appended> {
        let mut appended = Vec::with_capacity(lines.len());
        let mut rest = lines;
        while let Some(first) = rest.first() {
            let (count, outcome) = match self.prepare(first, now) {
                Ok(()) => self.append_fitting(rest, now),
                Err(error) => (1, Err(error)),
            };
            appended.extend(std::iter::repeat_n(outcome.map_err(Arc::new), count));
            rest = rest.get(count..).unwrap_or_default();
        }
        appended
    }

    /// Makes the file ready for a line.
    fn prepare(&mut self, line: &[u8], now: DateTime<Utc>) -> io::Result<()> {
        if !self.is_current() {
            // The file was moved, so new lines would not be found.
            *self = Self::open(self.path.clone(), self.rotation)?;
        } else if self.file.metadata()?.len() != self.bytes {
            // It was emptied, or ends with an incomplete line. It stays open: a second opening would not get its lock.
            self.measure()?;
        }
        if self.is_full(self.bytes, line, now) {
            self.rotate(now)?;
        }
        Ok(())
    }

    /// Appends the first line, and those after it that belong into the same file, with one sync. Returns their number.
    fn append_fitting(&mut self, lines: &[Vec<u8>], now: DateTime<Utc>) -> (usize, io::Result<()>) {
        let mut bytes = self.bytes;
        let mut count = 0;
        let mut write = || {
            for line in lines {
                if count > 0 && self.is_full(bytes, line, now) {
                    break;
                }
                count += 1;
                (&self.file).write_all(line)?;
                bytes += line.len() as u64;
            }
            self.file.sync_data()
        };
        let outcome = write();
        if outcome.is_ok() {
            self.bytes = bytes;
            self.day = Some(now.date_naive());
        } else {
            // If this fails too, the line is removed before the next one. A file that was emptied meanwhile stays empty.
            if self.file.metadata().is_ok_and(|metadata| metadata.len() > self.bytes) {
                let _ = self.file.set_len(self.bytes);
            }
        }
        (count, outcome)
    }

    /// Whether a line belongs into the next file, after this many bytes.
    fn is_full(&self, bytes: u64, line: &[u8], now: DateTime<Utc>) -> bool {
        match self.rotation {
            Rotation::Never => false,
            Rotation::Daily => self.day.is_some_and(|day| day != now.date_naive()),
            Rotation::Size(max_bytes) => bytes > 0 && bytes + line.len() as u64 > max_bytes,
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

    fn append(log: &mut Log, line: &[u8], now: DateTime<Utc>) {
        for appended in log.append(&[line.to_vec()], now) {
            appended.unwrap();
        }
    }

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
            append(&mut log, b"{\"seq\":1}\n", now);
        }
        // Larger than a file: alone in one.
        append(&mut log, &[b'x'; 30], now);
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
        append(&mut log, b"{\"seq\":1}\n", now);
        drop(log);
        // A file of yesterday is rotated also by a process that did not write it.
        File::options().append(true).open(&path).unwrap().set_modified(now.into()).unwrap();
        let mut log = Log::open(path.clone(), Rotation::Daily).unwrap();
        append(&mut log, b"{\"seq\":2}\n", "2026-11-22T00:00:00Z".parse().unwrap());
        append(&mut log, b"{\"seq\":3}\n", "2026-11-22T23:59:59Z".parse().unwrap());
        assert_eq!(lines(&path), 2);
        assert_eq!(lines(&folder.path().join("daily-20261122T000000.000Z")), 1);
    }

    #[test]
    fn lines_that_are_appended_together_are_rotated_like_single_ones() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.ndjson");
        let mut log = Log::open(path.clone(), Rotation::Size(20)).unwrap();
        let together: Vec<Vec<u8>> = (1..=5).map(|seq| format!("{{\"seq\":{seq}}}\n").into_bytes()).collect();
        assert!(log.append(&together, Utc::now()).iter().all(Result::is_ok));
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"seq\":5}\n");
        let files: Vec<_> =
            fs::read_dir(&folder).unwrap().map(|entry| lines(&entry.unwrap().path())).collect();
        assert_eq!((files.len(), files.iter().sum::<usize>()), (3, 5));
        assert!(log.append(&[], Utc::now()).is_empty());
    }

    #[test]
    fn lines_that_share_a_sync_fail_together_and_leave_no_part() {
        let mut log = Log::open(PathBuf::from("/dev/full"), Rotation::Never).unwrap();
        let failed = log.append(&[b"{\"seq\":1}\n".to_vec(), b"{\"seq\":2}\n".to_vec()], Utc::now());
        assert_eq!(failed.iter().filter(|appended| appended.is_err()).count(), 2);
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
        append(&mut log, b"{\"seq\":1}\n", Utc::now());
        fs::rename(&path, folder.path().join("moved")).unwrap();
        append(&mut log, b"{\"seq\":2}\n", Utc::now());
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"seq\":2}\n");
    }

    /// As `logrotate` does it with `copytruncate`.
    #[test]
    fn a_file_that_others_empty_or_write_to_stays_in_use() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.ndjson");
        let mut log = Log::open(path.clone(), Rotation::Size(30)).unwrap();
        let other = || File::options().append(true).open(&path).unwrap();
        append(&mut log, b"{\"seq\":1}\n", Utc::now());
        other().set_len(0).unwrap();
        append(&mut log, b"{\"seq\":2}\n", Utc::now());
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"seq\":2}\n");
        other().write_all(b"{\"seq\":3,").unwrap();
        append(&mut log, b"{\"seq\":4}\n", Utc::now());
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"seq\":2}\n{\"seq\":4}\n");
        // A complete line counts for the size.
        other().write_all(b"{\"seq\":5}\n").unwrap();
        append(&mut log, b"{\"seq\":6}\n", Utc::now());
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"seq\":6}\n");
        let locked = Log::open(path.clone(), Rotation::Never).unwrap_err();
        assert!(locked.to_string().contains("another process"), "{locked}");
    }
}
