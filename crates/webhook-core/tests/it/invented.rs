//! A vendor that does not exist, with an event of each kind.

use chrono::{DateTime, Utc};
use webhook_core::wire::UnixSeconds;
use webhook_core::{Authenticated, Envelope, Wire, events};

/// A thing that was made.
#[derive(Debug, Clone, PartialEq, Wire)]
pub(crate) struct Thing {
    /// Its id.
    #[wire(identity)]
    pub(crate) id: u64,
    /// Its name.
    pub(crate) name: Option<String>,
}

events! {
    /// What happened.
    pub enum Event;

    /// The name of a listed event.
    pub enum EventName;

    page "https://vendor.example.com/things" {
        /// a thing was made
        ThingMade(Thing) = "thing.made", Documented;
        /// things were deleted
        ///
        /// Sent without a payload when nothing was.
        ThingsForgotten(Vec<u64>) = "things.forgotten", Deprecated;
    }

    else {
        /// An event that no page describes.
        Unlisted;
    }
}

macro_rules! vendor {
    ($(#[$attribute:meta])* $name:ident, $scheme:ty = $value:expr) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq, Wire)]
        #[wire(vendor = "invented")]
        pub struct $name {
            /// What happened.
            #[wire(event, name = "name", old_name = "kind", payload = "payload", id = "id")]
            pub event: Event,
            /// When it happened.
            #[wire(with = UnixSeconds, optional)]
            pub at: Option<DateTime<Utc>>,
            /// The vendor's id of the event.
            #[wire(optional)]
            pub id: Option<String>,
        }

        impl Envelope for $name {
            fn occurred_at(&self) -> Option<DateTime<Utc>> {
                self.at
            }

            fn account(&self) -> Option<&str> {
                None
            }

            fn event_id(&self) -> Option<&str> {
                self.id.as_deref()
            }
        }

        impl Authenticated for $name {
            type Scheme = $scheme;
            const SCHEME: $scheme = $value;
            const MAX_BODY_BYTES: usize = 1_000;
            const CONTENT_TYPE: Option<&'static str> = Some("application/json");
        }
    };
}

vendor! {
    /// Sends its secret in a header.
    SharedToken, webhook_core::SharedToken = webhook_core::SharedToken::in_header("x-token")
}

vendor! {
    /// Signs its bodies.
    BodyHmac, webhook_core::BodyHmac = webhook_core::BodyHmac::in_header("x-signature")
}

vendor! {
    /// Does nothing.
    UrlToken, webhook_core::UrlToken = webhook_core::UrlToken
}
