//! What a receiver may look for in vain: what the code knows of it, and what the module `delivery_rules` says of it.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Result, bail, ensure};
use webhook_core::{Authenticated, Authentication, Scheme as _};

use super::rules;
use super::source::Item;
use crate::vendor::{Vendor, workspace_root};

pub(crate) fn section(vendor: Vendor, items: &[Item]) -> Result<String> {
    let mut text = match vendor {
        Vendor::Qase => by_the_code::<qase_webhooks::Webhook>(vendor),
        Vendor::Deepsource => by_the_code::<deepsource_webhooks::Webhook>(vendor),
        Vendor::Monitorqa => by_the_code::<monitorqa_webhooks::Webhook>(vendor),
    }?;
    let chapter = rules::chapter("Not provided", items)?;
    ensure!(chapter.starts_with("- "), "what {} does not provide is not written as a list", vendor.name());
    writeln!(text, "{chapter}\n\n### Not known\n\n{}", rules::chapter("Not known", items)?)?;
    Ok(text)
}

fn by_the_code<T: Authenticated>(vendor: Vendor) -> Result<String> {
    let mut text = String::new();
    match T::SCHEME.authentication() {
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
    match T::ID_KEY {
        Some(key) => writeln!(text, "- An id of the single delivery: `{key}` is the id of the event.")?,
        None => writeln!(
            text,
            "- An id of a delivery or of an event: the key of a [`Delivery`] is a fingerprint of the body, so equal events \
             have the same key.",
        )?,
    }
    if !tells_the_time::<T>(vendor)? {
        writeln!(text, "- The time of an event.")?;
    }
    Ok(text)
}

/// Whether any payload says when its event happened.
fn tells_the_time<T: Authenticated>(vendor: Vendor) -> Result<bool> {
    for fixture in vendor.fixtures()? {
        let path = workspace_root().join(format!(
            "fixtures/{}/{}/{}.json",
            vendor.name(),
            fixture.event,
            fixture.case
        ));
        if T::from_slice(&fs::read(path)?).is_ok_and(|webhook| webhook.occurred_at().is_some()) {
            return Ok(true);
        }
    }
    Ok(false)
}
