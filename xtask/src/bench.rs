//! `cargo xtask bench`: what decoding costs, relative to parsing alone.
//!
//! The measurement is a separate workspace, so that the compared parsers are compiled only for it.

mod builds;
mod inbox;
mod inspect;
mod listen;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::process::{self, succeed};

/// Print what decoding costs, relative to parsing alone.
///
/// Takes some minutes. Instructions are counted where valgrind is installed; the comparison with ring needs a C compiler.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    subject: Option<Subject>,
    /// Fail if a limit on instructions is exceeded by more than 5 %; do not measure times
    #[arg(long)]
    check: bool,
    /// Measure clean builds instead: their time and number of packages; fetches and compiles for minutes
    #[arg(long, conflicts_with = "check")]
    builds: bool,
}

/// What is measured instead of decoding.
#[derive(Subcommand)]
enum Subject {
    Listen(listen::Arguments),
    Inspect(inspect::Arguments),
    Inbox(inbox::Arguments),
}

const MANIFEST: &str = "xtask/bench/Cargo.toml";

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    match &arguments.subject {
        Some(Subject::Listen(arguments)) => return listen::run(arguments),
        Some(Subject::Inspect(arguments)) => return inspect::run(arguments),
        Some(Subject::Inbox(arguments)) => return inbox::run(arguments),
        None => {}
    }
    if arguments.builds {
        return builds::print();
    }
    if !arguments.check {
        return measure("release", &[]);
    }
    // Limits hold for a service that is built for speed, and for one whose manifest sets nothing.
    for profile in ["release", "default-release"] {
        println!("# Profile {profile}\n");
        measure(profile, &["--check"])?;
    }
    Ok(())
}

fn measure(profile: &str, words: &[&str]) -> Result<()> {
    eprintln!("building what is compared");
    // Both binaries, because one starts the other.
    let common = ["--profile", profile, "--quiet", "--manifest-path", MANIFEST];
    cargo(&[&["build"][..], &common].concat())?;
    cargo(&[&["run"][..], &common, &["--"], words].concat())
}

fn cargo(words: &[&str]) -> Result<()> {
    succeed(&mut process::cargo(words.iter().copied()))
}
