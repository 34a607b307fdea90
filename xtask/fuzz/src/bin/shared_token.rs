//! The secret in a header, in requests that are written to be nearly genuine.

#![no_main]

libfuzzer_sys::fuzz_target!(|request: &[u8]| webhook_fuzz::request::shared_token::<qase_webhooks::Webhook>(request));
