//! Any bytes, of which only the front is wanted.

#![no_main]

use webhook_fuzz::body::peek;

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    peek::<qase_webhooks::Webhook>(body);
    peek::<deepsource_webhooks::Webhook>(body);
    peek::<monitorqa_webhooks::Webhook>(body);
});
