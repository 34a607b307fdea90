//! What the tests need to know of each vendor: its secret here, its variable, its place on the listener.

use deepsource_webhooks::Webhook as Deepsource;
use monitorqa_webhooks::Webhook as Monitorqa;
use qase_webhooks::Webhook as Qase;
use webhook_core::samples::{Sample, SignedRequest};
use webhook_core::{Authenticated, Authentication, Scheme as _, Secret};

use crate::http::Answer;
use crate::listener::Listener;

pub(crate) const QASE_SECRET: &str = "qase-secret-7f31c9";
pub(crate) const DEEPSOURCE_SECRET: &str = "deepsource-secret-2b86e0";
pub(crate) const MONITORQA_TOKEN: &str = "monitorqa-token-c5d44a";

/// The variables of a listener that serves every vendor.
pub(crate) const EVERY_SECRET: [(&str, &str); 3] = [
    ("QASE_WEBHOOK_SECRET", QASE_SECRET),
    ("DEEPSOURCE_WEBHOOK_SECRET", DEEPSOURCE_SECRET),
    ("MONITORQA_WEBHOOK_TOKEN", MONITORQA_TOKEN),
];

/// A vendor under test.
pub(crate) trait Vendor: Authenticated + 'static {
    const SECRET: &'static str;

    fn samples() -> &'static [Sample<Self>];

    /// Where the listener takes its deliveries, without a token.
    fn path() -> String {
        format!("/{}", Self::VENDOR)
    }

    /// A genuine request with any body.
    fn signed(body: &[u8]) -> SignedRequest {
        Self::signed_with(body, Self::SECRET)
    }

    fn signed_with(body: &[u8], secret: &str) -> SignedRequest {
        SignedRequest::new::<Self>(body.to_vec(), &Secret::new(secret).unwrap())
    }

    /// The target of a request on the listener.
    fn target(request: &SignedRequest) -> String {
        match Self::SCHEME.authentication() {
            Authentication::UrlToken => Self::path() + request.path(),
            _ => Self::path(),
        }
    }

    /// Sends a request to the listener.
    fn post(listener: &Listener, request: &SignedRequest) -> Answer {
        listener.request("POST", &Self::target(request), request.headers(), &request.body())
    }

    /// Sends a genuine request with this body to the listener.
    fn deliver(listener: &Listener, body: &[u8]) -> Answer {
        Self::post(listener, &Self::signed(body))
    }
}

impl Vendor for Qase {
    const SECRET: &'static str = QASE_SECRET;

    fn samples() -> &'static [Sample<Self>] {
        qase_webhooks::samples::all()
    }
}

impl Vendor for Deepsource {
    const SECRET: &'static str = DEEPSOURCE_SECRET;

    fn samples() -> &'static [Sample<Self>] {
        deepsource_webhooks::samples::all()
    }
}

impl Vendor for Monitorqa {
    const SECRET: &'static str = MONITORQA_TOKEN;

    fn samples() -> &'static [Sample<Self>] {
        monitorqa_webhooks::samples::all()
    }
}
