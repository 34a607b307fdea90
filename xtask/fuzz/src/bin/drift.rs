//! Any bytes, held against what is known.

#![no_main]

use webhook_fuzz::body::drift;

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    drift::<qase_webhooks::Webhook>(body);
    drift::<deepsource_webhooks::Webhook>(body);
    drift::<monitorqa_webhooks::Webhook>(body);
});
