//! What the processes say about themselves, at their most talkative: never a secret, never a body.

use crate::listener::Listener;
use crate::process::webhooks_with;
use crate::vendors::{DEEPSOURCE_SECRET, EVERY_SECRET, MONITORQA_TOKEN, QASE_SECRET, Vendor};

type Qase = qase_webhooks::Webhook;
type Deepsource = deepsource_webhooks::Webhook;
type Monitorqa = monitorqa_webhooks::Webhook;

const PRIVATE: &str = "a-private-title-91ab";

fn environment() -> Vec<(&'static str, &'static str)> {
    [&EVERY_SECRET[..], &[("RUST_LOG", "trace"), ("RUST_BACKTRACE", "1")]].concat()
}

#[test]
fn a_listener_at_its_most_talkative_betrays_nothing() {
    let listener = Listener::start(&[], &environment());
    let body = |name: &str| {
        format!(
            r#"{{"{name}":"brand.new","timestamp":1,"payload":{{"title":"{PRIVATE}"}},"data":"{PRIVATE}"}}"#
        )
    };
    let (qase, other) = (body("event_name"), body("type"));
    let mut signatures = Vec::new();
    for body in [&qase, &other, &format!("{{\"{PRIVATE}"), &format!("\"{PRIVATE}\"")] {
        let body = body.as_bytes();
        let requests = [Qase::signed(body), Deepsource::signed(body), Monitorqa::signed(body)];
        Qase::post(&listener, &requests[0]);
        Deepsource::post(&listener, &requests[1]);
        Monitorqa::post(&listener, &requests[2]);
        signatures.push(requests[1].headers().last().unwrap().1.clone());
        // Forged: what was expected is as private as what came.
        for secret in ["another-secret", "x"] {
            Qase::post(&listener, &Qase::signed_with(body, secret));
            Deepsource::post(&listener, &Deepsource::signed_with(body, secret));
            Monitorqa::post(&listener, &Monitorqa::signed_with(body, secret));
        }
    }
    // In the query, in a request that is cut off, in one that is too large, in one that is no HTTP.
    listener.request("POST", &format!("/monitorqa?token={MONITORQA_TOKEN}"), &[], other.as_bytes());
    listener.request("GET", &format!("/monitorqa/{MONITORQA_TOKEN}"), &[], b"");
    let secret = [("x-qase-secret", QASE_SECRET.to_owned())];
    for head in [crate::http::head("POST", "/qase", &secret, Some(1_000)), format!("{QASE_SECRET}\r\n\r\n")] {
        let mut stream = crate::http::connect(listener.addr);
        std::io::Write::write_all(&mut stream, format!("{head}{{\"{PRIVATE}").as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let _ = crate::http::read_answer(&mut stream);
    }
    listener.request("POST", "/qase", &secret, format!("{PRIVATE}{}", " ".repeat(2 << 20)).as_bytes());

    let remains = listener.stop();
    assert!(remains.stderr.contains("webhook rejected"), "something was logged: {}", remains.stderr);
    assert!(!remains.stderr.contains("panicked"), "{}", remains.stderr);
    let stdout = remains.stdout.join("\n");
    assert!(stdout.contains(PRIVATE), "the decoded webhook is printed");
    assert!(!remains.stderr.contains(PRIVATE), "{}", remains.stderr);
    let secrets = [QASE_SECRET, DEEPSOURCE_SECRET, MONITORQA_TOKEN].map(str::to_owned);
    for private in secrets.iter().chain(&signatures) {
        assert!(!remains.stderr.contains(private), "{private} stands in {}", remains.stderr);
        assert!(!stdout.contains(private), "{private} stands in {stdout}");
    }
}

#[test]
fn every_rejection_leaves_one_event_with_its_vendor_and_reason() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    listener.request("POST", "/qase", &[], b"{}");
    Deepsource::post(&listener, &Deepsource::signed_with(b"{}", "another-secret"));
    Monitorqa::deliver(&listener, &vec![b' '; 6 << 20]);
    let stderr = listener.stop().stderr;
    let rejections: Vec<&str> = stderr.lines().filter(|line| line.contains("webhook rejected")).collect();
    assert_eq!(rejections.len(), 3, "{stderr}");
    for words in [
        ["qase", "credential_missing", "no header X-Qase-Secret"],
        ["deepsource", "credential_wrong", "cause=\""],
        ["monitorqa", "body_too_large", "over the limit"],
    ] {
        let says_all =
            |line: &&&str| words.iter().all(|word| line.contains(word)) && line.contains("peer=127.0.0.1:");
        assert_eq!(rejections.iter().filter(says_all).count(), 1, "{words:?}: {stderr}");
    }
}

#[test]
fn a_sender_at_its_most_talkative_betrays_nothing() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let events = [("qase", "run.completed"), ("deepsource", "test.event"), ("monitorqa", "AUDIT_COMPLETED")];
    for (vendor, event) in events {
        let good = listener.url(&format!("/{vendor}"));
        // Nobody listens there; that is no URL; neither is that.
        for to in [good.as_str(), "http://127.0.0.1:1/x", "no url", "http://[::1", "http://127.0.0.1:1/a b"] {
            let sent = webhooks_with(&["send", vendor, event, "--to", to], &environment(), b"");
            // Nobody listens at port 1; the others are wrong usage.
            let code = if to == good {
                0
            } else if to.ends_with(":1/x") {
                1
            } else {
                2
            };
            assert_eq!(sent.code, Some(code), "{to}: {}{}", sent.stdout, sent.stderr);
            for (_, secret) in EVERY_SECRET {
                assert!(!sent.stdout.contains(secret), "{to}: {}", sent.stdout);
                assert!(!sent.stderr.contains(secret), "{to}: {}", sent.stderr);
            }
        }
        // A secret that fits into no header and no URL.
        let arguments = ["send", vendor, event, "--to", &good, "--secret", "line\nanother\u{7f} %zz<>"];
        let sent = webhooks_with(&arguments, &environment(), b"");
        assert!(!sent.stderr.contains("panicked"), "{}", sent.stderr);
        assert!(
            !sent.stdout.contains("another") && !sent.stderr.contains("another"),
            "{}{}",
            sent.stdout,
            sent.stderr
        );
    }
}
