//! `webhooks verify`: a verdict, a reason, an exit status, and no secret anywhere.

use webhook_core::Secret;
use webhook_core::samples::SignedRequest;

use crate::process::{Outcome, webhooks_with};
use crate::vendors::{DEEPSOURCE_SECRET, EVERY_SECRET, MONITORQA_TOKEN, QASE_SECRET, Vendor};

const DEEPSOURCE: &str = "deepsource";

/// Runs the command on a body from standard input, and looks that nothing private was printed.
fn verify(vendor: &str, arguments: &[&str], environment: &[(&str, &str)], body: &[u8]) -> Outcome {
    let arguments = [&["verify", "--vendor", vendor], arguments, &["-"]].concat();
    let outcome = webhooks_with(&arguments, environment, body);
    let expected = signature(body);
    for private in [DEEPSOURCE_SECRET, QASE_SECRET, MONITORQA_TOKEN, &expected] {
        let printed = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(!printed.contains(private), "{private} stands in {printed}");
    }
    outcome
}

/// The signature of a body at DeepSource.
fn signature(body: &[u8]) -> String {
    let secret = Secret::new(DEEPSOURCE_SECRET).unwrap();
    let request = SignedRequest::new::<deepsource_webhooks::Webhook>(body.to_vec(), &secret);
    request.headers().iter().find(|(name, _)| *name != "content-type").unwrap().1.clone()
}

fn header(signature: &str) -> String {
    format!("X-DeepSource-Signature: {signature}")
}

#[test]
fn every_sample_as_the_vendor_sends_it_is_accepted() {
    accepted::<qase_webhooks::Webhook>();
    accepted::<deepsource_webhooks::Webhook>();
    accepted::<monitorqa_webhooks::Webhook>();
}

fn accepted<W: Vendor>() {
    let sample = &W::samples()[0];
    let request = W::signed(sample.body().as_bytes());
    let headers: Vec<String> =
        request.headers().iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let mut arguments = vec!["--target", request.path()];
    arguments.extend(headers.iter().flat_map(|header| ["--header", header]));
    let outcome = verify(W::VENDOR, &arguments, &EVERY_SECRET, sample.body().as_bytes());
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(0), "accepted\n"), "{}", outcome.stderr);
    for line in ["\r\n", "\n"] {
        let head =
            [&[format!("POST {} HTTP/1.1", request.path())][..], &headers[..], &[line.into()]].concat();
        let whole = [head.join(line).as_bytes(), sample.body().as_bytes()].concat();
        let outcome = verify(W::VENDOR, &[], &EVERY_SECRET, &whole);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(0), "accepted\n"), "{}", outcome.stderr);
    }
    let wrong = verify(W::VENDOR, &[&["--secret", "other"], &arguments[..]].concat(), &[], b"{}");
    assert_eq!(wrong.code, Some(1), "{}{}", wrong.stdout, wrong.stderr);
    assert!(wrong.stdout.starts_with("rejected (401): "), "{}", wrong.stdout);
}

#[test]
fn a_rejection_says_what_to_fix() {
    let sample = deepsource_webhooks::samples::all()[0].body().as_bytes();
    let genuine = header(&signature(sample));
    let rewritten = serde_json::from_slice::<serde_json::Value>(sample).unwrap().to_string();
    let newline = format!("{DEEPSOURCE_SECRET}\n");
    for (arguments, body, words) in [
        (&["--secret", DEEPSOURCE_SECRET][..], sample, "there is no header"),
        (&["--secret", "other", "--header", &genuine], sample, "it matches no secret"),
        (
            &["--secret", "other", "--secret", &newline, "--header", &genuine],
            sample,
            "the second secret would match",
        ),
        (
            &["--secret", DEEPSOURCE_SECRET, "--header", &genuine, "--header", &genuine],
            sample,
            "occurs 2 times",
        ),
        (
            &["--secret", DEEPSOURCE_SECRET, "--header", "x-deepsource-signature:abc"],
            sample,
            "has 3 characters",
        ),
        (
            &["--secret", DEEPSOURCE_SECRET, "--header", &header(&signature(rewritten.as_bytes()))],
            serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(&rewritten).unwrap())
                .unwrap()
                .as_bytes(),
            "parsed and written again",
        ),
        (
            &["--secret", DEEPSOURCE_SECRET, "--header", &genuine.replace("DeepSource-", "")],
            sample,
            "the value of the header X-Signature would match the first secret",
        ),
    ] {
        let outcome = verify(DEEPSOURCE, arguments, &[], body);
        assert_eq!(outcome.code, Some(1), "{}{}", outcome.stdout, outcome.stderr);
        let mut lines = outcome.stdout.lines();
        assert!(lines.next().unwrap().starts_with("rejected (40"), "{}", outcome.stdout);
        assert!(lines.next().unwrap().contains(words), "{words} is not what {} says", outcome.stdout);
    }
}

#[test]
fn an_older_secret_is_accepted_and_named() {
    let sample = deepsource_webhooks::samples::all()[0].body().as_bytes();
    let genuine = header(&signature(sample));
    let rotation = [
        ("DEEPSOURCE_WEBHOOK_SECRET", "the-new-secret-2026"),
        ("DEEPSOURCE_WEBHOOK_SECRET_PREVIOUS", DEEPSOURCE_SECRET),
    ];
    let outcome = verify(DEEPSOURCE, &["--header", &genuine], &rotation, sample);
    assert_eq!(outcome.code, Some(0), "{}{}", outcome.stdout, outcome.stderr);
    assert!(outcome.stdout.starts_with("accepted\n  it matches the second secret"), "{}", outcome.stdout);
}

#[test]
fn wrong_usage_ends_with_two() {
    for (arguments, message) in [
        (&[][..], "no secret to verify with; give --secret or set DEEPSOURCE_WEBHOOK_SECRET"),
        (&["--secret", ""], "the secret is empty"),
        (&["--secret", "s", "--header", "no-colon"], "no colon"),
        (&["--secret", "s", "--header", ": value"], "no name"),
    ] {
        let outcome = verify(DEEPSOURCE, arguments, &[], b"{}");
        assert_eq!(outcome.code, Some(2), "{}{}", outcome.stdout, outcome.stderr);
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    }
    let cut = verify(DEEPSOURCE, &["--secret", "s"], &[], b"POST / HTTP/1.1\r\nHost: a\r\n{}");
    assert_eq!(cut.code, Some(2), "{}{}", cut.stdout, cut.stderr);
    assert!(
        cut.stderr.contains("standard input is not a request: it begins with a request line"),
        "{}",
        cut.stderr
    );
    let missing = ["verify", "--vendor", "qase", "--secret", "s", "/no/such/file"];
    let outcome = webhooks_with(&missing, &[], b"");
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.stderr.contains("failed to read /no/such/file"), "{}", outcome.stderr);
}

#[test]
fn a_body_of_twenty_megabytes_is_too_large_at_once() {
    let body = vec![b' '; 20 << 20];
    let genuine = header(&"0".repeat(64));
    let outcome = verify(DEEPSOURCE, &["--secret", DEEPSOURCE_SECRET, "--header", &genuine], &[], &body);
    assert_eq!(outcome.code, Some(1), "{}", outcome.stderr);
    assert!(outcome.stdout.starts_with("rejected (413)"), "{}", outcome.stdout);
}
