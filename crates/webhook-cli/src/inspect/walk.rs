//! The files that the command line names, those in folders included, one after the other.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::input::is_stdin;

/// The files in the order of the command line, and of their names within a folder.
pub(super) struct Walk {
    /// What is still to be visited; the next one is the last.
    stack: Vec<PathBuf>,
}

impl Walk {
    pub(super) fn of(mut files: Vec<PathBuf>) -> Self {
        files.reverse();
        Self { stack: files }
    }

    /// Puts what is in a folder on the stack.
    fn enter(&mut self, folder: &Path) -> io::Result<()> {
        let mut inside = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            if !hidden && is_wanted(entry.file_type()?, &entry.path()) {
                inside.push(entry.path());
            }
        }
        inside.sort_unstable_by(|one, other| other.cmp(one));
        self.stack.append(&mut inside);
        Ok(())
    }
}

/// Whether what stands in a folder is read: no link to a folder, which may lead back to where it stands, and nothing that
/// may wait for ever, such as a named pipe.
fn is_wanted(file_type: fs::FileType, path: &Path) -> bool {
    if file_type.is_symlink() {
        // A link that leads nowhere is reported when it is read.
        return fs::metadata(path).map_or(true, |target| target.is_file());
    }
    file_type.is_file() || file_type.is_dir()
}

impl Iterator for Walk {
    /// A file, or a folder that cannot be read and why.
    type Item = Result<PathBuf, (PathBuf, io::Error)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let path = self.stack.pop()?;
            if is_stdin(&path) || !path.is_dir() {
                return Some(Ok(path));
            }
            if let Err(error) = self.enter(&path) {
                return Some(Err((path, error)));
            }
        }
    }
}
