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
    let empty =
        [("QASE_WEBHOOK_SECRET", ""), ("DEEPSOURCE_WEBHOOK_SECRET", ","), ("MONITORQA_WEBHOOK_TOKEN", ",,")];
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
fn a_secret_counts_also_when_its_vendor_is_named_as_insecure() {
    let listener = Listener::start(&["--insecure", "qase"], &EVERY_SECRET);
    assert_eq!(listener.request("POST", "/qase", &[], sample::<Qase>()).status, 401);
    assert_eq!(Qase::deliver(&listener, sample::<Qase>()).status, 200);
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
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("error:"), "{}", refused.stderr);
}

#[test]
fn every_secret_of_a_list_is_accepted() {
    let lists = [
        ("QASE_WEBHOOK_SECRET", "first-q,second-q,third-q"),
        ("DEEPSOURCE_WEBHOOK_SECRET", "first-d,second-d,third-d"),
        ("MONITORQA_WEBHOOK_TOKEN", "first-m,second-m,third-m"),
    ];
    let listener = Listener::start(&[], &lists);
    for secret in ["first", "second", "third"] {
        assert_accepted::<Qase>(&listener, &format!("{secret}-q"), 200);
        assert_accepted::<Deepsource>(&listener, &format!("{secret}-d"), 200);
        assert_accepted::<Monitorqa>(&listener, &format!("{secret}-m"), 200);
    }
    // The list is no secret itself, nor is one of another vendor.
    assert_accepted::<Qase>(&listener, lists[0].1, 401);
    assert_accepted::<Qase>(&listener, "first-d", 401);
    assert_accepted::<Deepsource>(&listener, "first-q", 401);
    assert_accepted::<Monitorqa>(&listener, "first-q", 401);
}

fn assert_accepted<W: Vendor>(listener: &Listener, secret: &str, status: u16) {
    assert_eq!(W::post(listener, &W::signed_with(sample::<W>(), secret)).status, status, "{secret}");
}
