//! `cargo xtask package`: the published crates build, and the libraries pass their tests, without the workspace around them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::process::{cargo, succeed};
use crate::vendor::workspace_root;

/// Package every published crate, then build and test the packages outside of the workspace.
#[derive(Args)]
pub(crate) struct Arguments {}

/// In the order in which they are published: a crate is after its dependencies.
const PUBLISHED: &[&str] = &[
    DERIVE,
    "webhook-core",
    "qase-webhooks",
    "deepsource-webhooks",
    "monitorqa-webhooks",
    "webhook-testing",
    INBOX,
    BINARY,
];

const DERIVE: &str = "webhook-derive";
const INBOX: &str = "webhook-inbox";
const BINARY: &str = "webhook-cli";

/// The libraries that users depend on. The derive macro is none of them: the core hands it on, and pins its version.
pub(crate) fn libraries() -> impl Iterator<Item = &'static str> {
    PUBLISHED.iter().copied().filter(|name| ![DERIVE, BINARY].contains(name))
}

pub(crate) fn run(_: &Arguments) -> Result<()> {
    // The packages are built below, with their tests.
    let mut package = cargo(["package", "--quiet", "--allow-dirty", "--no-verify"]);
    // A target folder of the user's own would hold the archives elsewhere.
    package.arg("--target-dir").arg(workspace_root().join("target"));
    for name in PUBLISHED {
        package.args(["--package", name]);
    }
    succeed(&mut package)?;

    let folder = std::env::temp_dir().join(format!("packaged-webhooks-{}", std::process::id()));
    let outcome = test_in(&folder);
    fs::remove_dir_all(&folder).with_context(|| format!("failed to remove {}", folder.display()))?;
    outcome
}

fn test_in(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let version = env!("CARGO_PKG_VERSION");
    for name in PUBLISHED {
        let archive = workspace_root().join(format!("target/package/{name}-{version}.crate"));
        succeed(Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(folder))?;
    }
    let unpacked = |name: &str| -> PathBuf { folder.join(format!("{name}-{version}")) };
    let mut patches = Vec::new();
    for name in PUBLISHED {
        patches.push("--config".to_owned());
        patches.push(format!("patch.crates-io.{name}.path=\"{}\"", unpacked(name).display()));
    }
    for name in PUBLISHED {
        // The tests of the binary run it on the fixtures of the workspace; those of the inbox need servers.
        let command = if [INBOX, BINARY].contains(name) { "build" } else { "test" };
        println!("{command} of the package of {name}");
        let mut test = cargo([command, "--quiet", "--all-features"]);
        test.args(&patches).current_dir(unpacked(name));
        // The packages share the build of their dependencies.
        test.env("CARGO_TARGET_DIR", workspace_root().join("target/packaged"));
        succeed(&mut test)?;
    }
    Ok(())
}
