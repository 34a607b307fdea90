//! Properties of every payload of every vendor, after any change.
//!
//! Changes to one place at a time are tried at every place of every payload.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failing test may panic"
)]

mod bytes;
mod changes;
mod fixtures;
mod generated;
mod json;
mod keys;
mod memory;
mod one_pass;
mod oracle;
mod replacements;
mod stack;

/// The same test for each vendor.
macro_rules! for_each_vendor {
    ($(fn $test:ident = $check:ident;)+) => {$(
        mod $test {
            #[test]
            fn qase() {
                super::$check::<qase_webhooks::Webhook>();
            }

            #[test]
            fn deepsource() {
                super::$check::<deepsource_webhooks::Webhook>();
            }

            #[test]
            fn monitorqa() {
                super::$check::<monitorqa_webhooks::Webhook>();
            }
        }
    )+};
}
pub(crate) use for_each_vendor;
