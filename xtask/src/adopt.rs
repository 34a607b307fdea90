//! `cargo xtask adopt`: a captured delivery becomes a fixture, without anything in it that is somebody's.

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

/// Turn a captured delivery into a fixture, with everything replaced that may be somebody's
#[derive(Args)]
pub(crate) struct Arguments {
    /// A file with a body, or with a whole request: request line, headers, an empty line, body
    capture: PathBuf,
    /// What the payload shows, in `snake_case`; found out when left out
    #[arg(long)]
    case: Option<String>,
    /// Whose delivery it is; recognised by the envelope when left out
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
    // What a person has to do stands below what the tests print, whether they pass or not.
    if let Some(path) = &equal {
        println!("an equal fixture exists, so nothing was written: {}", path.display());
    }
    if let Some(path) = &path {
        println!("wrote {}", path.display());
        println!("read the fixture before you commit it: what it means to you, only you can tell");
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
            anyhow::anyhow!("the body is no JSON: see line {}, column {}", error.line(), error.column())
        })?;
        let vendor = match vendor {
            Some(vendor) => vendor,
            None => Vendor::of_body(capture.body.as_bytes()).context(
                "it is no delivery: its keys are the envelope of no vendor; name one with --vendor if it is",
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
            ensure!(
                starts && case.bytes().all(plain),
                "{case:?} is no name of a case: those are in snake_case"
            );
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

    /// What the payload shows.
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
        // A key that no type knows may be somebody's, and the name of a file is read by everybody.
        if self.drift.iter().any(|finding| finding.kind == DriftKind::UnknownField) {
            return "drift".to_owned();
        }
        let kinds = [
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

    /// What a person should know about it.
    fn report(&self) -> Result<String> {
        let mut text = String::new();
        if self.unlisted {
            writeln!(
                text,
                "{} is no listed event of {}: adopted as unlisted",
                self.event,
                self.vendor.name()
            )?;
        }
        if let Some(path) = &self.refused {
            writeln!(text, "it does not decode, because of {path}: adopted as such")?;
        }
        if !self.scrubbed.kept.is_empty() {
            writeln!(text, "kept, although no type knows them; look whether each is a name or data:")?;
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
            write!(text, "drift: {} findings; to end it:", self.drift.len())?;
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
             cargo xtask ci checks all of it and mends nothing\n"
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
            .map_err(|error| anyhow::anyhow!("it is no delivery of {}: {error}", W::VENDOR))?
            .name()
            .to_owned();
        let scrubbed = scrub::scrub::<W>(body, &event, credentials)
            .map_err(|refusal| anyhow::anyhow!("it cannot be scrubbed safely: {refusal}"))?;
        let after = Outcome::of::<W>(&scrubbed.text);
        ensure!(
            before == after,
            "it cannot be scrubbed safely: the types would see something else in it, such as a time that is none"
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

/// What the types make of a body: scrubbing must not change it.
#[derive(Debug, PartialEq)]
struct Outcome {
    failure: Option<(usize, DecodeErrorKind)>,
    drift: Vec<(usize, DriftKind, Option<drift::JsonKind>)>,
}

impl Outcome {
    fn of<W: Envelope>(body: &str) -> Self {
        // The keys of free maps are replaced, so of a path only the number of its steps stays.
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
