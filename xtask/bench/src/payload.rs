//! The bytes that everything is measured on: compact, as they come over the wire.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::value::RawValue;

/// Whose payload it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vendor {
    DeepSource,
    Qase,
    MonitorQa,
}

/// One payload.
#[derive(Debug, Clone)]
pub struct Payload {
    pub name: String,
    pub vendor: Vendor,
    pub text: String,
}

/// The analysis run on which the limits are set.
pub const ANALYSIS_RUN: &str = "analysis_run.updated";

/// The smallest payload, on which a limit is set as well.
pub const RUN_COMPLETED: &str = "run.completed";

/// How many checks the analysis runs have by which growth is shown.
pub const GROWTH: [usize; 5] = [1, 10, 100, 1_000, 10_000];

/// The payloads of the table.
pub fn all() -> Result<Vec<Payload>> {
    let mut payloads = vec![analysis_run()?];
    for (vendor, name, file) in [
        (
            Vendor::DeepSource,
            "repository_issue.introduced",
            "deepsource/repository_issue.introduced/vendor_page",
        ),
        (Vendor::Qase, "case.created", "qase/case.created/full"),
        (Vendor::Qase, "defect.created", "qase/defect.created/full"),
        (Vendor::Qase, RUN_COMPLETED, "qase/run.completed/full"),
        (Vendor::MonitorQa, "CORRECTIVE_ACTION_SUBMITTED", "monitorqa/CORRECTIVE_ACTION_SUBMITTED/full"),
    ] {
        payloads.push(Payload { name: name.to_owned(), vendor, text: compact(file)? });
    }
    payloads.push(with_checks(200)?);
    Ok(payloads)
}

/// The vendor's own sample of an analysis run.
pub fn analysis_run() -> Result<Payload> {
    Ok(Payload {
        name: ANALYSIS_RUN.to_owned(),
        vendor: Vendor::DeepSource,
        text: compact("deepsource/analysis_run.updated/vendor_page")?,
    })
}

/// The same with this many checks, which repeat those of the sample.
pub fn with_checks(count: usize) -> Result<Payload> {
    let text = analysis_run()?.text;
    let (front, list) = text.split_once(r#""checks":"#).context("the sample has no checks")?;
    let list = list.strip_suffix("}}}").context("the sample does not end with its checks")?;
    let checks: Vec<&RawValue> = serde_json::from_str(list)?;
    let checks: Vec<&str> = checks.iter().cycle().take(count).map(|check| check.get()).collect();
    let text = format!(r#"{front}"checks":[{}]}}}}}}"#, checks.join(","));
    Ok(Payload { name: format!("{ANALYSIS_RUN}, {count} checks"), vendor: Vendor::DeepSource, text })
}

/// The sample with another text in one place.
pub fn analysis_run_with(from: &str, to: &str) -> Result<String> {
    let text = analysis_run()?.text;
    anyhow::ensure!(text.contains(from), "the sample holds no {from}");
    Ok(text.replacen(from, to, 1))
}

/// The sample with its payload before the name.
pub fn payload_first() -> Result<String> {
    let text = analysis_run()?.text;
    let (front, payload) = text.split_once(r#","data":"#).context("the sample has no payload")?;
    let payload = payload.strip_suffix('}').context("the sample does not end with its payload")?;
    let front = front.strip_prefix('{').context("the sample is no object")?;
    Ok(format!(r#"{{"data":{payload},{front}}}"#))
}

/// The sample with a mistake in its last check, so that everything before it is read first.
pub fn broken_at_the_end() -> Result<String> {
    let text = analysis_run()?.text;
    let (front, back) = text.rsplit_once(r#""introduced":2"#).context("the sample has no distribution")?;
    Ok(format!(r#"{front}"introduced":-2{back}"#))
}

fn read(name: &str) -> Result<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name).with_extension("json");
    fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))
}

/// A fixture without the white space between its tokens, its keys in the vendor's order.
fn compact(name: &str) -> Result<String> {
    let text = read(name)?;
    let mut compact = String::with_capacity(text.len());
    let (mut in_text, mut escaped) = (false, false);
    for character in text.chars() {
        if in_text {
            in_text = escaped || character != '"';
            escaped = !escaped && character == '\\';
        } else if character.is_ascii_whitespace() {
            continue;
        } else {
            in_text = character == '"';
        }
        compact.push(character);
    }
    Ok(compact)
}
