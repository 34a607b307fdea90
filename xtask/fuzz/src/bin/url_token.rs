//! A token in the URL, in requests that are written to be nearly genuine.

#![no_main]

libfuzzer_sys::fuzz_target!(|request: &[u8]| webhook_fuzz::request::url_token::<monitorqa_webhooks::Webhook>(request));
