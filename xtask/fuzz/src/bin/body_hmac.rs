//! A signature in a header, in requests that are written to be nearly genuine.

#![no_main]

use deepsource_webhooks::Webhook;
use webhook_fuzz::request::body_hmac;

libfuzzer_sys::fuzz_target!(|request: &[u8]| body_hmac::<Webhook>(request));
