//! Where the secrets of the vendors come from: the environment, one or several separated by commas.

use webhook_core::Secret;

use crate::vendor::Vendor;

/// The variable that holds the secrets of a vendor.
pub(crate) fn variable(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Qase => "QASE_WEBHOOK_SECRET",
        Vendor::Deepsource => "DEEPSOURCE_WEBHOOK_SECRET",
        Vendor::Monitorqa => "MONITORQA_WEBHOOK_TOKEN",
    }
}

/// The secrets of a vendor, in order; none when the variable is missing or empty.
pub(crate) fn configured(vendor: Vendor) -> Vec<Secret> {
    let value = std::env::var(variable(vendor)).unwrap_or_default();
    value.split(',').filter_map(|secret| Secret::new(secret).ok()).collect()
}
