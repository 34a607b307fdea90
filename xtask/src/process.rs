//! The programs that the commands run.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::vendor::workspace_root;

/// The cargo that runs this command, at the top of the workspace.
pub(crate) fn cargo<'a>(words: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(words).current_dir(workspace_root());
    command
}

/// Runs a program to its end.
pub(crate) fn succeed(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("failed to start {command:?}"))?;
    ensure!(status.success(), "{command:?} failed");
    Ok(())
}
