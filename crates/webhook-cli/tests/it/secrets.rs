//! Whom the listener serves: the vendors that have a secret, and those that are named as insecure.

use crate::listener::Listener;
use crate::process::{webhooks, webhooks_with};
use crate::vendors::{EVERY_SECRET, Vendor};

type Qase = qase_webhooks::Webhook;
type Deepsource = deepsource_webhooks::Webhook;
type Monitorqa = monitorqa_webhooks::Webhook;

fn sample<W: Vendor>() -> &'static [u8] {
    W::samples()[0].body().as_bytes()
}

#[test]
fn nothing_is_served_without_a_secret() {
    let empty = [
        ("QASE_WEBHOOK_SECRET", ""),
        ("DEEPSOURCE_WEBHOOK_SECRET", ""),
        ("MONITORQA_WEBHOOK_TOKEN_FILE", ""),
    ];
    for environment in [&[][..], &empty] {
        let refused = webhooks_with(&["listen", "--addr", "127.0.0.1:0"], environment, b"");
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""));
        for (variable, _) in EVERY_SECRET {
            assert!(refused.stderr.contains(variable), "{}", refused.stderr);
        }
        assert!(refused.stderr.contains("--insecure"), "{}", refused.stderr);
    }
}

#[test]
fn a_vendor_without_a_secret_is_not_served() {
    let listener = Listener::start(&[], &EVERY_SECRET[..1]);
    assert_eq!(Qase::deliver(&listener, sample::<Qase>()).status, 200);
    assert_eq!(Deepsource::deliver(&listener, sample::<Deepsource>()).status, 404);
    assert_eq!(Monitorqa::deliver(&listener, sample::<Monitorqa>()).status, 404);
    assert_eq!(listener.line()["vendor"], "qase");
    let remains = listener.stop();
    assert_eq!(remains.stdout, [""; 0]);
    assert!(
        remains.stderr.lines().any(|line| line.starts_with("listening on") && line.ends_with("for qase"))
    );
}

#[test]
fn only_the_named_vendor_goes_unverified() {
    let listener = Listener::start(&["--insecure", "monitorqa"], &EVERY_SECRET[..1]);
    let post = |path: &str, body: &[u8]| listener.request("POST", path, &[], body).status;
    assert_eq!(post("/monitorqa", sample::<Monitorqa>()), 200);
    assert_eq!(post("/monitorqa/anything", sample::<Monitorqa>()), 200);
    assert_eq!(post("/qase", sample::<Qase>()), 401);
    assert_eq!(post("/deepsource", sample::<Deepsource>()), 404);
    assert_eq!(listener.stop().stdout.len(), 2);
}

#[test]
fn a_vendor_with_a_secret_cannot_be_insecure() {
    refuse(&["--insecure", "qase"], &EVERY_SECRET, &["--insecure qase", "QASE_WEBHOOK_SECRET"]);
}

#[test]
fn a_vendor_that_nobody_knows_is_wrong_usage() {
    assert_eq!(webhooks(&["listen", "--insecure", "nobody"]).code, Some(2));
    assert_eq!(webhooks(&["listen", "--addr", "here"]).code, Some(2));
}

#[test]
fn a_port_in_use_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let refused = webhooks_with(&["listen", "--addr", &addr], &EVERY_SECRET, b"");
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains(&addr) && refused.stderr.contains("--port"), "{}", refused.stderr);
}

#[test]
fn a_secret_is_taken_as_it_is_and_never_split() {
    let secret = "one, two,three";
    let listener =
        Listener::start(&[], &[("QASE_WEBHOOK_SECRET", secret), ("DEEPSOURCE_WEBHOOK_SECRET", secret)]);
    assert_accepted::<Qase>(&listener, secret, 200);
    assert_accepted::<Deepsource>(&listener, secret, 200);
    for part in ["one", "two", " two", "three", ",", " "] {
        assert_accepted::<Qase>(&listener, part, 401);
        assert_accepted::<Deepsource>(&listener, part, 401);
    }
}

#[test]
fn a_secret_and_the_one_before_it_are_accepted() {
    let before = file("before", "the-secret-before-q\n");
    let listener = Listener::start(
        &[],
        &[
            ("QASE_WEBHOOK_SECRET", "the-current-secret-q"),
            ("QASE_WEBHOOK_SECRET_PREVIOUS_FILE", before.to_str().unwrap()),
            ("DEEPSOURCE_WEBHOOK_SECRET", "the-current-secret-d"),
            ("DEEPSOURCE_WEBHOOK_SECRET_PREVIOUS", "the-secret-before-d"),
            ("MONITORQA_WEBHOOK_TOKEN", "the-current-secret-m"),
            ("MONITORQA_WEBHOOK_TOKEN_PREVIOUS", "the-secret-before-m"),
        ],
    );
    for secret in ["the-current-secret", "the-secret-before"] {
        assert_accepted::<Qase>(&listener, &format!("{secret}-q"), 200);
        assert_accepted::<Deepsource>(&listener, &format!("{secret}-d"), 200);
        assert_accepted::<Monitorqa>(&listener, &format!("{secret}-m"), 200);
    }
    // None is one of another vendor.
    assert_accepted::<Qase>(&listener, "the-current-secret-d", 401);
    assert_accepted::<Deepsource>(&listener, "the-current-secret-q", 401);
    assert_accepted::<Monitorqa>(&listener, "the-current-secret-q", 401);
}

#[test]
fn a_secret_may_stand_in_a_file() {
    let (first, second) = (file("first", "a-secret-in-a-file\r\n"), file("second", "another-secret-in-one"));
    let [first, second] = [&first, &second].map(|path| path.to_str().unwrap());
    let listener = Listener::start(
        &["--secret-file", &format!("qase={first}"), "--secret-file", &format!("qase={second}")],
        &[("DEEPSOURCE_WEBHOOK_SECRET_FILE", first)],
    );
    assert_accepted::<Qase>(&listener, "a-secret-in-a-file", 200);
    assert_accepted::<Qase>(&listener, "another-secret-in-one", 200);
    assert_accepted::<Deepsource>(&listener, "a-secret-in-a-file", 200);
    assert_accepted::<Deepsource>(&listener, "another-secret-in-one", 401);
}

#[test]
fn a_secret_that_cannot_be_meant_is_refused_and_its_place_is_named() {
    let lines = file("lines", "one-secret\nanother-secret\n");
    let lines = lines.to_str().unwrap();
    let qase = "QASE_WEBHOOK_SECRET";
    for secret in [" ", "\t\t", "s3cret-s3cret-s3cret, ", " s3cret-s3cret-s3cret", "s3cret-s3cret\n"] {
        refuse(&[], &[(qase, secret)], &[qase, "white space"]);
        refuse(&[], &[("DEEPSOURCE_WEBHOOK_SECRET", secret)], &["DEEPSOURCE_WEBHOOK_SECRET", "white space"]);
    }
    refuse(&[], &[("QASE_WEBHOOK_SECRET_FILE", lines)], &[lines, "line break"]);
    let marked = file("marked", "\u{feff}s3cret-s3cret-s3cret\n");
    let marked = marked.to_str().unwrap();
    refuse(&[], &[("QASE_WEBHOOK_SECRET_FILE", marked)], &[marked, "byte order mark"]);
    refuse(&["--secret-file", &format!("deepsource={marked}")], &[], &[marked, "byte order mark"]);
    refuse(&[], &[(qase, "s3cret-\u{200b}s3cret-s3cret")], &[qase, "invisible format character"]);
    refuse(&[], &[("QASE_WEBHOOK_SECRET_FILE", "/nowhere/at/all")], &["/nowhere/at/all", "_SECRET_FILE"]);
    refuse(&["--secret-file", "qase=/"], &[], &["the secret in /:"]);
    refuse(&["--secret-file", "qase"], &[], &["VENDOR=FILE"]);
    refuse(&["--secret-file", "nobody=/x"], &[], &["--secret-file"]);
    refuse(&[], &[(qase, "a-secret"), ("QASE_WEBHOOK_SECRET_FILE", lines)], &[qase, "both set"]);
    refuse(&["--secret-file", &format!("qase={lines}")], &[(qase, "a-secret")], &[qase, "--secret-file"]);
    refuse(
        &[],
        &[("QASE_WEBHOOK_SECRET_PREVIOUS", "a-secret")],
        &["QASE_WEBHOOK_SECRET_PREVIOUS", "without"],
    );
}

/// Every segment of the path is held against the token, the name of the route too.
#[test]
fn a_token_that_is_a_route_or_no_part_of_a_url_is_refused() {
    for token in
        ["monitorqa", "MonitorQA", "qase", "a/b", "a?b", "a&b", "a#b", "a%2Fb", "a b", "\u{e4}", ".."]
    {
        refuse(&[], &[("MONITORQA_WEBHOOK_TOKEN", token)], &["MONITORQA_WEBHOOK_TOKEN"]);
    }
}

#[test]
fn a_short_secret_is_warned_about() {
    let short = Listener::start(&[], &[("QASE_WEBHOOK_SECRET", "short-secret")]).stop().stderr;
    assert!(short.contains("QASE_WEBHOOK_SECRET is shorter than 16 characters"), "{short}");
    assert!(!short.contains("short-secret"), "{short}");
    let long = Listener::start(&[], &EVERY_SECRET).stop().stderr;
    assert!(!long.contains("shorter"), "{long}");
}

/// Exit status 2, and a message that says which words.
fn refuse(arguments: &[&str], environment: &[(&str, &str)], words: &[&str]) {
    let refused =
        webhooks_with(&[&["listen", "--addr", "127.0.0.1:0"], arguments].concat(), environment, b"");
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""), "{environment:?}: {}", refused.stderr);
    for word in words {
        assert!(refused.stderr.contains(word), "{word} is not in {}", refused.stderr);
    }
    for (_, secret) in environment.iter().filter(|(name, _)| !name.ends_with("_FILE")) {
        assert!(
            secret.len() < 6 || secret == &"monitorqa" || !refused.stderr.contains(secret),
            "{}",
            refused.stderr
        );
    }
}

fn file(name: &str, text: &str) -> std::path::PathBuf {
    let name = format!("secret-{name}-{}", std::process::id());
    let path = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn assert_accepted<W: Vendor>(listener: &Listener, secret: &str, status: u16) {
    assert_eq!(W::post(listener, &W::signed_with(sample::<W>(), secret)).status, status, "{secret}");
}
