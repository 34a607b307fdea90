//! `cargo xtask miri`: the core's tests of decoding, interpreted.
//!
//! The workspace forbids `unsafe`, so Miri checks the libraries that it uses. Tests that hash megabytes or open sockets
//! are left out: Miri is a thousand times slower than the processor, and cannot open a socket.

use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::process::succeed;
use crate::vendor::workspace_root;

/// Run the core's tests of decoding in Miri.
///
/// Needs `rustup component add --toolchain nightly miri rust-src`.
#[derive(Args)]
pub(crate) struct Arguments {}

/// The modules of tests, by what their names begin with.
const TESTS: &[&str] = &[
    "derive::",
    "envelope::",
    "errors::",
    "leniency::",
    "json::",
    "messages::",
    "detection::",
    "vocabularies::",
];

pub(crate) fn run(_: &Arguments) -> Result<()> {
    let mut miri = Command::new("rustup");
    miri.args(["run", "nightly", "cargo", "miri", "test", "--package", "webhook-core", "--test", "it", "--"])
        .args(TESTS)
        // It takes longer than all other tests together.
        .args(["--skip", "deep_nesting"])
        .current_dir(workspace_root())
        .env("CARGO_TARGET_DIR", workspace_root().join("target/miri"));
    succeed(&mut miri).context(
        "Miri found something, or is not installed: rustup component add --toolchain nightly miri rust-src",
    )
}
