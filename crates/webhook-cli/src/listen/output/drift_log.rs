//! A file with one line per new event, path and kind of drift.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// The log. Deliveries never depend on it.
pub(in crate::listen) struct DriftLog {
    file: File,
    path: PathBuf,
    seen: BTreeSet<String>,
    failing: bool,
}

impl DriftLog {
    /// The maximum number of lines, so that many new paths cannot fill memory or disk.
    const MAX_LINES: usize = 10_000;

    /// The maximum size of a log file.
    const MAX_BYTES: u64 = 64 * 1024 * 1024;

    /// Opens a log, and reads its content.
    ///
    /// # Errors
    ///
    /// The message names the file.
    pub(in crate::listen) fn open(path: &Path) -> io::Result<Self> {
        let named = |error: io::Error| {
            io::Error::new(error.kind(), format!("failed to open the drift log {}: {error}", path.display()))
        };
        let file = options().open(path).map_err(explained).map_err(named)?;
        let mut text = Vec::new();
        // A device cannot be read.
        if file.metadata().map_err(named)?.is_file() {
            File::open(path).map_err(named)?.take(Self::MAX_BYTES).read_to_end(&mut text).map_err(named)?;
        }
        let seen = String::from_utf8_lossy(&text).lines().map(str::to_owned).collect();
        Ok(Self { file, path: path.to_owned(), seen, failing: false })
    }

    /// Adds the lines that are new. A line that cannot be written is tried again at its next occurrence.
    pub(super) fn note(&mut self, lines: impl Iterator<Item = String>) {
        for line in lines {
            if self.seen.len() >= Self::MAX_LINES || self.seen.contains(&line) {
                continue;
            }
            match self.file.write_all(format!("{line}\n").as_bytes()) {
                Ok(()) => {
                    self.failing = false;
                    self.seen.insert(line);
                }
                Err(error) if !self.failing => {
                    self.failing = true;
                    let path = self.path.display();
                    tracing::warn!(%path, %error, "failed to write the drift log; deliveries are still received");
                }
                Err(_) => {}
            }
        }
    }
}

/// Opens a file for appending. A named pipe without a reader is an error at once, and a full one is an error of a
/// write, so nothing here waits for a reader.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;

        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    options
}

/// The system calls a named pipe without a reader "no such device or address".
fn explained(error: io::Error) -> io::Error {
    #[cfg(unix)]
    if rustix::io::Errno::from_io_error(&error) == Some(rustix::io::Errno::NXIO) {
        return io::Error::new(error.kind(), "nobody reads this named pipe");
    }
    error
}
