//! `webhooks man`: the manual pages, for packages. It is hidden, because an installed package contains the pages.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _};

/// Write the manual pages to a folder: one for the tool and one for each command
#[derive(Args)]
pub(crate) struct Arguments {
    /// The folder, which is created if it does not exist
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let folder = &arguments.folder;
    let outcome = fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(crate::Arguments::command(), folder));
    let place = crate::output::plain(&folder.display().to_string());
    let failed = |error: io::Error| {
        io::Error::new(error.kind(), format!("failed to write pages into {place}: {error}"))
    };
    outcome.map_err(failed).map(|()| ExitCode::SUCCESS)
}
