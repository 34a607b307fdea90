//! `webhooks inbox replay` and `webhooks inbox prune`: commands that change an inbox require a filter.

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;
use webhook_inbox::Prune;

use super::filter::Conditions;
use super::{Place, Stop};
use crate::output::{Stdout, json_line};

/// Deliver to the sinks again
///
/// Done, dead and skipped deliveries become pending again. Pending and claimed deliveries are not changed.
#[derive(Args)]
pub(super) struct ReplayArguments {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    conditions: Conditions,
    /// Only at this sink; by default, at all sinks that know the delivery
    #[arg(long)]
    sink: Option<String>,
    /// Every delivery
    #[arg(long)]
    all: bool,
    /// Print one JSON object, on one line
    #[arg(long)]
    json: bool,
}

/// Remove the bodies of deliveries that every sink has handled
///
/// The key of each delivery stays, so that a repeated one is still recognised.
#[derive(Args)]
pub(super) struct PruneArguments {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    conditions: Conditions,
    /// Also those that are dead at a sink
    #[arg(long)]
    dead: bool,
    /// Also those that a sink has not handled yet: they are lost for that sink
    #[arg(long)]
    pending: bool,
    /// Every delivery
    #[arg(long)]
    all: bool,
    /// Print one JSON object, on one line
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Replayed {
    replayed: u64,
}

#[derive(Serialize)]
struct Pruned {
    pruned: u64,
}

pub(super) async fn replay(arguments: &ReplayArguments) -> Result<ExitCode, Stop> {
    let filter = arguments.conditions.filter_or_all("replay", arguments.all).map_err(Stop::Message)?;
    let inbox = arguments.place.open().await?;
    let replayed = inbox.replay(&filter, arguments.sink.as_deref()).await?;
    let mut out = Stdout::new();
    if arguments.json {
        out.write_lines(&json_line(&Replayed { replayed })?)?;
    } else {
        out.print(&format!("pending again: {replayed}\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn prune(arguments: &PruneArguments) -> Result<ExitCode, Stop> {
    let filter = arguments.conditions.filter_or_all("prune", arguments.all).map_err(Stop::Message)?;
    let inbox = arguments.place.open().await?;
    let mut prune = Prune::of(filter);
    prune.dead = arguments.dead;
    prune.pending = arguments.pending;
    let pruned = inbox.prune(&prune).await?;
    let mut out = Stdout::new();
    if arguments.json {
        out.write_lines(&json_line(&Pruned { pruned })?)?;
    } else {
        out.print(&format!("the bodies of {pruned} deliveries were removed\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}
