//! The section about missing features of the vendor, from the code and from the module `delivery_rules`.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Result, bail, ensure};
use webhook_core::{Authenticated, Authentication, ForVendor};

use super::rules;
use super::source::Item;
use crate::vendor::{AnyWebhook, Vendor};

pub(crate) fn section(vendor: Vendor, items: &[Item]) -> Result<String> {
    let mut text = by_the_code(vendor)?;
    let chapter = rules::chapter("Not provided", items)?;
    ensure!(chapter.starts_with("- "), "what {} does not provide is not written as a list", vendor.name());
    writeln!(text, "{chapter}\n\n### Not known\n\n{}", rules::chapter("Not known", items)?)?;
    Ok(text)
}

fn by_the_code(vendor: Vendor) -> Result<String> {
    let mut text = String::new();
    match vendor.authentication() {
        Authentication::BodyHmac { .. } => {}
        Authentication::SharedToken { header } => writeln!(
            text,
            "- **A signature of the body**: the header `{header}` holds the secret itself. It proves who sent a delivery, \
             not that nobody changed or repeated it.",
        )?,
        Authentication::UrlToken => writeln!(
            text,
            "- **A signature, a secret, or any other proof of the sender**: the only protection is a token that you put \
             into the URL, and that [`Receiver`] checks. Use HTTPS and keep that URL out of logs. If this is not enough, \
             read the entity of the event again through the vendor's API.",
        )?,
        _ => bail!("{}: what this authentication does not prove is not described here", vendor.name()),
    }
    match vendor.run(IdKey) {
        Some(key) => writeln!(text, "- An id of the single delivery: `{key}` is the id of the event.")?,
        None => writeln!(
            text,
            "- An id of a delivery or of an event: the key of a [`Delivery`] is a fingerprint of the body, so equal events \
             have the same key.",
        )?,
    }
    if !tells_the_time(vendor)? {
        writeln!(text, "- The time of an event.")?;
    }
    Ok(text)
}

/// The key of the vendor's own id of an event.
struct IdKey;

impl ForVendor for IdKey {
    type Output = Option<&'static str>;

    fn run<W: Authenticated>(self) -> Self::Output {
        W::ID_KEY
    }
}

/// Whether any payload says when its event happened.
fn tells_the_time(vendor: Vendor) -> Result<bool> {
    for fixture in vendor.fixtures()? {
        let body = fs::read(vendor.path(&fixture))?;
        if AnyWebhook::from_slice(vendor, &body).is_ok_and(|webhook| webhook.occurred_at().is_some()) {
            return Ok(true);
        }
    }
    Ok(false)
}
