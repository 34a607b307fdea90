//! The vendors, and their detection by the body.

mod front;
mod samples;

use clap::ValueEnum;
use clap::builder::PossibleValue;

pub(crate) use samples::Sample;

webhook_core::any_webhook! {
    /// A webhook of a vendor that this tool knows.
    pub(crate) enum AnyWebhook {
        Qase(qase_webhooks::Webhook),
        Deepsource(deepsource_webhooks::Webhook),
        Monitorqa(monitorqa_webhooks::Webhook),
    }
    /// A vendor whose webhooks this tool knows.
    pub(crate) enum Vendor;
}

impl ValueEnum for Vendor {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}
