//! A signature in a header, in requests that are written to be nearly genuine.

#![no_main]

libfuzzer_sys::fuzz_target!(|request: &[u8]| webhook_fuzz::request::body_hmac::<deepsource_webhooks::Webhook>(request));
