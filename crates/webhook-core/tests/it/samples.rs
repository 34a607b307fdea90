//! A request made for a test is what the vendor would send.

use webhook_core::samples::{Sample, SignedRequest};
use webhook_core::{Authenticated, Receiver, Secret};

use crate::invented::{BodyHmac, SharedToken, UrlToken};

const BODY: &str = r#"{"name":"thing.made","payload":{"id":7}}"#;

fn secret(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

fn signed<W: Authenticated>(text: &str) -> SignedRequest {
    Sample::<W>::new("thing.made", "plain", true, BODY).signed(&secret(text))
}

fn accepted_only_with_its_secret<W: Authenticated>() {
    let receiver = Receiver::<W>::new(secret("the-right-one"));
    let right = signed::<W>("the-right-one");
    assert_eq!(receiver.accept(&right, right.body()).unwrap().name().unwrap(), "thing.made");
    let request = right.into_http().unwrap();
    assert!(receiver.accept(&request, request.body().clone()).is_ok());
    let wrong = signed::<W>("the-wrong-one");
    assert_eq!(receiver.accept(&wrong, wrong.body()).unwrap_err().status(), 401);
}

#[test]
fn a_request_is_accepted_with_its_secret_and_no_other() {
    accepted_only_with_its_secret::<SharedToken>();
    accepted_only_with_its_secret::<BodyHmac>();
    accepted_only_with_its_secret::<UrlToken>();
}

/// Computed by Python's `hmac`.
#[test]
fn a_signature_is_in_hexadecimal_digits() {
    let request = signed::<BodyHmac>("the-right-one").into_http().unwrap();
    let expected = "3c005fd4ecddb8d75569cf658d351e5f9c5713b850d140989c1a362364a83b47";
    assert_eq!(request.headers()["x-signature"], expected);
}
