//! The inputs in the repository: a text file per target with one escaped input per line, instead of thousands of files.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use bstr::{ByteSlice as _, ByteVec as _};

/// The most bytes of a file; the shortest inputs come first.
const MAX_BYTES: usize = 48 * 1024;

/// The inputs of a file; empty if there is no file.
pub(crate) fn read(file: &Path) -> Result<Vec<Vec<u8>>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(text.lines().map(Vec::unescape_bytes).collect()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error).with_context(|| format!("failed to read {}", file.display())),
    }
}

/// Writes the shortest of the inputs; says how many.
pub(crate) fn write(file: &Path, mut inputs: Vec<Vec<u8>>) -> Result<usize> {
    inputs.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    inputs.dedup();
    let mut text = String::new();
    let mut count = 0;
    for input in inputs {
        let line = input.escape_bytes().to_string();
        if text.len() + line.len() >= MAX_BYTES {
            break;
        }
        text.push_str(&line);
        text.push('\n');
        count += 1;
    }
    let folder = file.parent().context("a file without a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("failed to make {}", folder.display()))?;
    fs::write(file, text).with_context(|| format!("failed to write {}", file.display()))?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back() -> Result<()> {
        let file = std::env::temp_dir().join(format!("webhooks-corpus-{}", std::process::id()));
        let all: Vec<u8> = (0..=u8::MAX).collect();
        let inputs = vec![b"\\n\n\r\xff \xe2\x80\xa8".to_vec(), b"{\"a\":1}".to_vec(), Vec::new(), all];
        let count = write(&file, inputs.clone());
        let back = read(&file);
        let _ = fs::remove_file(&file);
        let (count, mut back) = (count?, back?);
        assert_eq!(count, inputs.len());
        back.sort();
        let mut inputs = inputs;
        inputs.sort();
        assert_eq!(back, inputs);
        Ok(())
    }

    #[test]
    fn the_shortest_are_kept() -> Result<()> {
        let file = std::env::temp_dir().join(format!("webhooks-corpus-short-{}", std::process::id()));
        let inputs = vec![vec![b'x'; MAX_BYTES], b"a".to_vec(), b"a".to_vec(), b"bb".to_vec()];
        let count = write(&file, inputs);
        let back = read(&file);
        let _ = fs::remove_file(&file);
        assert_eq!((count?, back?), (2, vec![b"a".to_vec(), b"bb".to_vec()]));
        Ok(())
    }
}
