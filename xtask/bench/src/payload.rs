//! The payloads that are measured: compact, as on the wire.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::value::RawValue;
use webhook_core::json::{JsonKind, Reader};

/// The vendor of a payload.
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

/// Further payloads on which limits are set.
pub const CASE_CREATED: &str = "case.created";
pub const CORRECTIVE_ACTION: &str = "CORRECTIVE_ACTION_SUBMITTED";
pub const REPOSITORY_ISSUE: &str = "repository_issue.introduced";

/// The numbers of checks of the analysis runs that show growth.
pub const GROWTH: [usize; 5] = [1, 10, 100, 1_000, 10_000];

/// The payloads of the table.
pub fn all() -> Result<Vec<Payload>> {
    let mut payloads = vec![analysis_run()?];
    for (vendor, name, file) in [
        (
            Vendor::DeepSource,
            REPOSITORY_ISSUE,
            "deepsource/repository_issue.introduced/vendor_page",
        ),
        (Vendor::Qase, CASE_CREATED, "qase/case.created/full"),
        (Vendor::Qase, "defect.created", "qase/defect.created/full"),
        (Vendor::Qase, RUN_COMPLETED, "qase/run.completed/full"),
        (Vendor::MonitorQa, CORRECTIVE_ACTION, "monitorqa/CORRECTIVE_ACTION_SUBMITTED/full"),
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

/// The sample with a value that does not fit in its last check.
pub fn surprise_at_the_end() -> Result<String> {
    let text = analysis_run()?.text;
    let (front, back) = text.rsplit_once(r#""introduced":2"#).context("the sample has no distribution")?;
    Ok(format!(r#"{front}"introduced":-2{back}"#))
}

/// The sample over several lines, its keys in the vendor's order.
pub fn pretty() -> Result<String> {
    read("deepsource/analysis_run.updated/vendor_page")
}

/// The sample with the first letter of every text escaped, except in keys.
pub fn escaped() -> Result<String> {
    let text = analysis_run()?.text;
    let mut escaped = String::new();
    let mut rest = text.as_str();
    while let Some((front, behind)) = rest.split_once(":\"") {
        let mut letters = behind.chars();
        let first = letters.next().context("the sample ends in a text")?;
        escaped.push_str(front);
        escaped.push_str(":\"");
        if first.is_ascii_alphanumeric() {
            escaped.push_str(&format!("\\u{:04x}", u32::from(first)));
        } else {
            escaped.push(first);
        }
        rest = letters.as_str();
    }
    escaped.push_str(rest);
    Ok(escaped)
}

/// The sample with the keys of every object from the last to the first, but for the envelope.
pub fn reversed() -> Result<String> {
    let text = analysis_run()?.text;
    let (front, payload) = text.split_once(r#","data":"#).context("the sample has no payload")?;
    let payload = payload.strip_suffix('}').context("the sample does not end with its payload")?;
    Ok(format!(r#"{front},"data":{}}}"#, reverse(payload)?))
}

fn reverse(text: &str) -> Result<String> {
    let mut json = Reader::new(text);
    match json.kind()? {
        JsonKind::Object => {
            let mut keys = json.object()?.context("the sample nests too deep")?;
            let mut entries = Vec::new();
            while let Some(key) = json.next_text_key(&mut keys)? {
                entries.push(format!("{}:{}", serde_json::to_string(&key)?, reverse(json.raw()?)?));
            }
            entries.reverse();
            Ok(format!("{{{}}}", entries.join(",")))
        }
        JsonKind::Array => {
            let mut list = json.list()?.context("the sample nests too deep")?;
            let mut elements = Vec::new();
            while json.next_element(&mut list)? {
                elements.push(reverse(json.raw()?)?);
            }
            Ok(format!("[{}]", elements.join(",")))
        }
        _ => Ok(text.to_owned()),
    }
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
