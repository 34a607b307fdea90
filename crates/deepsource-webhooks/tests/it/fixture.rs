//! The payloads, read from where they are kept.

use std::fs;
use std::path::{Path, PathBuf};

use deepsource_webhooks::Webhook;
use serde_json::Value;

/// One payload: the name of its event, the name of the case, and its bytes.
pub(crate) struct Fixture {
    pub(crate) event: String,
    pub(crate) case: String,
    pub(crate) body: Vec<u8>,
}

impl Fixture {
    /// Whether it is there to be refused.
    pub(crate) fn is_refused(&self) -> bool {
        self.case.starts_with("refused_")
    }
}

/// Every payload.
pub(crate) fn all() -> Vec<Fixture> {
    let mut fixtures = Vec::new();
    for event in entries(&root()) {
        for file in entries(&event) {
            fixtures.push(Fixture {
                event: event.file_name().unwrap().to_str().unwrap().to_owned(),
                case: file.file_stem().unwrap().to_str().unwrap().to_owned(),
                body: fs::read(&file).unwrap(),
            });
        }
    }
    assert!(fixtures.len() > 80, "the payloads are not where they are looked for");
    fixtures
}

/// The bytes of one payload.
pub(crate) fn body(event: &str, case: &str) -> Vec<u8> {
    let file = root().join(event).join(format!("{case}.json"));
    fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// One payload as JSON, to be changed.
pub(crate) fn json(event: &str, case: &str) -> Value {
    serde_json::from_slice(&body(event, case)).unwrap()
}

/// One payload, decoded.
pub(crate) fn webhook(event: &str, case: &str) -> Webhook {
    Webhook::from_slice(&body(event, case)).unwrap()
}

/// Decodes JSON that a test has put together.
pub(crate) fn decode(json: &Value) -> Result<Webhook, deepsource_webhooks::DecodeError> {
    Webhook::from_slice(json.to_string().as_bytes())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
