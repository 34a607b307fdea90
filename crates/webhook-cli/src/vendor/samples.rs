//! The sample payloads of each vendor, for code that serves all of them.

use webhook_core::samples;

use super::Vendor;

/// A sample payload of any vendor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) event: &'static str,
    pub(crate) case: &'static str,
    /// Whether it is the main sample of its event.
    pub(crate) main: bool,
    pub(crate) body: &'static str,
}

impl Vendor {
    /// Every sample of the vendor, by the name of its event and of its case.
    pub(crate) fn samples(self) -> Vec<Sample> {
        match self {
            Self::Qase => of(qase_webhooks::samples::all()),
            Self::Deepsource => of(deepsource_webhooks::samples::all()),
            Self::Monitorqa => of(monitorqa_webhooks::samples::all()),
        }
    }
}

fn of<W>(samples: &[samples::Sample<W>]) -> Vec<Sample> {
    let of = |sample: &samples::Sample<W>| Sample {
        event: sample.event(),
        case: sample.case(),
        main: sample.is_main(),
        body: sample.body(),
    };
    samples.iter().map(of).collect()
}
