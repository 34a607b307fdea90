//! `cargo xtask adopt`: converts a captured delivery to a fixture, without personal data.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use webhook_core::drift::{self, Drift, DriftKind};
use webhook_core::{Authenticated, DecodeErrorKind, Envelope, Events, ForVendor};

use crate::vendor::{Vendor, entries, workspace_root};
use crate::{samples, snapshots};
use capture::Capture;
use scrub::Scrubbed;

mod advice;
mod capture;
mod invent;
mod judge;
mod names;
mod originals;
mod scrub;
mod source;
mod times;
mod tokens;

/// Convert a captured delivery to a fixture, with all data replaced that may be personal
#[derive(Args)]
pub(crate) struct Arguments {
    /// A file with a body, or with a whole request: request line, headers, an empty line, body
    capture: PathBuf,
    /// The name of the case, in `snake_case`; derived from the payload if left out
    #[arg(long)]
    case: Option<String>,
    /// The vendor of the delivery; detected from the envelope if left out
    #[arg(long, value_enum)]
    vendor: Option<Vendor>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let shown = arguments.capture.display();
    let bytes = fs::read(&arguments.capture).with_context(|| format!("failed to read {shown}"))?;
    let capture = Capture::of(&bytes).with_context(|| format!("{shown} is not adopted"))?;
    let adopted =
        Adopted::of(&capture, arguments.vendor).with_context(|| format!("{shown} is not adopted"))?;
    let folder = workspace_root().join("fixtures").join(adopted.vendor.name()).join(&adopted.event);
    let equal = adopted.equal(&folder)?;
    let path = match &equal {
        Some(_) => None,
        None => Some(adopted.file(&folder, arguments.case.as_deref())?),
    };
    let report = adopted.report()?;

    for dropped in &capture.dropped {
        println!("dropped {dropped}");
    }
    let mut regenerated = Ok(());
    if let Some(path) = &path {
        fs::create_dir_all(&folder)?;
        fs::write(path, &adopted.scrubbed.text)
            .with_context(|| format!("failed to write {}", path.display()))?;
        regenerated = snapshots::run(&snapshots::Arguments { check: false, vendor: Some(adopted.vendor) })
            .and_then(|()| samples::run(&samples::Arguments { check: false }));
    }
    // The advice is printed after the output of the tests, whether they pass or not.
    if let Some(path) = &equal {
        println!("an equal fixture exists, so nothing was written: {}", path.display());
    }
    if let Some(path) = &path {
        println!("wrote {}", path.display());
        println!("read the fixture before you commit it: check that it has no personal data");
    }
    println!("{report}");
    regenerated
}

/// A capture that can become a fixture.
#[derive(Debug)]
struct Adopted {
    vendor: Vendor,
    event: String,
    /// The path at which decoding fails, if it does.
    refused: Option<String>,
    unlisted: bool,
    scrubbed: Scrubbed,
    drift: Vec<Drift>,
}

impl Adopted {
    fn of(capture: &Capture, vendor: Option<Vendor>) -> Result<Self> {
        serde_json::from_str::<serde_json::Value>(&capture.body).map_err(|error| {
            anyhow::anyhow!("the body is not JSON: see line {}, column {}", error.line(), error.column())
        })?;
        let vendor = match vendor {
            Some(vendor) => vendor,
            None => Vendor::of_body(capture.body.as_bytes()).context(
                "it is not a delivery: its keys match the envelope of no vendor; give the vendor with --vendor",
            )?,
        };
        vendor.run(AsWebhook { capture, vendor })
    }

    /// The fixture of the same event that this one would repeat.
    fn equal(&self, folder: &Path) -> Result<Option<PathBuf>> {
        let fixtures = if folder.is_dir() { entries(folder)? } else { Vec::new() };
        let equals = |path: &PathBuf| fs::read(path).is_ok_and(|text| text == self.scrubbed.text.as_bytes());
        Ok(fixtures.into_iter().find(equals))
    }

    /// The file to write, which does not exist.
    fn file(&self, folder: &Path, case: Option<&str>) -> Result<PathBuf> {
        let file = |case: &str| folder.join(format!("{case}.json"));
        if let Some(case) = case {
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            let starts = case.starts_with(|letter: char| letter.is_ascii_lowercase());
            ensure!(starts && case.bytes().all(plain), "{case:?} is not a name of a case: use snake_case");
            let fails = self.refused.is_some();
            ensure!(
                case.starts_with("refused_") == fails,
                "the name of a case begins with `refused_` exactly when it does not decode: this one {}",
                if fails { "does not" } else { "does" }
            );
            ensure!(
                !file(case).exists(),
                "{} exists already: name another with --case",
                file(case).display()
            );
            return Ok(file(case));
        }
        let base = self.case();
        let numbered = (2..1_000).map(|number| format!("{base}_{number}"));
        std::iter::once(base.clone())
            .chain(numbered)
            .map(|case| file(&case))
            .find(|path| !path.exists())
            .context("there are too many fixtures of this kind: name this one with --case")
    }

    /// The name of the case.
    fn case(&self) -> String {
        let last = |path: &str| {
            let key = path.rsplit(['.', '"']).find(|part| part.chars().any(|l| l.is_ascii_alphabetic()));
            let key = key.map(|key| key.split('[').next().unwrap_or_default());
            names::snake(key.unwrap_or("body"))
        };
        if let Some(path) = &self.refused {
            return format!("refused_{}", last(path));
        }
        if self.unlisted {
            return "unlisted".to_owned();
        }
        // An unknown key may be personal data, and the names of files are public.
        if self.drift.iter().any(|finding| finding.kind == DriftKind::UnknownField) {
            return "drift".to_owned();
        }
        let kinds = [
            (DriftKind::UnexpectedValue, "unexpected"),
            (DriftKind::RepeatedKey, "repeated"),
            (DriftKind::UnlistedValue, "unlisted"),
            (DriftKind::UndocumentedNull, "null"),
            (DriftKind::MissingField, "without"),
        ];
        kinds
            .iter()
            .find_map(|(kind, word)| {
                let finding = self.drift.iter().find(|finding| finding.kind == *kind)?;
                Some(format!("{word}_{}", last(&finding.path)))
            })
            .unwrap_or_else(|| "typical".to_owned())
    }

    /// The report for the maintainer.
    fn report(&self) -> Result<String> {
        let mut text = String::new();
        if self.unlisted {
            writeln!(
                text,
                "{} is not a listed event of {}: adopted as unlisted",
                self.event,
                self.vendor.name()
            )?;
        }
        if let Some(path) = &self.refused {
            writeln!(text, "it does not decode, because of {path}: adopted as such")?;
        }
        if !self.scrubbed.kept.is_empty() {
            writeln!(text, "unknown, but kept; check whether each is a name or data:")?;
        }
        for (kept, paths) in &self.scrubbed.kept {
            let first = paths.first().map_or("", String::as_str);
            match paths.len() {
                0 | 1 => writeln!(text, "  {kept}: {first}")?,
                count => writeln!(text, "  {kept}: {first} and {} more", count - 1)?,
            }
        }
        let advice = advice::on(&self.drift, &self.scrubbed, &self.event, &self.vendor.crate_root())?;
        if advice.is_empty() {
            write!(text, "no drift")?;
        } else {
            write!(text, "drift: {} findings; to remove it:", self.drift.len())?;
        }
        for advice in &advice {
            write!(text, "\n\n{advice}")?;
        }
        let vendor = self.vendor.name();
        let snapshots =
            if advice.is_empty() { String::new() } else { format!("cargo xtask snapshots {vendor}, ") };
        write!(
            text,
            "\n\nand then: {snapshots}cargo xtask schema, and cargo xtask pages where the documentation changes; \
             cargo xtask ci checks all of it and changes nothing\n"
        )?;
        Ok(text)
    }
}

/// Adopts a capture as a webhook of its vendor.
struct AsWebhook<'a> {
    capture: &'a Capture,
    vendor: Vendor,
}

impl ForVendor for AsWebhook<'_> {
    type Output = Result<Adopted>;

    fn run<W: Authenticated>(self) -> Result<Adopted> {
        let Self { capture: Capture { body, credentials, .. }, vendor } = self;
        let before = Outcome::of::<W>(body);
        let event = W::peek(body.as_bytes())
            .map_err(|error| anyhow::anyhow!("it is not a delivery of {}: {error}", W::VENDOR))?
            .name()
            .to_owned();
        let scrubbed = scrub::scrub::<W>(body, &event, credentials)
            .map_err(|refusal| anyhow::anyhow!("it cannot be scrubbed safely: {refusal}"))?;
        let after = Outcome::of::<W>(&scrubbed.text);
        ensure!(
            before == after,
            "it cannot be scrubbed safely: the types would see something else in it, such as a value that is not a time"
        );
        let refused = W::from_slice(scrubbed.text.as_bytes()).err().map(|error| error.path().to_owned());
        Ok(Adopted {
            vendor,
            unlisted: W::Event::find(&event).is_none(),
            event,
            refused,
            drift: drift::of::<W>(scrubbed.text.as_bytes()),
            scrubbed,
        })
    }
}

/// The decoded form of a body: scrubbing must not change it.
#[derive(Debug, PartialEq)]
struct Outcome {
    failure: Option<(usize, DecodeErrorKind)>,
    drift: Vec<(usize, DriftKind, Option<drift::JsonKind>)>,
}

impl Outcome {
    fn of<W: Envelope>(body: &str) -> Self {
        // The keys of free maps are replaced, so only the number of steps of a path is compared.
        let outside = |text: &str| text.matches(['.', '[']).count();
        let steps = |path: &str| path.split('"').step_by(2).map(outside).sum();
        let failure = W::from_slice(body.as_bytes()).err();
        let drift = drift::of::<W>(body.as_bytes());
        Self {
            failure: failure.map(|error| (steps(error.path()), error.kind())),
            drift: drift.iter().map(|finding| (steps(&finding.path), finding.kind, finding.json)).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
