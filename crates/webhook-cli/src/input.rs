//! Reading a file or standard input whole, up to a bound.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// More than any vendor sends, and little enough to hold.
pub(crate) const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Reads a file; `-` is standard input. The error names it.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>, String> {
    let limit = MAX_BYTES as u64 + 1;
    let mut body = Vec::new();
    let outcome = if is_stdin(file) {
        io::stdin().lock().take(limit).read_to_end(&mut body)
    } else {
        File::open(file).and_then(|file| file.take(limit).read_to_end(&mut body))
    };
    let name = name(file);
    match outcome {
        Ok(_) if body.len() > MAX_BYTES => Err(format!("failed to read {name}: it is larger than 64 MiB")),
        Ok(_) => Ok(body),
        Err(error) => Err(format!("failed to read {name}: {error}")),
    }
}

/// What messages call a file.
pub(crate) fn name(file: &Path) -> String {
    if is_stdin(file) {
        "standard input".to_owned()
    } else {
        crate::output::plain(&file.display().to_string())
    }
}

/// Whether standard input is meant.
pub(crate) fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}
