//! Explanations of rejected requests, which contain no secret.

use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use webhook_core::explain::{Cause, CredentialFault, MAX_REWRITTEN_BYTES, SecretFault};
use webhook_core::{Algorithm, Authenticated, Explanation, Receiver, Secret};

use crate::invented::{BodyHmac, SharedToken, UrlToken};

const SECRET: &str = "keep-this-one-long-enough";
const BODY: &str = r#"{"name":"thing.made","payload":{"id":1.50,"b":"é/<","a":[]}}"#;

fn receiver<W: Authenticated>(secrets: &[&str]) -> Receiver<W> {
    let secrets = secrets.iter().map(|secret| Secret::new(*secret).unwrap());
    Receiver::with_secrets(secrets).unwrap().with_max_body_bytes(64 << 20)
}

fn sha256(secret: &str, body: &str) -> Vec<u8> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn sha1(secret: &str, body: &str) -> Vec<u8> {
    let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits =
            group.iter().chain([&0, &0]).take(3).fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
        for place in 0..4 {
            let digit = char::from(DIGITS[bits >> (18 - 6 * place) & 63]);
            text.push(if place <= group.len() { digit } else { '=' });
        }
    }
    text
}

/// Checks what holds for every explanation: it agrees with `accept`, and contains no secret.
fn explained<W: Authenticated>(
    receiver: &Receiver<W>,
    target: &str,
    headers: &[(&str, &[u8])],
    body: &str,
) -> Explanation {
    let head = (target, headers.to_vec());
    let explanation = receiver.explain(&head, body);
    let accepted = receiver.accept(&head, body.to_owned());
    assert_eq!(explanation.rejected(), accepted.as_ref().err().cloned());
    assert_eq!(explanation.secret_index(), accepted.ok().and_then(|delivery| delivery.secret_index()));
    let printed = format!("{explanation:?} {explanation}");
    for private in [SECRET, "thing.made", &hex(&sha256(SECRET, body)), &base64(&sha256(SECRET, body))] {
        assert!(!printed.contains(private), "{private} stands in {printed}");
    }
    assert!(!explanation.to_string().contains('\n'));
    explanation
}

/// The first cause for a signature.
fn of_signature(secrets: &[&str], signature: impl AsRef<[u8]>, body: &str) -> Cause {
    let receiver = receiver::<BodyHmac>(secrets);
    let explanation = explained(&receiver, "/", &[("X-Signature", signature.as_ref())], body);
    assert!(!explanation.is_accepted(), "{explanation}");
    explanation.causes()[0].clone()
}

/// The first cause for a token in a header.
fn of_token(secret: &str, token: impl AsRef<[u8]>) -> Cause {
    let receiver = receiver::<SharedToken>(&["another", secret]);
    let explanation = explained(&receiver, "/", &[("x-token", token.as_ref())], BODY);
    assert!(!explanation.is_accepted(), "{explanation}");
    explanation.causes()[0].clone()
}

/// The first cause for a token in the URL.
fn of_target(secret: &str, target: &str) -> Cause {
    let explanation = explained(&receiver::<UrlToken>(&[secret]), target, &[], BODY);
    assert!(!explanation.is_accepted(), "{explanation}");
    explanation.causes()[0].clone()
}

#[test]
fn an_accepted_request_needs_no_explanation_unless_an_older_secret_matched() {
    let signature = hex(&sha256(SECRET, BODY));
    let headers = [("x-signature", signature.as_bytes())];
    let current = explained(&receiver::<BodyHmac>(&[SECRET, "old"]), "/", &headers, BODY);
    assert_eq!(current.to_string(), "invented request accepted");
    let old = explained(&receiver::<BodyHmac>(&["new", "newer", SECRET]), "/", &headers, BODY);
    assert_eq!(old.causes(), [Cause::OlderSecret { secret_index: 2 }]);
    assert_eq!(
        old.to_string(),
        "invented request accepted: it matches the third secret; the vendor does not use the first one yet"
    );
    let nothing = explained(&Receiver::<BodyHmac>::without_verification(), "/", &[], BODY);
    assert_eq!(nothing.causes(), [Cause::NothingVerified]);
}

#[test]
fn a_header_that_is_missing_repeated_empty_or_not_utf8_is_named() {
    let signed = receiver::<BodyHmac>(&[SECRET]);
    let token = receiver::<SharedToken>(&[SECRET]);
    let causes = |headers: &[(&str, &[u8])]| {
        let [signed, token] = [explained(&signed, "/", headers, BODY), explained(&token, "/", headers, BODY)];
        (signed.causes()[0].clone(), token.causes()[0].clone())
    };
    let both = |cause: fn(&'static str) -> Cause| (cause("x-signature"), cause("x-token"));
    assert_eq!(causes(&[]), both(|header| Cause::HeaderMissing { header }));
    let empty: [(&str, &[u8]); 2] = [("x-signature", b" "), ("X-TOKEN", b"")];
    assert_eq!(causes(&empty), both(|header| Cause::HeaderEmpty { header }));
    let same: [(&str, &[u8]); 4] =
        [("x-signature", b"a"), ("x-token", b"a"), ("X-Signature", b"a"), ("X-Token", b"a")];
    assert_eq!(causes(&same), both(|header| Cause::HeaderRepeated { header, times: 2, same: true }));
    let differing: [(&str, &[u8]); 4] =
        [("x-signature", b"a"), ("x-token", b"a"), ("X-Signature", b"b"), ("X-Token", b"b")];
    assert_eq!(causes(&differing), both(|header| Cause::HeaderRepeated { header, times: 2, same: false }));
    let no_text: [(&str, &[u8]); 2] = [("x-signature", b"\xff\xfe"), ("x-token", b"\xff\xfe")];
    assert_eq!(causes(&no_text), both(|header| Cause::HeaderNotText { header }));
}

#[test]
fn a_malformed_signature_is_explained() {
    let genuine = hex(&sha256(SECRET, BODY));
    for (signature, cause) in [
        (genuine[..63].to_owned(), Cause::SignatureLength { characters: 63 }),
        ("0".repeat(128), Cause::SignatureLength { characters: 128 }),
        (format!("{}g", &genuine[..63]), Cause::SignatureNotHexadecimal),
        (format!("sha512={genuine}"), Cause::SignaturePrefix),
        (format!("sha1={genuine}"), Cause::SignaturePrefix),
        (format!("v1={genuine}"), Cause::SignaturePrefix),
    ] {
        assert_eq!(of_signature(&[SECRET], &signature, BODY), cause, "{signature}");
    }
    assert!(Cause::SignatureLength { characters: 128 }.to_string().ends_with("(128 is SHA-512)"));
}

#[test]
fn base64_and_another_algorithm_are_detected_and_verified() {
    for (secret, expected) in [(SECRET, Some(1)), ("unknown", None)] {
        let (long, short) = (sha256(secret, BODY), sha1(secret, BODY));
        for (prefix, digest, algorithm) in [
            ("", &long, Algorithm::Sha256),
            ("sha256=", &long, Algorithm::Sha256),
            ("", &short, Algorithm::Sha1),
            ("sha1=", &short, Algorithm::Sha1),
        ] {
            let signature = format!("{prefix}{}", base64(digest));
            let cause = of_signature(&["other", SECRET], &signature, BODY);
            assert_eq!(cause, Cause::SignatureBase64 { algorithm, secret_index: expected }, "{signature}");
        }
        let pinned = receiver::<BodyHmac>(&["other", SECRET]).pin(Algorithm::Sha256);
        let explanation = explained(&pinned, "/", &[("x-signature", hex(&short).as_bytes())], BODY);
        let found = Algorithm::Sha1;
        assert_eq!(explanation.causes(), [Cause::OtherAlgorithm { found, secret_index: expected }]);
    }
}

#[test]
fn a_signature_with_extra_characters_is_recognised() {
    let genuine = hex(&sha256(SECRET, BODY));
    for (signature, fault) in [
        (format!("{genuine}\n"), CredentialFault::Whitespace),
        (format!("\r\n {genuine}"), CredentialFault::Whitespace),
        (format!("\"{genuine}\""), CredentialFault::Quotes),
    ] {
        let cause = of_signature(&[SECRET], &signature, BODY);
        assert_eq!(cause, Cause::Credential { secret_index: 0, fault }, "{signature:?}");
    }
}

#[test]
fn a_secret_that_was_configured_with_extra_characters_is_recognised() {
    let meant = "0123456789abcdef0123456789ABCDEF";
    let decoded = String::from_utf8_lossy(b"abcdefghijkl").into_owned();
    for (configured, vendors, fault) in [
        (format!("{SECRET}\n"), SECRET, SecretFault::Whitespace),
        (format!(" {SECRET}\r\n"), SECRET, SecretFault::Whitespace),
        (SECRET.to_owned(), &format!("{SECRET}\n"), SecretFault::NewlineMissing),
        (format!("\"{SECRET}\""), SECRET, SecretFault::Quotes),
        (format!("'{meant}'\n"), meant, SecretFault::Quotes),
        (hex(SECRET.as_bytes()), SECRET, SecretFault::Hexadecimal),
        (base64(decoded.as_bytes()), &decoded, SecretFault::Base64),
    ] {
        let cause = of_signature(&["other", &configured], hex(&sha256(vendors, BODY)), BODY);
        assert_eq!(cause, Cause::Secret { secret_index: 1, fault }, "{configured:?}");
    }
    let receiver = receiver::<BodyHmac>(&["other", &format!("{SECRET}\n")]);
    let wrong = explained(&receiver, "/", &[("x-signature", "0".repeat(64).as_bytes())], BODY);
    assert_eq!(wrong.causes(), [Cause::Wrong, Cause::SuspectSecret { secret_index: 1 }]);
}

/// The reported form of the signed body, if the receiver gets another form.
fn form(signed: &str, given: &str) -> String {
    match of_signature(&["other", SECRET], hex(&sha256(SECRET, signed)), given) {
        Cause::Body { secret_index: 1, form } => form.to_string(),
        cause => panic!("{cause}"),
    }
}

#[test]
fn a_rewritten_body_is_detected() {
    let pretty = "{\n  \"name\": \"thing.made\",\n  \"payload\": {\n    \"id\": 1.50,\n    \"b\": \"é/<\",\n    \"a\": []\n  }\n}";
    let spaced = r#"{"name": "thing.made", "payload": {"id": 1.50, "b": "é/<", "a": []}}"#;
    let python = r#"{"name": "thing.made", "payload": {"id": 1.50, "b": "\u00e9/<", "a": []}}"#;
    let php = r#"{"name":"thing.made","payload":{"id":1.50,"b":"\u00e9\/<","a":[]}}"#;
    let go = r#"{"name":"thing.made","payload":{"id":1.50,"b":"é/\u003c","a":[]}}"#;
    let sorted = r#"{"name":"thing.made","payload":{"a":[],"b":"é/<","id":1.5}}"#;
    for (signed, words) in [
        (BODY, "without spaces;"),
        (pretty, "on lines indented by 2;"),
        (&format!("{pretty}\n"), "on lines indented by 2, with a newline at its end;"),
        (&format!("{BODY}\n"), "without spaces, with a newline at its end;"),
        (spaced, "with a space after every comma and colon;"),
        (python, "with a space after every comma and colon, with all non-ASCII characters escaped;"),
        (php, "without spaces, with slashes and all non-ASCII characters escaped;"),
        (go, "without spaces, with < > & escaped;"),
        (sorted, "without spaces, with sorted keys;"),
    ] {
        for given in [BODY, pretty, spaced] {
            // The order before sorting is lost, and an unchanged body is accepted.
            let simpler = [given.to_owned() + "\n"].contains(&signed.to_owned());
            if given != signed && !simpler {
                let told = form(signed, given);
                assert!(told.contains(words), "{words} is not what {told} says");
            }
        }
    }
    let reordered = r#"{"payload":{"b":"é/<","a":[],"id":1.5},"name":"thing.made"}"#;
    assert!(form(sorted, reordered).contains("with sorted keys"));
}

#[test]
fn a_body_changed_around_its_json_is_detected() {
    let lines = "{\"name\":\n\"thing.made\"}\n";
    let returns = lines.replace('\n', "\r\n");
    for (signed, given, words) in [
        (BODY, &format!("{BODY}\n"), "white space was added around the body"),
        (&format!("{BODY}\n"), &BODY.to_owned(), "newline at the end of the body was removed"),
        (BODY, &format!("\u{feff}{BODY}"), "byte order mark"),
        (lines, &returns, "changed to CRLF"),
        (&returns, &lines.to_owned(), "were CRLF"),
        (BODY, &serde_json::to_string(BODY).unwrap(), "encoded as a JSON string"),
        (BODY, &base64(BODY.as_bytes()), "still encoded as base64"),
    ] {
        let told = form(signed, given);
        assert!(told.contains(words), "{words} is not what {told} says");
    }
}

#[test]
fn an_added_newline_is_distinguished_from_a_rewritten_body() {
    let pretty = "{\n  \"name\": \"thing.made\"\n}\n";
    for newline in ["\n", "\r\n"] {
        let told = form(pretty, &format!("{pretty}{newline}"));
        assert_eq!(told, "a newline was added at the end of the body after it was signed", "{newline:?}");
    }
}

#[test]
fn a_credential_in_another_header_is_reported_with_the_name_of_that_header() {
    let genuine = hex(&sha256(SECRET, BODY));
    let short = hex(&sha1(SECRET, BODY));
    let found = |receiver: &Receiver<BodyHmac>, name: &str, value: &str| {
        let headers = [("host", &b"localhost"[..]), ("x-digest", &[b'0'; 64][..]), (name, value.as_bytes())];
        explained(receiver, "/", &headers, BODY).causes()[0].clone()
    };
    let missing = Cause::HeaderMissing { header: "x-signature" };
    let renamed = Cause::HeaderRenamed {
        header: "x-signature",
        found: "X-Hub-Signature-256".to_owned(),
        secret_index: 1,
    };
    let signed = receiver::<BodyHmac>(&["other", SECRET]);
    assert_eq!(found(&signed, "X-Hub-Signature-256", &genuine), renamed);
    assert_eq!(found(&signed, "X-Hub-Signature-256", &format!("sha256={genuine}")), renamed);
    assert_eq!(found(&signed, "X-Hub-Signature-256", &short), renamed);
    assert_eq!(
        renamed.to_string(),
        "there is no header x-signature, but the value of the header X-Hub-Signature-256 would match the second \
         secret: something renames the header"
    );
    assert_eq!(found(&signed, "x-other", &hex(&sha256("another", BODY))), missing);
    assert_eq!(found(&signed, "not a\nname", &genuine), missing);
    assert_eq!(found(&signed.pin(Algorithm::Sha256), "x-other", &short), missing);

    let token = receiver::<SharedToken>(&["other", SECRET]);
    for value in [SECRET.to_owned(), format!("Bearer {SECRET}")] {
        let explanation = explained(&token, "/", &[("Authorization", value.as_bytes())], BODY);
        let found = "Authorization".to_owned();
        assert_eq!(
            explanation.causes(),
            [Cause::HeaderRenamed { header: "x-token", found, secret_index: 1 }]
        );
    }

    // The work that a sender can cause is bounded, so later values are not tried.
    let mut many = vec![("x-digest", &[b'0'; 64][..]); 32];
    many.push(("x-other", genuine.as_bytes()));
    let explanation = explained(&receiver::<BodyHmac>(&[SECRET]), "/", &many, BODY);
    assert_eq!(explanation.causes(), [missing]);
}

#[test]
fn a_wrong_credential_is_reported_with_suspicious_facts() {
    let wrong = "0".repeat(64);
    let receiver = receiver::<BodyHmac>(&[SECRET]);
    let causes =
        |body| explained(&receiver, "/", &[("x-signature", wrong.as_bytes())], body).causes().to_vec();
    assert_eq!(causes(BODY), [Cause::Wrong]);
    assert_eq!(causes("no { json"), [Cause::Wrong]);
    assert_eq!(causes(""), [Cause::Wrong, Cause::BodyEmpty]);
    let gzip = receiver.explain([("x-signature", wrong.as_str())], b"\x1f\x8b\x08\x00");
    assert_eq!(gzip.causes(), [Cause::Wrong, Cause::BodyCompressed]);
}

#[test]
fn a_token_that_almost_matches_is_explained() {
    let told = |fault| Cause::Credential { secret_index: 1, fault };
    let configured = |fault| Cause::Secret { secret_index: 1, fault };
    for (secret, token, cause) in [
        (SECRET, format!("{SECRET}\n"), told(CredentialFault::Whitespace)),
        (SECRET, format!(" {SECRET}"), told(CredentialFault::Whitespace)),
        (SECRET, format!("'{SECRET}'"), told(CredentialFault::Quotes)),
        (SECRET, format!("Bearer {SECRET}"), told(CredentialFault::Scheme)),
        (SECRET, base64(SECRET.as_bytes()), told(CredentialFault::Base64)),
        (SECRET, base64(format!("{SECRET}\n").as_bytes()), told(CredentialFault::Base64)),
        (SECRET, format!("{SECRET}, {SECRET}"), told(CredentialFault::Joined)),
        ("a b/c", "a+b%2fc".to_owned(), told(CredentialFault::PercentEncoded)),
        (&format!("{SECRET}\n"), SECRET.to_owned(), configured(SecretFault::Whitespace)),
        (&format!("{SECRET}\r\n"), SECRET.to_owned(), configured(SecretFault::Whitespace)),
        (&format!(" {SECRET} "), SECRET.to_owned(), configured(SecretFault::Whitespace)),
        (&format!("\"{SECRET}\""), SECRET.to_owned(), configured(SecretFault::Quotes)),
        (SECRET, "unknown".to_owned(), Cause::Wrong),
    ] {
        assert_eq!(of_token(secret, &token), cause, "{token:?} for {secret:?}");
    }
    assert_eq!(of_token("clé", b"cl\xe9"), told(CredentialFault::Latin1));
}

#[test]
fn a_token_in_the_url_is_explained_as_well() {
    let told = |fault| Cause::Credential { secret_index: 0, fault };
    assert_eq!(of_target("a b", "/hooks/a%20b"), told(CredentialFault::PercentEncoded));
    assert_eq!(of_target(SECRET, &format!("/hooks/{SECRET}%0A")), told(CredentialFault::PercentEncoded));
    assert_eq!(
        of_target(&format!("{SECRET}\n"), &format!("/hooks?token={SECRET}")),
        Cause::Secret { secret_index: 0, fault: SecretFault::Whitespace }
    );
    assert_eq!(of_target(SECRET, "/hooks/other"), Cause::Wrong);
    assert_eq!(of_target(SECRET, "/"), Cause::TokenMissing);
    let nobody: [(&str, &str); 0] = [];
    assert_eq!(receiver::<UrlToken>(&[SECRET]).explain(nobody, BODY).causes(), [Cause::TargetUnknown]);
}

#[test]
fn a_body_over_the_limit_is_reported_with_its_length() {
    let receiver = Receiver::<SharedToken>::new(Secret::new(SECRET).unwrap());
    let explanation = explained(&receiver, "/", &[("x-token", SECRET.as_bytes())], &" ".repeat(1_001));
    assert_eq!(explanation.causes(), [Cause::BodyTooLarge { bytes: 1_001, limit: 1_000 }]);
}

#[test]
fn a_large_body_is_verified_once_and_not_rewritten() {
    let body = format!("[{}1]", "1,".repeat(10 << 20));
    let receiver = receiver::<BodyHmac>(&[SECRET, "other\n"]);
    let started = Instant::now();
    let explanation = receiver.explain([("x-signature", "0".repeat(64))], &body);
    let took = started.elapsed();
    assert_eq!(explanation.causes(), [Cause::BodyNotRewritten, Cause::SuspectSecret { secret_index: 1 }]);
    assert!(took < Duration::from_secs(20), "{took:?} in a debug build");
    let just_rewritten = format!("[{}1]", "1,".repeat((MAX_REWRITTEN_BYTES - 3) / 2));
    let explanation = receiver.explain([("x-signature", "0".repeat(64))], &just_rewritten);
    assert_eq!(explanation.causes()[0], Cause::Wrong);
}

#[test]
fn nothing_that_a_sender_writes_makes_an_explanation_panic() {
    let (signed, token, url) = (
        receiver::<BodyHmac>(&[SECRET]),
        receiver::<SharedToken>(&[SECRET]),
        receiver::<UrlToken>(&[SECRET]),
    );
    let mut seed: [u8; 32] = Sha256::digest(b"seed").into();
    for round in 0..3_000_usize {
        seed = Sha256::digest(seed).into();
        let value: Vec<u8> =
            seed[..round % 33]
                .iter()
                .map(|byte| {
                    if round % 2 == 0 { b"=%+/\"'\n \r,{}[]:\\u0aZ"[usize::from(*byte) % 20] } else { *byte }
                })
                .collect();
        let headers = [("x-signature", &value[..]), ("x-token", &value)];
        let _ = signed.explain(headers, &value).to_string();
        let _ = token.explain(headers, &value).to_string();
        let _ = url.explain(&*format!("/{}", String::from_utf8_lossy(&value)), &value).to_string();
        // A body of which every form is tried.
        let _ = signed.explain([("x-signature", "0".repeat(40))], &value).to_string();
    }
}
