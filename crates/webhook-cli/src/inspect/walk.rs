//! Iteration over the files of the command line, including those in folders.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::input::is_stdin;

/// The files in the order of the command line, and of their names within a folder.
pub(super) struct Walk {
    /// The stack of paths to visit.
    stack: Vec<PathBuf>,
}

impl Walk {
    pub(super) fn of(mut files: Vec<PathBuf>) -> Self {
        files.reverse();
        Self { stack: files }
    }

    /// Puts the entries of a folder on the stack.
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

/// Whether an entry of a folder is read. Links to folders are not followed, because they may form a cycle. Named pipes
/// and similar files are not read, because they may block.
fn is_wanted(file_type: fs::FileType, path: &Path) -> bool {
    if file_type.is_symlink() {
        // A broken link is reported when it is read.
        return fs::metadata(path).map_or(true, |target| target.is_file());
    }
    file_type.is_file() || file_type.is_dir()
}

impl Iterator for Walk {
    /// A file, or an error about a folder that cannot be read.
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
