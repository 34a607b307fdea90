//! The vendors, and how an envelope tells whose it is.

mod front;
mod samples;

use clap::ValueEnum;
use webhook_core::{Authenticated, Authentication, EventInfo, Layout, Scheme as _};

webhook_core::any_webhook! {
    /// A webhook of a vendor that this tool knows.
    pub(crate) enum AnyWebhook {
        Qase(qase_webhooks::Webhook),
        Deepsource(deepsource_webhooks::Webhook),
        Monitorqa(monitorqa_webhooks::Webhook),
    }
}

/// A vendor whose webhooks this tool knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
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
pub(crate) use samples::Samples;
pub(crate) use with_webhook;

impl Vendor {
    /// Every vendor.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Self::value_variants().iter().copied()
    }

    /// The vendor of this name.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::all().find(|vendor| vendor.name() == name)
    }

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
            T::SCHEME.authentication()
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
        Self::of_name(AnyWebhook::vendor_of(body)?)
    }
}
