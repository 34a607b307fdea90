//! The binary that `cargo xtask bench` runs.

use anyhow::Result;
use bench::{check, instructions, report, run};
use clap::Parser;

/// Print what decoding costs, relative to parsing alone.
#[derive(Parser)]
struct Arguments {
    /// Fail when a limit on instructions is exceeded by more than 5 %
    #[arg(long)]
    check: bool,
    /// Do everything once for callgrind, which counts
    #[arg(long, hide = true)]
    counted: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if arguments.counted {
        instructions::run(&run::groups()?);
        return Ok(());
    }
    let measured = run::measure(!arguments.check)?;
    report::print(&measured);
    if arguments.check { check::run(&measured) } else { Ok(()) }
}
