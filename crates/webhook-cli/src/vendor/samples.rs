//! The sample payloads of each vendor, for code that serves all of them.

use webhook_core::Authenticated;
use webhook_core::samples::Sample;

/// A webhook of which there are samples.
pub(crate) trait Samples: Authenticated + 'static {
    /// Every sample.
    fn samples() -> &'static [Sample<Self>];
}

impl Samples for qase_webhooks::Webhook {
    fn samples() -> &'static [Sample<Self>] {
        qase_webhooks::samples::all()
    }
}

impl Samples for deepsource_webhooks::Webhook {
    fn samples() -> &'static [Sample<Self>] {
        deepsource_webhooks::samples::all()
    }
}

impl Samples for monitorqa_webhooks::Webhook {
    fn samples() -> &'static [Sample<Self>] {
        monitorqa_webhooks::samples::all()
    }
}
