//! What must hold for every payload of every vendor, whatever is done to it.
//!
//! Changes to one place at a time are tried at every place of every payload; changes to many places at once, and
//! payloads made from the types themselves, are drawn at random.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failing test may panic"
)]

mod allocations;
mod bytes;
mod changes;
mod generated;
mod json;
mod payloads;
mod verdict;

/// How many payloads are drawn. A failure becomes a fixture or a test with a name, not a file of seeds.
fn drawn(cases: u32) -> proptest::test_runner::Config {
    proptest::test_runner::Config {
        failure_persistence: None,
        ..proptest::test_runner::Config::with_cases(cases)
    }
}

/// The same test for each vendor.
macro_rules! for_each_vendor {
    ($($(#[$attribute:meta])* fn $test:ident = $check:expr;)+) => {$(
        mod $test {
            #[allow(unused_imports, reason = "not every check has a name of its own")]
            use super::*;

            $(#[$attribute])*
            #[test]
            fn qase() {
                ($check)(std::marker::PhantomData::<qase_webhooks::Webhook>);
            }

            $(#[$attribute])*
            #[test]
            fn deepsource() {
                ($check)(std::marker::PhantomData::<deepsource_webhooks::Webhook>);
            }

            $(#[$attribute])*
            #[test]
            fn monitorqa() {
                ($check)(std::marker::PhantomData::<monitorqa_webhooks::Webhook>);
            }
        }
    )+};
}
pub(crate) use for_each_vendor;
