//! Reading a complete file or standard input, up to a limit.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The maximum size: more than any vendor sends, but small enough for memory.
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

/// The name of a file in messages.
pub(crate) fn name(file: &Path) -> String {
    if is_stdin(file) {
        "standard input".to_owned()
    } else {
        crate::output::plain(&file.display().to_string())
    }
}

/// Whether the name means standard input.
pub(crate) fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}
