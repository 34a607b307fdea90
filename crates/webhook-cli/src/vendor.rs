//! The vendors, and how an envelope tells whose it is.

use std::fmt;

use clap::ValueEnum;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use webhook_core::wire::{Object, object};
use webhook_core::{Authenticated, Authentication, EventInfo, Layout};

/// A vendor whose webhooks this tool knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Vendor {
    Qase,
    Deepsource,
    Monitorqa,
}

/// Runs a generic function with the webhook type of a vendor.
macro_rules! with_webhook {
    ($vendor:expr, $function:ident($($argument:expr),*)) => {
        match $vendor {
            $crate::vendor::Vendor::Qase => $function::<qase_webhooks::Webhook>($($argument),*),
            $crate::vendor::Vendor::Deepsource => $function::<deepsource_webhooks::Webhook>($($argument),*),
            $crate::vendor::Vendor::Monitorqa => $function::<monitorqa_webhooks::Webhook>($($argument),*),
        }
    };
}
pub(crate) use with_webhook;

impl Vendor {
    /// The name of the vendor in its crate and on the command line.
    pub(crate) fn name(self) -> &'static str {
        fn name<T: Layout>() -> &'static str {
            T::VENDOR
        }
        with_webhook!(self, name())
    }

    /// How the vendor authenticates its deliveries.
    pub(crate) fn authentication(self) -> Authentication {
        fn authentication<T: Authenticated>() -> Authentication {
            T::AUTHENTICATION
        }
        with_webhook!(self, authentication())
    }

    /// The vendor's listed events.
    pub(crate) fn catalogue(self) -> &'static [EventInfo] {
        fn catalogue<T: webhook_core::Envelope>() -> &'static [EventInfo] {
            T::catalogue()
        }
        with_webhook!(self, catalogue())
    }

    /// Whose webhook a body is, by the keys of its envelope; `None` when no vendor writes such keys, or two do.
    pub(crate) fn recognise(body: &[u8]) -> Option<Self> {
        let mut scores = Self::value_variants().iter().map(|vendor| (*vendor, 0)).collect::<Vec<_>>();
        // A body that breaks in the middle is judged by what came before.
        let _ = serde_json::Deserializer::from_slice(body).deserialize_map(Keys(&mut scores));
        let best = scores.iter().map(|(_, score)| *score).max().filter(|best| *best >= NAME)?;
        let mut winners = scores.iter().filter(|(_, score)| *score == best);
        match (winners.next(), winners.next()) {
            (Some((vendor, _)), None) => Some(*vendor),
            _ => None,
        }
    }
}

/// What a key says for a vendor: without its name an envelope is nobody's, and the old name of one vendor is the name
/// of another, so it weighs less.
const NAME: u32 = 4;
const OLD_NAME: u32 = 3;
const PAYLOAD: u32 = 2;
const FIELD: u32 = 1;

fn score<T: Layout + Object>(key: &str) -> u32 {
    if key == T::NAME_KEY {
        NAME
    } else if key == T::PAYLOAD_KEY {
        PAYLOAD
    } else if T::OLD_NAME_KEY == Some(key) {
        OLD_NAME
    } else if T::key(key) != object::UNKNOWN {
        FIELD
    } else {
        0
    }
}

struct Keys<'a>(&'a mut [(Vendor, u32)]);

impl<'de> Visitor<'de> for Keys<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            for (vendor, total) in &mut *self.0 {
                let key = key.as_str();
                *total = total.saturating_add(with_webhook!(*vendor, score(key)));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}
