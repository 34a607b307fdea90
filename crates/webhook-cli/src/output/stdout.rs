//! Standard output, to which whole lines are written at once, so that the lines of two processes on one pipe do not
//! mix.

use std::fs::{File, TryLockError};
use std::io::{self, IsTerminal as _};

use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};

use super::unbuffered::Unbuffered;
#[cfg(unix)]
use super::unbuffered::file;

/// Standard output. Every error that it returns names standard output.
pub(crate) struct Stdout {
    out: Unbuffered,
    pipe: Option<Pipe>,
    colored: bool,
}

/// A pipe, to which other processes may also write.
struct Pipe {
    /// The same pipe, opened again: a lock belongs to an open file, and processes of one shell share the first one.
    lock: Option<File>,
}

impl Stdout {
    pub(crate) fn new() -> Self {
        let colored = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
        Self { out: Unbuffered::new(), pipe: Pipe::of_stdout(), colored }
    }

    /// Whether a progress bar on standard error does not mix with the output. The reader of a pipe may print to the
    /// same terminal.
    pub(crate) fn leaves_room_for_a_bar(&self) -> bool {
        self.pipe.is_none() && !io::stdout().is_terminal()
    }

    /// Writes text for people, which may be styled. It must end with a newline.
    pub(crate) fn print(&mut self, text: &str) -> io::Result<()> {
        if self.colored {
            self.write_lines(text.as_bytes())
        } else {
            self.write_lines(strip_str(text).to_string().as_bytes())
        }
    }

    /// Writes whole lines unchanged and without interruption.
    pub(crate) fn write_lines(&mut self, lines: &[u8]) -> io::Result<()> {
        let out = &mut self.out;
        let mut write = |bytes: &[u8]| out.write_all(bytes).map_err(about_stdout);
        match &self.pipe {
            Some(Pipe { lock: Some(lock) }) => {
                lock.lock().map_err(about_stdout)?;
                let outcome = write(lines);
                lock.unlock().map_err(about_stdout)?;
                outcome
            }
            Some(Pipe { lock: None }) => lines.split_inclusive(|byte| *byte == b'\n').try_for_each(write),
            None => write(lines),
        }
    }
}

impl Pipe {
    #[cfg(unix)]
    fn of_stdout() -> Option<Self> {
        use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _};

        let stdout = file()?.metadata().ok()?;
        if !stdout.file_type().is_fifo() {
            return None;
        }
        // Without the flag, opening blocks if there is no reader any more.
        let again = File::options()
            .write(true)
            .custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed())
            .open("/dev/stdout")
            .ok();
        let lock = again
            .filter(|file| file.metadata().is_ok_and(|found| found.ino() == stdout.ino()))
            .filter(can_lock);
        Some(Self { lock })
    }

    #[cfg(not(unix))]
    fn of_stdout() -> Option<Self> {
        None
    }
}

/// Whether the system supports locks on such a file. Another process may hold the lock at the moment.
#[cfg(unix)]
fn can_lock(file: &File) -> bool {
    match file.try_lock() {
        Ok(()) => file.unlock().is_ok(),
        Err(TryLockError::WouldBlock) => true,
        Err(TryLockError::Error(_)) => false,
    }
}

/// The error with its context. Its kind is kept, because a closed pipe is not a failure.
#[expect(clippy::needless_pass_by_value, reason = "what `map_err` calls")]
fn about_stdout(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("failed to write to standard output: {error}"))
}
