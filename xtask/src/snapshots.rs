//! `cargo xtask snapshots`: a named test and a snapshot per fixture.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::generated::{Mode, formatted};
use crate::process::{cargo, succeed};
use crate::samples;
use crate::vendor::{Fixture, Vendor, chosen};

/// The part of the generated file that is the same for every vendor.
const TEMPLATE: &str = include_str!("snapshots/template.rs");

/// Regenerate the snapshot tests from the fixture payloads.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Change nothing; fail if anything is not up to date
    #[arg(long)]
    pub(crate) check: bool,
    /// Only this vendor
    #[arg(value_enum)]
    pub(crate) vendor: Option<Vendor>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let mode = Mode::from_check(arguments.check);
    for vendor in chosen(arguments.vendor) {
        let fix = format!("cargo xtask snapshots {}", vendor.name());
        let fixtures = vendor.fixtures()?;
        ensure!(!fixtures.is_empty(), "{} has no fixtures", vendor.name());
        // The tests compile with the samples, which name every fixture.
        samples::settle(vendor, mode)?;
        let tests = vendor.crate_root().join("tests/it");
        mode.file(&tests.join("snapshots.rs"), &test_file(vendor, &fixtures)?, &fix)?;
        settle_orphans(vendor, &fixtures, mode, &fix)?;
        run_tests(vendor, mode, &fix)?;
        println!("{}: {} snapshots", vendor.name(), fixtures.len());
    }
    Ok(())
}

/// Every fixture has a snapshot; a deleted fixture takes its snapshot with it.
fn settle_orphans(vendor: Vendor, fixtures: &[Fixture], mode: Mode, fix: &str) -> Result<()> {
    let root = vendor.crate_root().join("tests/it/snapshots");
    let file = |fixture: &Fixture| root.join(&fixture.event).join(format!("{}.snap", fixture.case));
    let expected: BTreeSet<PathBuf> = fixtures.iter().map(file).collect();
    mode.no_others(&root, &expected, fix)?;
    if mode == Mode::Check {
        let missing = expected.iter().filter(|path| !path.exists());
        let missing: Vec<_> = missing.map(|path| path.display().to_string()).collect();
        ensure!(missing.is_empty(), "no snapshot {}; update it with: {fix}", missing.join(", "));
    }
    Ok(())
}

/// Runs the tests; in writing mode they write what they see.
fn run_tests(vendor: Vendor, mode: Mode, fix: &str) -> Result<()> {
    let update = match mode {
        Mode::Write => "always",
        Mode::Check => "no",
    };
    let mut tests = cargo(["test", "--quiet", "--package", &vendor.package(), "--all-features"]);
    tests
        .args(["--test", "it", "--", "snapshots::"])
        .env("INSTA_UPDATE", update)
        .env("INSTA_FORCE_PASS", if mode == Mode::Write { "1" } else { "0" });
    succeed(&mut tests).with_context(|| {
        format!("the snapshots of {} are not up to date; update them with: {fix}", vendor.name())
    })
}

fn test_file(vendor: Vendor, fixtures: &[Fixture]) -> Result<String> {
    let mut by_event: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for fixture in fixtures {
        by_event.entry(&fixture.event).or_default().push(&fixture.case);
    }
    let mut text = TEMPLATE.replace("VENDOR_CRATE", &vendor.package().replace('-', "_"));
    for (event, cases) in by_event {
        write!(text, "\nmod {} {{", module(event))?;
        for case in cases {
            ensure!(
                case.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'),
                "the case {case} of {event} is not in snake_case"
            );
            write!(
                text,
                "
    #[test]
    fn {case}() {{
        super::check(
            {event:?},
            {case:?},
            include_bytes!(\"../../fixtures/{event}/{case}.json\"),
        );
    }}
"
            )?;
        }
        text.push_str("}\n");
    }
    formatted(&text)
}

/// The wire name of an event as the name of a module.
fn module(event: &str) -> String {
    event.to_ascii_lowercase().replace(|letter: char| !letter.is_ascii_alphanumeric(), "_")
}
