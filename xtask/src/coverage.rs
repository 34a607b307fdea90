//! `cargo xtask coverage`: when each event is sent, how well it is known, its type, its sample, its fixtures and its page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Result, ensure};
use clap::Args;

use crate::generated::Mode;
use crate::samples;
use crate::vendor::{Vendor, chosen};

/// Write the table of events into the front page of each vendor crate.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Change nothing; fail if anything is not up to date
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let mode = Mode::from_check(arguments.check);
    for vendor in chosen(None) {
        let page = vendor.crate_root().join("README.md");
        mode.section(&page, "events", &table(vendor)?, "cargo xtask coverage")?;
    }
    Ok(())
}

fn table(vendor: Vendor) -> Result<String> {
    let mut cases: BTreeMap<String, usize> = BTreeMap::new();
    for fixture in vendor.fixtures()? {
        *cases.entry(fixture.event).or_default() += 1;
    }
    let bare: Vec<_> =
        vendor.catalogue().iter().map(|info| info.name).filter(|name| !cases.contains_key(*name)).collect();
    ensure!(
        bare.is_empty(),
        "{}: no fixture for {}; add one under fixtures/{}/<event>/",
        vendor.name(),
        bare.join(", "),
        vendor.name()
    );
    let mut text = String::from(
        "| event | sent when | standing | type | sample | fixtures | source |\n|---|---|---|---|---|---|---|\n",
    );
    for info in vendor.catalogue() {
        writeln!(
            text,
            "| `{name}` | {summary} | {standing} | `{payload}` | `{sample}` | {fixtures} | [page]({source}) |",
            name = info.name,
            summary = info.summary,
            standing = info.standing,
            fixtures = cases.get(info.name).copied().unwrap_or_default(),
            payload = info.payload,
            sample = samples::constant(info.name),
            source = info.source,
        )?;
    }
    Ok(text)
}
