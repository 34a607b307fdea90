//! What comes in and what does not: every sample of every vendor, sent as the vendor would send it.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use webhook_core::samples::Sample;

use crate::listener::Listener;
use crate::process::webhooks;
use crate::vendors::{EVERY_SECRET, Vendor};

#[test]
fn every_sample_that_is_sent_becomes_one_correct_line_qase() {
    every_sample_becomes_one_correct_line::<qase_webhooks::Webhook>();
}

#[test]
fn every_sample_that_is_sent_becomes_one_correct_line_deepsource() {
    every_sample_becomes_one_correct_line::<deepsource_webhooks::Webhook>();
}

#[test]
fn every_sample_that_is_sent_becomes_one_correct_line_monitorqa() {
    every_sample_becomes_one_correct_line::<monitorqa_webhooks::Webhook>();
}

/// Every sample goes through `webhooks send`; forged ones in between leave no line.
fn every_sample_becomes_one_correct_line<W: Vendor>() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let url = listener.url(&W::path());
    let started = Utc::now();
    for sample in W::samples() {
        let forged = W::post(&listener, &W::signed_with(sample.body().as_bytes(), "another-secret"));
        assert_eq!((forged.status, forged.body.len()), (401, 0), "{sample:?}");
        let arguments = ["send", W::VENDOR, sample.event(), "--case", sample.case(), "--to", &url];
        let sent = webhooks(&[&arguments[..], &["--secret", W::SECRET]].concat());
        assert_eq!(sent.code, Some(0), "{sample:?}: {}{}", sent.stdout, sent.stderr);
        assert!(sent.stdout.starts_with("200: 1\n"), "{}", sent.stdout);
        assert_line_tells_all(&listener.line(), sample, started);
    }
    let remains = listener.stop();
    assert_eq!(remains.stdout, [""; 0]);
    assert!(!remains.stderr.contains("panicked"), "{}", remains.stderr);
}

fn assert_line_tells_all<W: Vendor>(line: &Value, sample: &Sample<W>, started: DateTime<Utc>) {
    let delivery = sample.delivery();
    let webhook = delivery.decode().unwrap();
    let keys: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = [
        "received_at",
        "vendor",
        "event",
        "listed",
        "decoded",
        "occurred_at",
        "account",
        "delivery_id",
        "key",
        "drift",
        "error",
        "repeat",
        "body",
        "webhook",
    ];
    expected.sort_unstable();
    assert_eq!(keys, expected);
    let received: DateTime<Utc> = line["received_at"].as_str().unwrap().parse().unwrap();
    assert!(received >= started && received <= Utc::now());
    let occurred_at = webhook.occurred_at().map(|time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true));
    assert_eq!(line["vendor"], W::VENDOR);
    assert_eq!(line["event"], sample.event());
    assert_eq!(line["listed"], W::catalogue().iter().any(|info| info.name == sample.event()));
    assert_eq!(line["decoded"], true);
    assert_eq!(line["occurred_at"], json!(occurred_at));
    assert_eq!(line["account"], json!(webhook.account()));
    assert_eq!(line["delivery_id"], json!(webhook.event_id()));
    assert_eq!(line["key"], delivery.key().to_string());
    assert_eq!(line["drift"].as_array().unwrap().len(), delivery.drift().len());
    assert_eq!(line["error"], Value::Null);
    assert_eq!(line["body"], sample.body());
    assert_eq!(line["webhook"], serde_json::to_value(&webhook).unwrap(), "{sample:?}");
}

#[test]
fn forged_requests_are_answered_401_and_leave_no_line() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    forge::<qase_webhooks::Webhook>(&listener);
    forge::<deepsource_webhooks::Webhook>(&listener);
    forge::<monitorqa_webhooks::Webhook>(&listener);
    assert_eq!(listener.stop().stdout, [""; 0]);
}

fn forge<W: Vendor>(listener: &Listener) {
    let body = W::samples()[0].body().as_bytes();
    let genuine = W::signed(body);
    let post = |target: &str, headers: &[(&'static str, String)], body: &[u8]| {
        let answer = listener.request("POST", target, headers, body);
        assert_eq!(answer.body, b"", "the sender is told a status alone");
        answer.status
    };
    // No credential at all, and none that is right.
    assert_eq!(post(&W::path(), &[], body), 401);
    for secret in ["x", "another-secret", &W::SECRET[1..], &W::SECRET.to_uppercase(), &"s".repeat(1_000)] {
        assert_eq!(W::post(listener, &W::signed_with(body, secret)).status, 401, "{secret}");
    }
    let sent = webhooks(&[
        "send",
        W::VENDOR,
        W::samples()[0].event(),
        "--to",
        &listener.url(&W::path()),
        "--secret",
        "another-secret",
    ]);
    assert_eq!((sent.code, sent.stdout.lines().next()), (Some(1), Some("401: 1")), "{}", sent.stderr);
    // A credential of one vendor is none at another.
    for path in ["/qase", "/deepsource", "/monitorqa/x"].iter().filter(|path| !path.starts_with(&W::path())) {
        assert_eq!(post(path, genuine.headers(), body), 401, "{path}");
    }
    // What each scheme alone can tell.
    if let Some((name, credential)) = genuine.headers().iter().find(|(name, _)| *name != "content-type") {
        let twice = [(*name, credential.clone()), (*name, "0".repeat(64))];
        assert_eq!(post(&W::path(), &twice, body), 400);
    }
    if W::VENDOR == "deepsource" {
        let mut changed = body.to_vec();
        changed.push(b' ');
        assert_eq!(post(&W::path(), genuine.headers(), &changed), 401, "a body that was not signed");
    }
}

#[test]
fn a_header_that_is_no_text_is_answered_400() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    for (path, header) in [("/qase", "x-qase-secret"), ("/deepsource", "x-deepsource-signature")] {
        let mut stream = crate::http::connect(listener.addr);
        let mut bytes = format!("POST {path} HTTP/1.1\r\nhost: x\r\n{header}: ").into_bytes();
        bytes.extend_from_slice(b"\xff\xfe\r\ncontent-length: 2\r\n\r\n{}");
        std::io::Write::write_all(&mut stream, &bytes).unwrap();
        assert_eq!(crate::http::read_answer(&mut stream).unwrap().status, 400, "{path}");
    }
    assert_eq!(listener.stop().stdout, [""; 0]);
}

#[test]
fn only_post_is_taken_on_a_webhook_route() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    for path in ["/qase", "/deepsource", "/monitorqa/some-token", "/monitorqa"] {
        for method in ["GET", "PUT", "DELETE", "PATCH", "HEAD"] {
            assert_eq!(status_alone(&listener, method, path), 405, "{method} {path}");
        }
    }
    assert_eq!(status_alone(&listener, "GET", "/healthz"), 200);
    assert_eq!(status_alone(&listener, "GET", "/"), 404);
    assert_eq!(status_alone(&listener, "POST", "/nobody"), 404);
    assert_eq!(listener.stop().stdout, [""; 0]);
}

/// The status of a request whose answer may announce a body that it does not have.
fn status_alone(listener: &Listener, method: &str, path: &str) -> u16 {
    let mut stream = crate::http::connect(listener.addr);
    let close = [("connection", "close".to_owned())];
    let head = crate::http::head(method, path, &close, Some(0));
    std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
    crate::http::status(&answer)
}
