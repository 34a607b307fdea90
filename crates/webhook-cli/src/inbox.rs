//! `webhooks inbox`: shows and changes the content of an inbox.

mod change;
mod check;
mod export;
mod filter;
mod list;
mod pages;
mod show;
mod time;

use std::io;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use tokio::runtime::Builder;
use webhook_inbox::Inbox;

use crate::UNUSABLE;
use crate::output::complain;
use crate::secrets;

const EXAMPLES: &str = "\
Examples:
  webhooks inbox list --inbox sqlite:inbox.db --event 'run.*' --state dead
  webhooks inbox show --inbox sqlite:inbox.db 42 --body | webhooks inspect -
  webhooks inbox export --inbox sqlite:inbox.db --since 7d | webhooks inspect --summary -
  webhooks inbox replay --inbox sqlite:inbox.db --state dead --sink tickets
  webhooks inbox prune --inbox sqlite:inbox.db --until 30d";

/// List, show, export, replay, prune and check the deliveries of an inbox
///
/// An inbox is created by `webhooks listen --inbox`, or by a service with the crate `webhook-inbox`. It may be in use.
///
/// Exit status: 0 for success, 1 if `check` finds a problem, 2 for wrong usage or an inbox that cannot be used.
#[derive(Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

// The variants have no doc comments, because these would replace the help texts of their arguments.
#[derive(Subcommand)]
enum Command {
    List(list::Arguments),
    Show(show::Arguments),
    Export(export::Arguments),
    Replay(change::ReplayArguments),
    Prune(change::PruneArguments),
    Check(check::Arguments),
}

/// Which inbox.
#[derive(Args)]
pub(crate) struct Place {
    /// The inbox: `sqlite:FILE` or `postgres://..`; by default, the one in the variable `WEBHOOKS_INBOX` or in the file
    /// that `WEBHOOKS_INBOX_FILE` names, so that other users cannot read its password
    #[arg(long = "inbox", value_name = "URL")]
    url: Option<String>,
}

/// The inbox that the environment names, if it does.
///
/// # Errors
///
/// Those of [`secrets::in_environment`].
pub(crate) fn in_environment() -> Result<Option<String>, String> {
    secrets::in_environment("WEBHOOKS_INBOX")
}

/// The reason why a command ends early.
pub(crate) enum Stop {
    /// The output is closed or cannot be written.
    Output(io::Error),
    /// A message for standard error.
    Message(String),
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Output(error) => error.fmt(f),
            Self::Message(message) => message.fmt(f),
        }
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<webhook_inbox::Error> for Stop {
    fn from(error: webhook_inbox::Error) -> Self {
        let source =
            std::error::Error::source(&error).map(|source| format!(": {source}")).unwrap_or_default();
        Self::Message(crate::output::plain(&format!("{error}{source}")))
    }
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let outcome = runtime.block_on(async {
        match &arguments.command {
            Command::List(arguments) => list::run(arguments).await,
            Command::Show(arguments) => show::run(arguments).await,
            Command::Export(arguments) => export::run(arguments).await,
            Command::Replay(arguments) => change::replay(arguments).await,
            Command::Prune(arguments) => change::prune(arguments).await,
            Command::Check(arguments) => check::run(arguments).await,
        }
    });
    // It does not wait for running operations: everything that a command has reported as done is on disk.
    runtime.shutdown_background();
    match outcome {
        Ok(code) => Ok(code),
        Err(Stop::Output(error)) => Err(error),
        Err(Stop::Message(message)) => {
            complain(&message);
            Ok(ExitCode::from(UNUSABLE))
        }
    }
}

impl Place {
    /// Opens the inbox, which must exist: a mistyped name must not create one.
    pub(crate) async fn open(&self) -> Result<Inbox, Stop> {
        let named = match &self.url {
            Some(url) => Some(url.clone()),
            None => in_environment().map_err(Stop::Message)?,
        };
        let url = named.ok_or_else(|| {
            Stop::Message(
                "no inbox is named: give --inbox, or set WEBHOOKS_INBOX or WEBHOOKS_INBOX_FILE".to_owned(),
            )
        })?;
        if let Some(file) = url.strip_prefix("sqlite:") {
            let path = file.strip_prefix("//").unwrap_or(file);
            // A name without a file is reported when it is opened.
            let names_a_file = !path.is_empty() && !path.contains(['?', '\0']) && !path.contains(":memory:");
            if names_a_file && !std::path::Path::new(path).exists() {
                let path = crate::output::plain(path);
                return Err(Stop::Message(format!(
                    "there is no inbox at {path}; `webhooks listen --inbox` creates one: start it first"
                )));
            }
        }
        Ok(Inbox::open(&url).await?)
    }
}
