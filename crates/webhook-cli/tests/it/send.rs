//! `webhooks send`: what is sent, how often, and what is said about it.

use std::time::Duration;

use crate::listener::Listener;
use crate::process::{Outcome, webhooks, webhooks_with};
use crate::vendors::{EVERY_SECRET, QASE_SECRET, Vendor};

fn send(listener: &Listener, arguments: &[&str]) -> Outcome {
    let url = listener.url("/qase");
    let to = ["--to", url.as_str(), "--secret", QASE_SECRET];
    webhooks(&[&["send", "qase"], arguments, &to].concat())
}

#[test]
fn one_sample_and_its_summary() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let sent = send(&listener, &["run.completed"]);
    assert_eq!((sent.code, sent.stderr.as_str()), (Some(0), ""));
    let lines: Vec<&str> = sent.stdout.lines().collect();
    assert_eq!((lines.len(), lines[0]), (2, "200: 1"));
    assert!(lines[1].starts_with("latency: median ") && lines[1].contains("longest"), "{}", lines[1]);
    assert_eq!(listener.line()["event"], "run.completed");
}

#[test]
fn every_documented_event_of_every_vendor_can_be_sent_by_its_name() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    every_event::<qase_webhooks::Webhook>(&listener);
    every_event::<deepsource_webhooks::Webhook>(&listener);
    every_event::<monitorqa_webhooks::Webhook>(&listener);
}

fn every_event<W: Vendor>(listener: &Listener) {
    for info in W::catalogue() {
        let arguments = ["send", W::VENDOR, info.name, "--to", &listener.url(&W::path())];
        let sent = webhooks_with(&arguments, &EVERY_SECRET, b"");
        assert_eq!(sent.code, Some(0), "{}: {}", info.name, sent.stderr);
        let line = listener.line();
        assert_eq!((&line["event"], &line["decoded"]), (&info.name.into(), &true.into()));
    }
}

#[test]
fn another_case_replaced_values_and_a_file() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let sample = qase_webhooks::samples::all().iter().find(|sample| !sample.is_main()).unwrap();
    assert_eq!(send(&listener, &[sample.event(), "--case", sample.case()]).code, Some(0));
    assert_eq!(listener.line()["key"], sample.delivery().key().to_string());

    let set =
        ["run.started", "--set", "payload.id=4242", "--set", "payload.title=\"25\"", "--set", "brand.new=x"];
    assert_eq!(send(&listener, &set).code, Some(0));
    let line = listener.line();
    assert_eq!(line["webhook"]["payload"]["id"], 4242);
    assert_eq!(line["webhook"]["payload"]["title"], "25");
    assert!(line["drift"].as_array().unwrap().iter().any(|finding| finding["path"] == "brand"), "{line}");

    // Set before it is signed.
    let url = listener.url("/deepsource");
    let signed = ["send", "deepsource", "repository_issue.introduced", "--to", &url, "--set", "data.brand=1"];
    assert_eq!(webhooks_with(&signed, &EVERY_SECRET, b"").code, Some(0));
    assert_eq!(listener.line()["vendor"], "deepsource");

    let file = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("sent-{}.json", std::process::id()));
    std::fs::write(&file, r#"{"event_name":"from.a.file","timestamp":1,"payload":{}}"#).unwrap();
    assert_eq!(send(&listener, &["from.a.file", "--file", file.to_str().unwrap()]).code, Some(0));
    assert_eq!(listener.line()["event"], "from.a.file");
    std::fs::remove_file(file).unwrap();
}

#[test]
fn many_times_with_a_summary_and_at_a_rate() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let many = send(&listener, &["run.deleted", "--count", "300"]);
    assert_eq!((many.code, many.stdout.lines().next()), (Some(0), Some("200: 300")));
    // No bar where nobody looks.
    assert_eq!(many.stderr, "");
    for _ in 0..300 {
        assert_eq!(listener.line()["event"], "run.deleted");
    }
    let paced = send(&listener, &["run.deleted", "--count", "11", "--rate", "10"]);
    assert_eq!((paced.code, paced.stdout.lines().next()), (Some(0), Some("200: 11")));
    assert!(paced.took >= Duration::from_secs(1), "{:?}", paced.took);
}

#[test]
fn what_was_not_taken_shows_in_the_summary_and_in_the_exit_status() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let url = listener.url("/qase");
    let forged = webhooks(&["send", "qase", "run.deleted", "--to", &url, "--secret", "no", "--count", "3"]);
    assert_eq!((forged.code, forged.stdout.lines().next()), (Some(1), Some("401: 3")));
    let lost = webhooks(&["send", "qase", "run.deleted", "--to", &listener.url("/nobody"), "--secret", "no"]);
    assert_eq!((lost.code, lost.stdout.lines().next()), (Some(1), Some("404: 1")));
    let url = listener.url("");
    drop(listener);
    let unheard = webhooks(&["send", "qase", "run.deleted", "--to", &url, "--secret", "no", "--count", "2"]);
    assert_eq!(unheard.code, Some(1));
    assert!(unheard.stdout.contains(": 2\n"), "{}", unheard.stdout);
}

/// The answer comes before the body is through, and the sender sees it all the same.
#[test]
fn a_payload_over_the_limit_is_answered_413() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let sent = send(&listener, &["run.deleted", "--set", &format!("payload.title={}", "a".repeat(100_000))]);
    assert_eq!(sent.stdout.lines().next(), Some("200: 1"));
    let file = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("large-{}.json", std::process::id()));
    let padded = format!(
        r#"{{"event_name":"run.deleted","timestamp":1,{}"payload":{{"id":1}}}}"#,
        " ".repeat(8 << 20)
    );
    std::fs::write(&file, padded).unwrap();
    for _ in 0..5 {
        let sent = send(&listener, &["run.deleted", "--file", file.to_str().unwrap()]);
        assert_eq!((sent.code, sent.stdout.lines().next()), (Some(1), Some("413: 1")));
    }
    std::fs::remove_file(file).unwrap();
}

#[test]
fn a_file_is_recognised_or_refused() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let body = br#"{"event":"AUDIT_COMPLETED","data":{"id":"x"}}"#;
    let to = ["--to", &listener.url("/monitorqa")];
    for arguments in [&["send"][..], &["send", "monitorqa"], &["send", "monitorqa", "AUDIT_COMPLETED"]] {
        let arguments = [arguments, &["--file", "-"], &to].concat();
        let sent = webhooks_with(&arguments, &EVERY_SECRET, body);
        assert_eq!((sent.code, sent.stdout.lines().next()), (Some(0), Some("200: 1")), "{}", sent.stderr);
        assert_eq!(listener.line()["event"], "AUDIT_COMPLETED");
    }
    for (arguments, input, message) in [
        (&[][..], &b""[..], "standard input is not a webhook: it is empty"),
        (&["qase"], b"", "standard input is not a webhook: it is empty"),
        (&[], b"{", "standard input is not a webhook: not well-formed JSON"),
        (&[], b"# Read me", "standard input is not a webhook: not well-formed JSON"),
        (&[], b"\xff\xfe", "standard input is not a webhook: not UTF-8"),
        (&[], b"[]", "standard input is not a webhook: expected an object"),
        (
            &[],
            b"{}",
            "standard input is not a webhook: the envelope matches no vendor; set the vendor before --file",
        ),
        (&["qase"], body, "standard input is not a webhook of qase"),
        (&["qase"], b"{}", "standard input is not a webhook of qase: expected the name of an event"),
        (&["monitorqa", "AUDIT_STARTED"], body, "holds the event `AUDIT_COMPLETED`, not `AUDIT_STARTED`"),
    ] {
        let arguments = [&["send"], arguments, &["--file", "-", "--to", "http://127.0.0.1:1/"]].concat();
        let sent = webhooks_with(&arguments, &EVERY_SECRET, input);
        assert_eq!((sent.code, sent.stdout.as_str()), (Some(2), ""), "{message}: {}", sent.stderr);
        assert!(sent.stderr.contains(message), "{message} is not {}", sent.stderr);
    }
    let other =
        webhooks_with(&["send", "qase", "--file", "-", "--to", "http://127.0.0.1:1/"], &EVERY_SECRET, {
            br#"{"type":"test.event","id":"1","data":{}}"#
        });
    assert!(other.stderr.contains("it is one of deepsource"), "{}", other.stderr);
}

#[test]
fn what_is_set_and_unknown_is_warned_about_and_sent() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    for (set, warning) in [
        ("payload.failled=1", "has no `payload.failled`; did you mean `payload.failed`?"),
        ("brand.new=1", "has no `brand`\n"),
        ("payload.zzz=1", "has no `payload.zzz`\n"),
    ] {
        let sent = send(&listener, &["run.completed", "--set", set]);
        assert_eq!(sent.code, Some(0), "{}", sent.stderr);
        assert!(
            sent.stderr.starts_with("warning: --set ") && sent.stderr.contains(warning),
            "{}",
            sent.stderr
        );
        listener.line();
    }
    for known in ["payload.failed=1", "timestamp=5", "payload.id=7", "event_name=run.started"] {
        assert_eq!(send(&listener, &["run.completed", "--set", known]).stderr, "", "{known}");
        listener.line();
    }
}

#[test]
fn an_answer_is_shown_in_full_and_a_401_names_verify() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let sent = send(&listener, &["run.completed", "-v"]);
    assert!(
        sent.stdout.starts_with("200 OK (") && sent.stdout.contains("\n  content-length: 0\n"),
        "{}",
        sent.stdout
    );
    assert_eq!(sent.stderr, "");
    let forged =
        ["send", "qase", "run.completed", "--to", &listener.url("/qase"), "--secret", "another-secret-00"];
    let forged = webhooks(&forged);
    assert_eq!(forged.code, Some(1));
    assert!(
        forged.stderr.starts_with("hint: ") && forged.stderr.contains("verify --vendor qase"),
        "{}",
        forged.stderr
    );

    // An answer that tries to move the cursor.
    let hostile = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", hostile.local_addr().unwrap());
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = hostile.accept().unwrap();
        let mut head = [0; 4096];
        std::io::Read::read(&mut stream, &mut head).unwrap();
        let answer = "HTTP/1.1 500 Oh\r\nx-a: b\r\ncontent-length: 11\r\n\r\none\n\x1b[2J\u{9b}!";
        std::io::Write::write_all(&mut stream, answer.as_bytes()).unwrap();
    });
    let shown =
        webhooks(&["send", "qase", "run.completed", "--to", &url, "--secret", "a-secret-of-a-test", "-v"]);
    answering.join().unwrap();
    assert_eq!(shown.code, Some(1), "{}", shown.stderr);
    assert!(
        shown.stdout.contains("500 Internal Server Error") && shown.stdout.contains("| one\n"),
        "{}",
        shown.stdout
    );
    assert!(!shown.stdout.contains('\u{1b}'), "{:?}", shown.stdout);
}

#[test]
fn nobody_at_the_address_is_said_with_the_address() {
    let unheard = webhooks(&["send", "qase", "run.deleted", "--to", "http://127.0.0.1:1/x", "--secret", "s"]);
    assert_eq!(unheard.code, Some(1));
    assert!(
        unheard.stdout.starts_with("failed to send to 127.0.0.1:1: Connection refused"),
        "{}",
        unheard.stdout
    );
    for url in ["127.0.0.1:8080", "/qase", "ftp://h/", "http://"] {
        let wrong = webhooks(&["send", "qase", "run.deleted", "--to", url, "--secret", "s"]);
        assert_eq!(wrong.code, Some(2), "{url}");
        assert!(wrong.stderr.contains("--to"), "{}", wrong.stderr);
    }
}

#[test]
fn wrong_usage_exits_with_2_and_says_what_is_there() {
    let to = ["--to", "http://127.0.0.1:1", "--secret", "s"];
    let wrong: [&[&str]; 14] = [
        &["send", "qase", "run.nonsense"],
        &["send", "qase", "run.completed", "--case", "nonsense"],
        &["send", "qase", "run.completed", "--case", "full", "--file", "x"],
        &["send", "qase", "run.completed", "--file", "/nowhere/at/all"],
        &["send", "qase", "run.completed", "--count", "0"],
        &["send", "qase", "run.completed", "--count", "many"],
        &["send", "qase", "run.completed", "--rate", "0"],
        &["send", "qase", "run.completed", "--rate", "nan"],
        &["send", "qase", "run.completed", "--rate", "1e-300", "--count", "2"],
        &["send", "qase", "run.completed", "--set", "payload"],
        &["send", "qase", "run.completed", "--set", "payload.id.x=1"],
        &["send", "nobody", "run.completed"],
        &["send", "qase", "run.completed", "--print=pdf"],
        &["send", "qase"],
    ];
    for arguments in wrong {
        let sent = webhooks(&[arguments, &to].concat());
        assert_eq!(sent.code, Some(2), "{arguments:?}: {}{}", sent.stdout, sent.stderr);
        assert!(sent.stderr.contains("error:") && !sent.stderr.contains("panicked"), "{}", sent.stderr);
    }
    let unknown = webhooks(&[wrong[1], &to].concat()).stderr;
    assert!(unknown.contains("full"), "the cases that there are: {unknown}");
    let meant = webhooks(&[&["send", "qase", "run.complete"][..], &to].concat()).stderr;
    assert!(meant.contains("did you mean `run.completed`?"), "{meant}");
    let unsigned = webhooks(&["send", "qase", "run.completed", "--to", "http://127.0.0.1:1"]);
    assert_eq!(unsigned.code, Some(2));
    assert!(unsigned.stderr.contains("QASE_WEBHOOK_SECRET"), "{}", unsigned.stderr);
    assert_eq!(
        webhooks(&["send", "qase", "run.completed", "--to", "http://127.0.0.1:1", "--secret", ""]).code,
        Some(2)
    );
}
