//! Standard output without a buffer, so that it is known which bytes were written.

use std::fs::File;
use std::io::{self, Write as _};
use std::thread;
use std::time::Duration;

use anstream::ColorChoice;

/// How long to wait for an output that another program has set to non-blocking.
const RETRY_INTERVAL: Duration = Duration::from_millis(10);

pub(super) struct Stream {
    /// `None` if the system does not provide the file.
    file: Option<File>,
    plain: bool,
}

impl Stream {
    /// Standard output. JSON is written unchanged, without colours.
    pub(super) fn new(json: bool) -> Self {
        let plain = !json && anstream::AutoStream::choice(&io::stdout()) == ColorChoice::Never;
        Self { file: file(), plain }
    }

    /// Writes all bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if !self.plain {
            return self.write_all(bytes);
        }
        let plain: Vec<u8> = anstream::adapter::strip_bytes(bytes).flatten().copied().collect();
        self.write_all(&plain)
    }

    fn write_all(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let written = match &mut self.file {
                Some(file) => file.write(bytes),
                None => {
                    io::stdout().write_all(bytes).and_then(|()| io::stdout().flush()).map(|()| bytes.len())
                }
            };
            match written {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => thread::sleep(RETRY_INTERVAL),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Calls back when standard output is closed by its reader. A write would detect this too late.
pub(super) fn when_closed(act: impl FnOnce() + Send + 'static) {
    #[cfg(unix)]
    if let Some(file) = file() {
        thread::spawn(move || {
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

        let discards = |file: File| {
            let output = file.metadata().ok()?;
            let null = std::fs::metadata("/dev/null").ok()?;
            Some(output.file_type().is_char_device() && output.rdev() == null.rdev())
        };
        file().and_then(discards).unwrap_or_default()
    }
    #[cfg(not(unix))]
    false
}

fn file() -> Option<File> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd as _;

        io::stdout().as_fd().try_clone_to_owned().ok().map(File::from)
    }
    #[cfg(not(unix))]
    None
}
