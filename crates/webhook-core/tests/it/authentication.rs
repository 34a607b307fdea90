//! Authentication: the vectors, and the cases that JSON cannot express.

use serde_json::Value;
use webhook_core::{Algorithm, Authenticated, Reason, Receiver, Rejected, Secret};

use crate::invented::{BodyHmac, SharedToken, UrlToken};

const SECRET: &str = "keep-this-one-long-enough";

fn secret() -> Secret {
    Secret::new(SECRET).unwrap()
}

#[test]
fn every_vector_has_its_outcome() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../vectors/authentication.json")).unwrap();
    assert!(vectors.len() > 50);
    for vector in &vectors {
        let outcome = match vector["scheme"].as_str().unwrap() {
            "shared_token" => outcome(&receiver::<SharedToken>(vector), vector),
            "body_hmac" => match vector["pinned"].as_str() {
                Some("sha256") => outcome(&receiver::<BodyHmac>(vector).pin(Algorithm::Sha256), vector),
                Some(_) => outcome(&receiver::<BodyHmac>(vector).pin(Algorithm::Sha1), vector),
                None => outcome(&receiver::<BodyHmac>(vector), vector),
            },
            _ => outcome(&receiver::<UrlToken>(vector), vector),
        };
        assert_eq!(outcome, vector["outcome"], "{} {}", vector["scheme"], vector["note"]);
    }
}

fn receiver<W: Authenticated>(vector: &Value) -> Receiver<W> {
    let secrets = vector["secrets"].as_array().unwrap();
    let secrets = secrets.iter().map(|secret| Secret::new(secret.as_str().unwrap()).unwrap());
    Receiver::with_secrets(secrets).unwrap()
}

/// The position of the secret that matched, or the reason of the rejection.
fn outcome<W: Authenticated>(receiver: &Receiver<W>, vector: &Value) -> Value {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let headers: Vec<(String, String)> =
        vector["headers"].as_array().unwrap().iter().map(|pair| (text(&pair[0]), text(&pair[1]))).collect();
    let body = text(&vector["body"]);
    let accepted = match vector.get("target") {
        Some(target) => receiver.accept((text(target).as_str(), headers), body),
        None => receiver.accept(headers, body),
    };
    match accepted {
        Ok(delivery) => delivery.secret_index().unwrap().into(),
        Err(rejected) => rejected.reason().as_str().into(),
    }
}

#[test]
fn a_wrong_signature_of_any_length_is_rejected() {
    let receiver = Receiver::<BodyHmac>::new(secret());
    for length in 0..=1_000 {
        for digit in ["0", "f", "=", "sha256=", " "] {
            let value: String = digit.chars().cycle().take(length).collect();
            let rejected = receiver.accept([("x-signature", value)], "{}").unwrap_err();
            assert_eq!(rejected.status(), 401, "{length} of {digit}");
        }
    }
}

#[test]
fn a_header_that_is_not_utf8_is_rejected() {
    let headers = [("x-signature", b"\xff\xfe".as_slice()), ("x-token", b"\xff\xfe")];
    let signature = Receiver::<BodyHmac>::new(secret()).accept(headers, "{}").unwrap_err();
    let token = Receiver::<SharedToken>::new(secret()).accept(headers, "{}").unwrap_err();
    assert_eq!((signature.reason(), signature.status().as_u16()), (Reason::CredentialNotText, 400));
    assert_eq!((token.reason(), token.status().as_u16()), (Reason::CredentialNotText, 400));
}

#[test]
fn two_different_credentials_are_ambiguous() {
    let two = [("x-token", SECRET), ("X-Token", "other")];
    assert_eq!(Receiver::<SharedToken>::new(secret()).accept(two, "{}").unwrap_err().status(), 400);
}

#[test]
fn a_body_over_the_limit_is_rejected_once_the_head_is_checked() {
    let receiver = Receiver::<SharedToken>::new(secret());
    let nobody: [(&str, &str); 0] = [];
    let token = [("x-token", SECRET)];
    assert_eq!(receiver.accept(token, vec![b' '; 1_001]).unwrap_err().status(), 413);
    assert!(receiver.accept(token, vec![b' '; 1_000]).is_ok());
    // A sender without a credential must not learn about limits.
    assert_eq!(receiver.accept(nobody, vec![b' '; 1_001]).unwrap_err().status(), 401);
    let larger = receiver.with_max_body_bytes(2_000);
    assert_eq!(larger.max_body_bytes(), 2_000);
    assert!(larger.accept(token, vec![b' '; 1_001]).is_ok());
    // A signature proves nothing before the body is hashed, and the limit prevents hashing.
    let signed = Receiver::<BodyHmac>::new(secret());
    let forged = [("x-signature", "0".repeat(64))];
    assert_eq!(signed.accept(&forged, vec![b' '; 1_001]).unwrap_err().status(), 413);
    assert_eq!(signed.accept(&forged, vec![b' '; 1_000]).unwrap_err().status(), 401);
}

#[test]
fn a_credential_in_the_head_is_checked_before_the_body() {
    let status = |outcome: Result<(), Rejected>| outcome.err().map(|rejected| rejected.status().as_u16());
    let token = Receiver::<SharedToken>::new(secret());
    assert_eq!(status(token.check_head([("X-Token", SECRET)])), None);
    assert_eq!(status(token.check_head([("x-token", "other")])), Some(401));
    assert_eq!(status(token.check_head([("x-other", SECRET)])), Some(401));
    assert_eq!(status(token.check_head([("x-token", SECRET), ("x-token", SECRET)])), Some(400));
    let url = Receiver::<UrlToken>::new(secret());
    assert_eq!(status(url.check_head(format!("/hooks/{SECRET}").as_str())), None);
    assert_eq!(status(url.check_head("/hooks/other")), Some(401));
    // The head shows only the form and the algorithm of a signature.
    let signed = Receiver::<BodyHmac>::new(secret());
    assert_eq!(status(signed.check_head([("x-signature", "0".repeat(64))])), None);
    assert_eq!(status(signed.check_head([("x-signature", "0".repeat(40))])), None);
    assert_eq!(status(signed.check_head([("x-signature", "0".repeat(63))])), Some(401));
    assert_eq!(status(signed.check_head([("x-other", "0".repeat(64))])), Some(401));
    let pinned = signed.pin(Algorithm::Sha256);
    assert_eq!(status(pinned.check_head([("x-signature", "0".repeat(64))])), None);
    assert_eq!(status(pinned.check_head([("x-signature", "0".repeat(40))])), Some(401));
    assert_eq!(status(Receiver::<BodyHmac>::without_verification().check_head("/")), None);
    // The content type is checked after the credential.
    let (json, text) = (("content-type", "application/json"), ("content-type", "text/plain"));
    let strict = token.require_content_type();
    assert_eq!(status(strict.check_head([("x-token", SECRET), json])), None);
    assert_eq!(status(strict.check_head([("x-token", SECRET), text])), Some(415));
    assert_eq!(status(strict.check_head([("x-token", "other"), text])), Some(401));
    let strict = pinned.require_content_type();
    assert_eq!(status(strict.check_head([("x-signature", "0".repeat(64).as_str()), text])), None);
}

#[test]
fn a_content_type_counts_only_where_it_is_required() {
    let token = ("X-Token", SECRET);
    let receiver = Receiver::<SharedToken>::new(secret());
    assert!(receiver.accept([token, ("content-type", "text/plain")], "{}").is_ok());
    let strict = receiver.require_content_type();
    for (value, accepted) in [
        ("application/json", true),
        ("Application/JSON", true),
        (" application/json ; charset=utf-8", true),
        ("application/json;", true),
        ("application/jsonp", false),
        ("application/json+x", false),
        ("text/plain; application/json", false),
        ("", false),
    ] {
        let outcome = strict.accept([("Content-Type", value), token], "{}");
        assert_eq!(outcome.is_ok(), accepted, "{value}");
        if let Err(rejected) = outcome {
            assert_eq!((rejected.reason(), rejected.status().as_u16()), (Reason::ContentType, 415));
        }
    }
    assert_eq!(strict.accept([token], "{}").unwrap_err().status(), 415);
    // A sender without a credential must not learn about content types.
    assert_eq!(strict.accept([("content-type", "text/plain")], "{}").unwrap_err().status(), 401);
    // A signature is verified only with the body.
    let signed = Receiver::<BodyHmac>::new(secret()).require_content_type();
    // Computed by Python's `hmac`.
    let genuine = "788d1a7ac555c175f87a363823d51fe0042e77a1b3bb15d3c5fed14d69ffeab5";
    for (signature, content_type, status) in [
        (genuine, "application/json", None),
        (genuine, "text/plain", Some(415)),
        (&"0".repeat(64), "text/plain", Some(401)),
    ] {
        let outcome = signed.accept([("x-signature", signature), ("content-type", content_type)], "{}");
        assert_eq!(outcome.err().map(|rejected| rejected.status().as_u16()), status);
    }
}

#[test]
fn a_receiver_needs_a_secret_unless_it_verifies_nothing() {
    let nobody: [(&str, &str); 0] = [];
    let error = Receiver::<SharedToken>::with_secrets([]).unwrap_err();
    assert_eq!(error.to_string(), "there is no secret to verify deliveries with");
    let delivery = Receiver::<SharedToken>::without_verification().accept(nobody, "{}").unwrap();
    assert_eq!(delivery.secret_index(), None);
}

#[test]
fn nothing_printed_contains_a_secret_or_a_body() {
    let body = r#"{"name":"thing.made","payload":{"id":"private-text"}}"#;
    let receiver = Receiver::<BodyHmac>::new(secret());
    let forged = [("x-signature", "0".repeat(64))];
    let rejected = receiver.accept(&forged, body).unwrap_err();
    let delivery = Receiver::<SharedToken>::new(secret()).accept([("x-token", SECRET)], body).unwrap();
    let error = delivery.decode().unwrap_err();
    let expected = "d058d3bd0c747aa2a7c1dfbea6a24593ad185b2d9d390fc403ade57d9c4ab871";
    let printed =
        format!("{receiver:?} {rejected:?} {rejected} {delivery:?} {error:?} {error} {:?}", secret());
    for private in [SECRET, "private-text", expected] {
        assert!(!printed.contains(private), "{private} stands in {printed}");
    }
    assert_eq!(error.path(), "payload.id");
}

#[test]
fn a_rejection_names_the_check_and_answers_with_an_empty_body() {
    let nobody: [(&str, &str); 0] = [];
    let rejected: Rejected = Receiver::<SharedToken>::new(secret()).accept(nobody, "{}").unwrap_err();
    assert_eq!(rejected.to_string(), "invented request rejected: no credential");
    assert_eq!((rejected.status().as_u16(), rejected.vendor()), (401, "invented"));
}

#[test]
fn a_rejection_is_written_and_read_back() {
    let nobody: [(&str, &str); 0] = [];
    let rejected: Rejected = Receiver::<SharedToken>::new(secret()).accept(nobody, "{}").unwrap_err();
    let json = serde_json::to_string(&rejected).unwrap();
    assert_eq!(json, r#"{"vendor":"invented","reason":"credential_missing"}"#);
    assert_eq!(serde_json::from_str::<Rejected>(&json).unwrap(), rejected);
    // A later version may add fields.
    let more = r#"{"reason":"credential_missing","status":401,"vendor":"invented"}"#;
    assert_eq!(serde_json::from_str::<Rejected>(more).unwrap(), rejected);
    for less in [r#"{"vendor":"invented"}"#, r#"{"reason":"credential_missing"}"#, "{}", "[]", "null"] {
        assert!(serde_json::from_str::<Rejected>(less).is_err(), "{less}");
    }
}

#[test]
fn reasons_and_algorithms_have_names() {
    for reason in Reason::ALL {
        assert_eq!(reason.to_string(), reason.as_str());
        assert_eq!(reason.as_str().parse(), Ok(*reason));
        let json = serde_json::to_string(reason).unwrap();
        assert_eq!(json, format!("\"{reason}\""));
        assert_eq!(serde_json::from_str::<Reason>(&json).unwrap(), *reason);
    }
    assert_eq!("teapot".parse::<Reason>().unwrap_err().to_string(), "not a listed name");
    assert_eq!("sha1".parse(), Ok(Algorithm::Sha1));
    assert_eq!("sha256".parse(), Ok(Algorithm::Sha256));
    assert_eq!(
        "md5".parse::<Algorithm>().unwrap_err().to_string(),
        "not a listed name; listed: `sha1`, `sha256`"
    );
    assert_eq!(serde_json::from_str::<Algorithm>(r#""sha256""#).unwrap(), Algorithm::Sha256);
}
