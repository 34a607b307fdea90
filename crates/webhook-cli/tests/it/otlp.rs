//! Spans for a collector of OpenTelemetry.
#![cfg(all(unix, feature = "otlp"))]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use crate::listener::Listener;
use crate::run::Place;
use crate::vendors::{EVERY_SECRET, Vendor};

/// A request to the collector: its head in small letters, and its body.
struct Export {
    head: String,
    body: Vec<u8>,
}

impl Export {
    /// Whether a span has this attribute: a `KeyValue` of the protocol with a text.
    fn has(&self, key: &str, value: &str) -> bool {
        let field = |tag: u8, bytes: &[u8]| [&[tag, u8::try_from(bytes.len()).unwrap()], bytes].concat();
        let text = field(0x0a, value.as_bytes());
        let attribute = [field(0x0a, key.as_bytes()), field(0x12, &text)].concat();
        self.contains(&attribute)
    }

    fn contains(&self, bytes: &[u8]) -> bool {
        self.body.windows(bytes.len()).any(|window| window == bytes)
    }
}

/// A collector that answers with this status.
fn collector(status: u16) -> (String, Receiver<Export>) {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", server.local_addr().unwrap());
    let (export, exports) = mpsc::channel();
    thread::spawn(move || {
        for stream in server.incoming().map(Result::unwrap) {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap() > 0 {}
            let head = head.to_ascii_lowercase();
            let length =
                head.split_once("content-length: ").map_or("0", |(_, rest)| rest.lines().next().unwrap());
            let mut body = vec![0; length.parse().unwrap()];
            reader.read_exact(&mut body).unwrap();
            let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            let _ = (&stream).write_all(answer.as_bytes());
            let _ = export.send(Export { head, body });
        }
    });
    (url, exports)
}

const BODY: &[u8] = br#"{"event_name":"run.deleted","timestamp":1772366400,"payload":{"id":7}}"#;

#[test]
fn a_span_of_keeping_and_one_of_each_attempt_name_vendor_event_and_key() {
    let (url, exports) = collector(200);
    let place = Place::new("otlp");
    let inbox = place.url();
    let environment =
        [("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()), ("OTEL_EXPORTER_OTLP_HEADERS", "x-team=qa")];
    let listener = Listener::start(&["--inbox", &inbox], &[&EVERY_SECRET[..], &environment].concat());
    assert_eq!(qase_webhooks::Webhook::deliver(&listener, BODY).status, 200);
    let key = listener.line()["key"].as_str().unwrap().to_owned();
    assert!(listener.stop().status.success());
    let kept = exports.recv_timeout(Duration::from_secs(20)).expect("sent before the process ends");
    assert!(
        kept.head.starts_with("post /v1/traces http/1.1") && kept.head.contains("x-team: qa"),
        "{}",
        kept.head
    );
    assert!(kept.has("service.name", "webhooks"));
    assert!(kept.contains(b"keep") && kept.has("vendor", "qase") && kept.has("event", "run.deleted"));
    assert!(kept.has("key", &key));

    let script = place.script("ok.sh", "exit 0");
    let environment = [environment[0], ("OTEL_SERVICE_NAME", "sinks")];
    let running = place.run(&["--exec", &script, "--name", "tickets"], &environment);
    place.until("tickets", |counts| counts.done == Some(1));
    running.stop("TERM");
    let handled = exports.recv_timeout(Duration::from_secs(20)).expect("sent before the process ends");
    assert!(handled.has("service.name", "sinks"));
    assert!(handled.contains(b"handle") && handled.has("sink", "tickets") && handled.has("vendor", "qase"));
    assert!(handled.has("event", "run.deleted") && handled.has("key", &key));
    // A span is no place for a payload or a secret.
    for export in [kept, handled] {
        assert!(
            !export.contains(b"1772366400")
                && !EVERY_SECRET.iter().any(|(_, secret)| export.contains(secret.as_bytes()))
        );
    }
}

#[test]
fn a_collector_that_fails_or_is_not_there_holds_nothing_up_and_is_told_once() {
    let (url, _exports) = collector(503);
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (endpoint, words) in [
        (url, "the collector does not accept spans"),
        (format!("http://{gone}"), "the collector does not accept spans"),
        ("not a url".to_owned(), "spans are not exported"),
    ] {
        let place = Place::new("otlp-fails");
        let environment =
            [("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()), ("OTEL_BSP_SCHEDULE_DELAY", "50")];
        let listener =
            Listener::start(&["--inbox", &place.url()], &[&EVERY_SECRET[..], &environment].concat());
        for _ in 0..3 {
            assert_eq!(qase_webhooks::Webhook::deliver(&listener, BODY).status, 200);
            thread::sleep(Duration::from_millis(200));
        }
        let remains = listener.stop();
        assert!(remains.status.success());
        assert_eq!(remains.stderr.matches(words).count(), 1, "{endpoint}: {}", remains.stderr);
    }
}
