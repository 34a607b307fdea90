//! Standard output without a buffer of its own, so that what was written and what was not is known.

use std::fs::File;
use std::io::{self, Write as _};
use std::thread;
use std::time::Duration;

use anstream::ColorChoice;

/// How long to wait for an output that another program switched to non-blocking.
const RETRY_INTERVAL: Duration = Duration::from_millis(10);

pub(super) struct Stream {
    /// `None` where the system does not hand the file out.
    file: Option<File>,
    plain: bool,
}

impl Stream {
    /// Standard output; JSON needs no colours, and is written as it is.
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

/// Calls back when nobody can read standard output any more, which a write alone would tell too late.
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
                    // What cannot be watched tells by a write.
                    _ => return,
                }
            }
        });
    }
    #[cfg(not(unix))]
    drop(act);
}

/// Whether what is written is thrown away.
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
