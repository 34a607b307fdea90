//! Any bytes as a body of this vendor.

#![no_main]

use qase_webhooks::Webhook;

libfuzzer_sys::fuzz_target!(|body: &[u8]| webhook_fuzz::body::decode::<Webhook>(body));
