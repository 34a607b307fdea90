//! `webhooks completions`: completion scripts for shells.

use std::io;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::output::Stdout;

const EXAMPLES: &str = "\
Examples:
  webhooks completions bash > ~/.local/share/bash-completion/completions/webhooks
  webhooks completions zsh > \"${fpath[1]}/_webhooks\"
  webhooks completions fish > ~/.config/fish/completions/webhooks.fish";

/// Print the completion script for a shell
#[derive(Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let mut script = Vec::new();
    let mut command = crate::Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "webhooks", &mut script);
    Stdout::new().write_lines(&script)?;
    Ok(ExitCode::SUCCESS)
}
