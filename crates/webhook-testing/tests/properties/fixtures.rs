//! The payloads of a vendor.

use std::fmt::Debug;
use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;
use webhook_core::Authenticated;

use crate::json::Json;

/// What every vendor's webhook is.
pub(crate) trait Webhook: Authenticated + DeserializeOwned + PartialEq + Debug {}

impl<W: Authenticated + DeserializeOwned + PartialEq + Debug> Webhook for W {}

/// A payload as it comes over the wire.
pub(crate) struct Fixture {
    /// The event and the case.
    pub(crate) name: String,
    pub(crate) body: String,
}

impl Fixture {
    pub(crate) fn json(&self) -> Json {
        Json::parse(&self.body)
    }
}

/// Every payload of a vendor that is JSON.
pub(crate) fn fixtures<W: Webhook>() -> Vec<Fixture> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(W::VENDOR);
    let mut fixtures = Vec::new();
    for event in fs::read_dir(root).unwrap() {
        for file in fs::read_dir(event.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let name = path.iter().rev().take(2).map(|part| part.to_str().unwrap()).collect::<Vec<_>>();
            let name = format!("{}/{}", name[1], name[0].trim_end_matches(".json"));
            let body = fs::read_to_string(&path).unwrap();
            // A byte order mark has a test of its own.
            let body = body.trim_start_matches('\u{feff}').to_owned();
            fixtures.push(Fixture { name, body });
        }
    }
    fixtures.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(fixtures.len() > 20);
    fixtures
}
