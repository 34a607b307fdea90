//! A token in the URL, in requests that are written to be nearly genuine.

#![no_main]

use monitorqa_webhooks::Webhook;
use webhook_fuzz::request::url_token;

libfuzzer_sys::fuzz_target!(|request: &[u8]| url_token::<Webhook>(request));
