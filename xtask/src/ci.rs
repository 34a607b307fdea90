//! `cargo xtask ci`: everything that CI runs, in CI's order.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;

use crate::process::succeed;
use crate::vendor::workspace_root;

/// Run everything that CI runs, in CI's order.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Leave out the tests
    #[arg(long)]
    skip_tests: bool,
    /// Add the steps that take longer, or need a nightly compiler, valgrind, cargo-deny or other programs
    #[arg(long)]
    full: bool,
}

/// A step: what it proves, and the command line.
const STEPS: &[(&str, &str)] = &[
    (TESTS, "cargo test --workspace --all-features"),
    ("format", "cargo fmt --all --check"),
    ("lints", "cargo clippy --workspace --all-targets --all-features -- --deny warnings"),
    ("documentation", "cargo doc --workspace --all-features --no-deps"),
    ("snapshots", "cargo xtask snapshots --check"),
    ("samples", "cargo xtask samples --check"),
    ("front pages", "cargo xtask pages --check"),
    ("schemas", "cargo xtask schema --check"),
    ("packages", "cargo xtask package"),
    (
        "arbitrary precision",
        "cargo test --quiet --manifest-path xtask/arbitrary-precision/Cargo.toml --target-dir target/arbitrary-precision",
    ),
    ("features", "cargo xtask features"),
];

/// The additional steps of `--full`: they take longer, or need programs that have to be installed or fetched.
const FULL: &[(&str, &str)] = &[
    // rustdoc's JSON is built into a folder of its own, from the dependencies up.
    ("public API", "cargo xtask api --check"),
    ("version", "cargo xtask api --semver"),
    // It fetches versions that no other step needs.
    ("minimal versions", "cargo xtask minimal-versions"),
    (
        "oldest compiler",
        "rustup run 1.89 cargo check --workspace --all-features --target-dir target/oldest-compiler",
    ),
    ("limits on cost", "cargo xtask bench --check"),
    (
        "killed processes",
        "env WEBHOOKS_TEST_KILLS=200 WEBHOOKS_TEST_DELIVERIES=100000 cargo test --package webhook-cli --test it -- inbox::kill inbox::processes",
    ),
    ("power cuts", "cargo xtask power-cut"),
    ("arbitrary bytes", "cargo xtask fuzz --seconds 30"),
    ("comparison with serde_json", "cargo xtask fuzz --differential --seconds 30"),
    ("Miri", "cargo xtask miri"),
    ("dependencies", "cargo deny --offline check bans licenses sources"),
    ("advisories", "cargo deny check advisories"),
];

const TESTS: &str = "tests";

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let full = if arguments.full { FULL } else { &[] };
    for (name, line) in STEPS.iter().chain(full) {
        if arguments.skip_tests && *name == TESTS {
            continue;
        }
        let start = Instant::now();
        println!("== {name}: {line}");
        let mut words = line.split(' ');
        let program = words.next().unwrap_or_default();
        let mut step = Command::new(program);
        step.args(words).current_dir(workspace_root()).env("RUSTDOCFLAGS", "--deny warnings");
        succeed(&mut step).with_context(|| format!("{name} failed; run it alone with: {line}"))?;
        println!("== {name}: passed in {} s", start.elapsed().as_secs());
    }
    Ok(())
}
