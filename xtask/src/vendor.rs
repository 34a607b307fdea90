//! The vendors, their crates and their fixtures.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use clap::builder::PossibleValue;

webhook_core::any_webhook! {
    /// A webhook of a vendor that has a crate.
    pub(crate) enum AnyWebhook {
        Qase(qase_webhooks::Webhook),
        Deepsource(deepsource_webhooks::Webhook),
        Monitorqa(monitorqa_webhooks::Webhook),
    }
    /// A vendor whose webhooks have a crate.
    pub(crate) enum Vendor;
}

impl ValueEnum for Vendor {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// One payload of a vendor.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fixture {
    /// The wire name of the event: the name of the folder.
    pub(crate) event: String,
    /// What the payload shows: the name of the file.
    pub(crate) case: String,
}

impl Vendor {
    /// The name of its crate.
    pub(crate) fn package(self) -> String {
        format!("{}-webhooks", self.name())
    }

    /// The folder of its crate.
    pub(crate) fn crate_root(self) -> PathBuf {
        workspace_root().join("crates").join(self.package())
    }

    /// The file of a payload.
    pub(crate) fn path(self, fixture: &Fixture) -> PathBuf {
        let file = format!("fixtures/{}/{}/{}.json", self.name(), fixture.event, fixture.case);
        workspace_root().join(file)
    }

    /// Its payloads, in order.
    pub(crate) fn fixtures(self) -> Result<Vec<Fixture>> {
        let root = workspace_root().join("fixtures").join(self.name());
        let mut fixtures = Vec::new();
        for event in entries(&root)? {
            for file in entries(&event)? {
                ensure!(
                    file.extension().is_some_and(|extension| extension == "json"),
                    "{} is no payload: fixtures hold .json files only",
                    file.display()
                );
                fixtures.push(Fixture { event: stem(&event, false)?, case: stem(&file, true)? });
            }
        }
        fixtures.sort();
        Ok(fixtures)
    }
}

/// The vendors to act on: the one that was named, or all of them.
pub(crate) fn chosen(vendor: Option<Vendor>) -> Vec<Vendor> {
    vendor.map_or_else(|| Vendor::ALL.to_vec(), |vendor| vec![vendor])
}

/// The top of the workspace.
pub(crate) fn workspace_root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest)
}

/// The entries of a folder, in order.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)
        .with_context(|| format!("failed to list {}", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// The files in a folder and in the folders below it, in order.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in entries(folder)? {
        if entry.is_dir() {
            files.extend(files_below(&entry)?);
        } else {
            files.push(entry);
        }
    }
    Ok(files)
}

/// The files with Rust in a folder and in the folders below it, in order.
pub(crate) fn rust_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = files_below(folder)?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    Ok(files)
}

fn stem(path: &Path, without_extension: bool) -> Result<String> {
    let name = if without_extension { path.file_stem() } else { path.file_name() };
    let name = name.and_then(|name| name.to_str());
    Ok(name.with_context(|| format!("{} has no readable name", path.display()))?.to_owned())
}
