//! `cargo xtask man`: the manual pages of the `webhooks` binary, for packages.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::process::{cargo, succeed};
use crate::vendor::workspace_root;

/// Write the manual pages of the `webhooks` binary: one of the tool and one of each command
#[derive(Args)]
pub(crate) struct Arguments {
    /// The folder, which is created if it does not exist; by default `target/man`
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let folder = arguments.folder.clone().unwrap_or_else(|| workspace_root().join("target/man"));
    // The binary writes them itself, because only it knows its command line.
    let folder = std::path::absolute(folder)?;
    succeed(cargo(["run", "--quiet", "--package", "webhook-cli", "--", "man"]).arg(&folder))?;
    println!(
        "wrote the manual pages into {}; read them with: man {}/webhooks.1",
        folder.display(),
        folder.display()
    );
    Ok(())
}
