//! What the tests need for each vendor: its samples, and the path of its receiver.

use webhook_core::samples::{Sample, SignedRequest};
use webhook_core::{Authenticated, Receiver, Scheme as _, Secret};
use webhook_testing::Bench;

pub(crate) type Qase = qase_webhooks::Webhook;
pub(crate) type Deepsource = deepsource_webhooks::Webhook;
pub(crate) type Monitorqa = monitorqa_webhooks::Webhook;

const SECRET: &str = "secret-of-the-bench-7f31c9";

/// A vendor under test.
pub(crate) trait Vendor: Authenticated + 'static {
    fn samples() -> &'static [Sample<Self>];

    /// The path of a receiver, without a token.
    fn path() -> String {
        format!("/{}", Self::VENDOR)
    }

    fn signed_with(body: &[u8], secret: &str) -> SignedRequest {
        SignedRequest::new::<Self>(body.to_vec(), &Secret::new(secret).unwrap())
    }

    /// The target of a signed request.
    fn target(request: &SignedRequest) -> String {
        match Self::SCHEME.authentication().header() {
            Some(_) => Self::path(),
            None => Self::path() + request.path(),
        }
    }

    /// A receiver for the bench.
    fn receiver() -> Receiver<Self> {
        Receiver::new(Secret::new(SECRET).unwrap())
    }

    /// A bench for that receiver.
    fn bench<'a>() -> Bench<'a, Self> {
        Bench::new(Self::samples(), Secret::new(SECRET).unwrap()).path(&Self::path())
    }
}

impl Vendor for Qase {
    fn samples() -> &'static [Sample<Self>] {
        qase_webhooks::samples::all()
    }
}

impl Vendor for Deepsource {
    fn samples() -> &'static [Sample<Self>] {
        deepsource_webhooks::samples::all()
    }
}

impl Vendor for Monitorqa {
    fn samples() -> &'static [Sample<Self>] {
        monitorqa_webhooks::samples::all()
    }
}
