//! Generated files.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::vendor::{files_below, workspace_root};

/// What to do with a generated file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Write what differs.
    Write,
    /// Change nothing; fail on differences and name the command that fixes them.
    Check,
}

impl Mode {
    /// From a command's `--check`.
    pub(crate) fn from_check(check: bool) -> Self {
        if check { Self::Check } else { Self::Write }
    }

    /// Makes a file hold this text.
    pub(crate) fn file(self, path: &Path, text: &str, fix: &str) -> Result<()> {
        let current = fs::read_to_string(path).unwrap_or_default();
        if current == text {
            return Ok(());
        }
        match self {
            Self::Check => bail!("{} is not up to date; update it with: {fix}", path.display()),
            Self::Write => {
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder)?;
                }
                fs::write(path, text).with_context(|| format!("failed to write {}", path.display()))?;
                println!("wrote {}", path.display());
                Ok(())
            }
        }
    }

    /// Removes a file.
    fn no_file(self, path: &Path, fix: &str) -> Result<()> {
        match self {
            Self::Check => bail!("{} is not used; remove it with: {fix}", path.display()),
            Self::Write => {
                fs::remove_file(path).with_context(|| format!("failed to remove {}", path.display()))?;
                // Succeeds only if the folder is empty.
                let _ = path.parent().map(fs::remove_dir);
                println!("removed {}", path.display());
                Ok(())
            }
        }
    }

    /// Removes the files below a folder that are not expected there.
    pub(crate) fn no_others(self, folder: &Path, expected: &BTreeSet<PathBuf>, fix: &str) -> Result<()> {
        let present = if folder.is_dir() { files_below(folder)? } else { Vec::new() };
        let mut others = present.iter().filter(|file| !expected.contains(*file));
        others.try_for_each(|file| self.no_file(file, fix))
    }
}

/// A page whose part between the two comments of this name is this text.
pub(crate) fn with_section(page: &str, name: &str, text: &str) -> Result<String> {
    let opening = format!("<!-- {name}:");
    let closing = format!("<!-- /{name} -->");
    let parts = page.split_once(&opening).and_then(|(before, rest)| {
        let (marker, rest) = rest.split_once("-->")?;
        let (_, after) = rest.split_once(&closing)?;
        Some((before, marker, after))
    });
    let (before, marker, after) =
        parts.with_context(|| format!("no section between `{opening} ..-->` and `{closing}`"))?;
    Ok(format!("{before}{opening}{marker}-->\n\n{text}\n{closing}{after}"))
}

/// Formats Rust as the workspace does, so that generated code passes the check of the format.
pub(crate) fn formatted(rust: &str) -> Result<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout", "--quiet"])
        .arg("--config-path")
        .arg(workspace_root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("failed to start rustfmt")?;
    let mut stdin = child.stdin.take().context("rustfmt takes no input")?;
    stdin.write_all(rust.as_bytes())?;
    drop(stdin);
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "rustfmt failed on generated code");
    Ok(String::from_utf8(output.stdout)?)
}
