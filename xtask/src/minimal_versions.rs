//! `cargo xtask minimal-versions`: builds the workspace with the oldest version of each dependency that a manifest
//! allows.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::process::{cargo, succeed};
use crate::vendor::workspace_root;

/// Build with the oldest dependencies that the manifests allow.
#[derive(Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments) -> Result<()> {
    // A copy, so that the lock file of the workspace is not changed.
    let copy = workspace_root().join("target").join("minimal-versions");
    if copy.exists() {
        fs::remove_dir_all(&copy).with_context(|| format!("failed to remove {}", copy.display()))?;
    }
    let files = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(workspace_root())
        .output()
        .context("failed to start git")?;
    ensure!(files.status.success(), "git does not list the files");
    for name in String::from_utf8(files.stdout)?.split_terminator('\0') {
        let (from, to) = (workspace_root().join(name), copy.join(name));
        // What is deleted and not committed is still listed.
        let Ok(metadata) = from.symlink_metadata() else { continue };
        fs::create_dir_all(to.parent().context("a file without a folder")?)?;
        if metadata.is_symlink() {
            #[cfg(unix)]
            std::os::unix::fs::symlink(fs::read_link(&from)?, &to)?;
        } else {
            fs::copy(&from, &to).with_context(|| format!("failed to copy {name}"))?;
        }
    }
    let in_copy = |words: &[&str]| {
        let mut command = cargo(words.iter().copied());
        command.current_dir(&copy).env("CARGO_TARGET_DIR", copy.with_file_name("minimal"));
        // The flag is one of the nightly compiler's, and does the same on the stable one.
        succeed(command.env("RUSTC_BOOTSTRAP", "1"))
    };
    in_copy(&["update", "--quiet", "-Z", "direct-minimal-versions"])?;
    in_copy(&["check", "--quiet", "--workspace", "--all-features", "--all-targets"])
}
