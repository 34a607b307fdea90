//! Standard output of the listener, and whether somebody reads it.

use std::io;

use anstream::ColorChoice;

use crate::output::Unbuffered;
#[cfg(unix)]
use crate::output::stdout_file;

pub(super) struct Stream {
    out: Unbuffered,
    plain: bool,
}

impl Stream {
    /// Standard output. JSON is written unchanged, without colours.
    pub(super) fn new(json: bool) -> Self {
        let plain = !json && anstream::AutoStream::choice(&io::stdout()) == ColorChoice::Never;
        Self { out: Unbuffered::new(), plain }
    }

    /// Writes all bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if !self.plain {
            return self.out.write_all(bytes);
        }
        let plain: Vec<u8> = anstream::adapter::strip_bytes(bytes).flatten().copied().collect();
        self.out.write_all(&plain)
    }
}

/// Calls back when standard output is closed by its reader. A write would detect this too late.
pub(super) fn when_closed(act: impl FnOnce() + Send + 'static) {
    #[cfg(unix)]
    if let Some(file) = stdout_file() {
        std::thread::spawn(move || {
            use rustix::event::{PollFd, PollFlags, poll};

            loop {
                let mut watched = [PollFd::new(&file, PollFlags::empty())];
                match poll(&mut watched, None) {
                    Err(rustix::io::Errno::INTR) => {}
                    Ok(_)
                        if watched
                            .iter()
                            .any(|watched| watched.revents().intersects(PollFlags::ERR | PollFlags::HUP)) =>
                    {
                        return act();
                    }
                    // If the file cannot be watched, a write detects it.
                    _ => return,
                }
            }
        });
    }
    #[cfg(not(unix))]
    drop(act);
}

/// Whether the output is discarded.
pub(in crate::listen) fn is_discarded() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};

        let discards = |file: std::fs::File| {
            let output = file.metadata().ok()?;
            let null = std::fs::metadata("/dev/null").ok()?;
            Some(output.file_type().is_char_device() && output.rdev() == null.rdev())
        };
        stdout_file().and_then(discards).unwrap_or_default()
    }
    #[cfg(not(unix))]
    false
}
