//! Standard output without a buffer, so that it is known which bytes were written.

use std::fs::File;
use std::io::{self, Write as _};

/// Standard output, which another program may have set to non-blocking.
pub(crate) struct Unbuffered {
    /// `None` if the system does not provide the file.
    file: Option<File>,
}

impl Unbuffered {
    pub(crate) fn new() -> Self {
        Self { file: file() }
    }

    /// Writes all bytes. While a non-blocking output is full, it waits, as for a blocking one.
    pub(crate) fn write_all(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            let mut out = io::stdout().lock();
            return out.write_all(bytes).and_then(|()| out.flush());
        };
        while !bytes.is_empty() {
            match file.write(bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => wait_until_writable(file),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Waits until a write is useful; an error is left to that write.
fn wait_until_writable(file: &File) {
    #[cfg(unix)]
    {
        use rustix::event::{PollFd, PollFlags, poll};

        if poll(&mut [PollFd::new(file, PollFlags::OUT)], None).is_ok() {
            return;
        }
    }
    let _ = file;
    std::thread::sleep(std::time::Duration::from_millis(10));
}

/// The file of standard output, for what the standard library does not offer.
pub(crate) fn file() -> Option<File> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd as _;

        io::stdout().as_fd().try_clone_to_owned().ok().map(File::from)
    }
    #[cfg(not(unix))]
    None
}
