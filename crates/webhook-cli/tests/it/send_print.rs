//! `webhooks send --print`: the request as text that other programs take.

use std::process::Command;

use crate::folder::Folder;
use crate::process::{webhooks, webhooks_with};
use crate::vendors::{EVERY_SECRET, Vendor};

#[test]
fn what_is_printed_is_what_verify_accepts_and_send_takes() {
    printed::<qase_webhooks::Webhook>();
    printed::<deepsource_webhooks::Webhook>();
    printed::<monitorqa_webhooks::Webhook>();
}

fn printed<W: Vendor>() {
    let sample = W::samples().iter().find(|sample| sample.is_main()).unwrap();
    let request = webhooks_with(&["send", W::VENDOR, sample.event(), "--print"], &EVERY_SECRET, b"");
    assert_eq!((request.code, request.stderr.as_str()), (Some(0), ""));
    let (head, body) = request.stdout.split_once("\r\n\r\n").unwrap();
    assert_eq!(body, sample.body());
    assert!(
        head.starts_with(&format!("POST /{}", W::VENDOR)) && head.contains("\r\nhost: 127.0.0.1:8080\r\n"),
        "{head}"
    );
    let verified =
        webhooks_with(&["verify", "--vendor", W::VENDOR, "-"], &EVERY_SECRET, request.stdout.as_bytes());
    assert_eq!((verified.code, verified.stdout.as_str()), (Some(0), "accepted\n"), "{}", verified.stderr);
    let again = webhooks_with(&["send", "--file", "-", "--print"], &EVERY_SECRET, request.stdout.as_bytes());
    assert_eq!(again.stdout, request.stdout);
}

#[test]
fn what_has_no_meaning_for_a_printed_request_is_refused() {
    for option in [&["--count", "2"][..], &["--rate", "1"], &["--verbose"]] {
        let arguments = [&["send", "qase", "run.completed", "--print"], option].concat();
        let refused = webhooks_with(&arguments, &EVERY_SECRET, b"");
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""), "{option:?}");
        assert!(refused.stderr.contains(option[0]), "{}", refused.stderr);
    }
}

/// The words that a shell hands to `curl`.
#[test]
#[cfg(unix)]
fn curl_gets_every_byte() {
    let folder = Folder::new("curl");
    let title = "it's \"quoted\" $HOME `id` \\\n@x é";
    let set = format!("payload.title={}", serde_json::to_string(title).unwrap());
    let to = "https://example.org/hook?a=[1]&b={2}";
    let arguments = ["send", "qase", "run.started", "--set", &set, "--to", to, "--secret", "it's a secret"];
    let request = webhooks(&[&arguments[..], &["--print"]].concat()).stdout;
    let command = webhooks(&[&arguments[..], &["--print=curl"]].concat()).stdout;
    let script = folder
        .write("script", format!("curl() {{ for word; do printf '%s\\0' \"$word\"; done; }}\n{command}"));
    let words = Command::new("sh").arg(script).output().unwrap();
    assert!(words.stderr.is_empty(), "{}", String::from_utf8_lossy(&words.stderr));
    let words = String::from_utf8(words.stdout).unwrap();
    let words: Vec<&str> = words.split_terminator('\0').collect();
    let behind = |option: &str| {
        let at = words.iter().position(|word| *word == option).unwrap();
        words[at + 1]
    };
    assert_eq!(behind("--data-raw"), request.split_once("\r\n\r\n").unwrap().1);
    assert!(words.contains(&"X-Qase-Secret: it's a secret"), "{words:?}");
    assert_eq!(words.last(), Some(&to));
}

#[test]
fn a_token_goes_into_the_path() {
    for (to, target) in [
        ("http://h/hook?a=1#f", "/hook/monitorqa-token-c5d44a?a=1"),
        ("http://h/{token}?a=1", "/monitorqa-token-c5d44a?a=1"),
        ("http://h/hook?token={token}", "/hook?token=monitorqa-token-c5d44a"),
    ] {
        let arguments = ["send", "monitorqa", "AUDIT_COMPLETED", "--to", to, "--print"];
        let printed = webhooks_with(&arguments, &EVERY_SECRET, b"").stdout;
        assert!(printed.starts_with(&format!("POST {target} HTTP/1.1\r\n")), "{printed}");
    }
}

/// A number that no float holds, and the order of keys.
#[test]
fn set_changes_nothing_else() {
    let body = "{ \"event_name\":\"run.deleted\",\n \"z\": 12345678901234567890.10, \"payload\":{\"id\":1, \"a\":2} }";
    let arguments = ["send", "--file", "-", "--set", "payload.id=123456789012345678901234567890", "--print"];
    let printed = webhooks_with(&arguments, &EVERY_SECRET, body.as_bytes()).stdout;
    let expected = body.replace("\"id\":1", "\"id\":123456789012345678901234567890");
    assert_eq!(printed.split_once("\r\n\r\n").unwrap().1, expected);
}
