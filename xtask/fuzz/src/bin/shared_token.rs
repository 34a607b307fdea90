//! The secret in a header, in requests that are written to be nearly genuine.

#![no_main]

use qase_webhooks::Webhook;
use webhook_fuzz::request::shared_token;

libfuzzer_sys::fuzz_target!(|request: &[u8]| shared_token::<Webhook>(request));
