//! The payloads of a vendor.

use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use webhook_core::Authenticated;

/// What every vendor's webhook is.
pub(crate) trait Webhook: Authenticated + DeserializeOwned + PartialEq + Debug {}

impl<W: Authenticated + DeserializeOwned + PartialEq + Debug> Webhook for W {}

/// A payload as it comes over the wire.
pub(crate) struct Payload {
    pub(crate) path: PathBuf,
    pub(crate) body: String,
}

/// Every payload of a vendor.
pub(crate) fn payloads<W: Webhook>() -> Vec<Payload> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(W::VENDOR);
    let mut payloads = Vec::new();
    for event in fs::read_dir(root).unwrap() {
        for file in fs::read_dir(event.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let body = fs::read_to_string(&path).unwrap();
            payloads.push(Payload { path, body });
        }
    }
    assert!(payloads.len() > 20);
    payloads
}
