//! What the options of `listen` do: where it listens, what it prints, what it keeps, when it stops.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::http;
use crate::listener::Listener;
use crate::process::{command, webhooks, webhooks_with};
use crate::vendors::{DEEPSOURCE_SECRET, EVERY_SECRET, MONITORQA_TOKEN, QASE_SECRET, Vendor};

type Qase = qase_webhooks::Webhook;
type Deepsource = deepsource_webhooks::Webhook;
type Monitorqa = monitorqa_webhooks::Webhook;

const BODY: &str = r#"{"event_name":"run.deleted","timestamp":1772366400,"payload":{"id":880}}"#;

fn named(event: &str) -> String {
    BODY.replace("run.deleted", event)
}

fn deliver(listener: &Listener, body: &str) {
    assert_eq!(Qase::deliver(listener, body.as_bytes()).status, 200);
}

/// A listener that chooses its own place.
fn at(arguments: &[&str]) -> Listener {
    Listener::spawn(&mut command(&[&["listen", "--json"], arguments].concat(), &EVERY_SECRET))
}

#[test]
fn the_start_says_where_each_vendor_goes() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let addr = listener.addr;
    let stderr = listener.stop().stderr;
    for url in [
        format!("qase        http://{addr}/qase\n"),
        format!("deepsource  http://{addr}/deepsource\n"),
        format!("monitorqa   http://{addr}/monitorqa/<token>\n"),
    ] {
        assert!(stderr.contains(&url), "{url}: {stderr}");
    }
}

#[test]
fn an_address_may_be_a_name_or_a_port_alone() {
    for arguments in
        [&["--addr", "localhost:0"][..], &["--addr", ":0"], &["--port", "0"], &["--addr", "[::1]:0"]]
    {
        if arguments.contains(&"[::1]:0") && TcpListener::bind("[::1]:0").is_err() {
            continue;
        }
        let listener = at(arguments);
        let (host, port) = (listener.addr.ip(), listener.addr.port());
        let reached: SocketAddr = if host.is_ipv6() && !host.is_unspecified() {
            listener.addr
        } else {
            ([127, 0, 0, 1], port).into()
        };
        assert_eq!(http::request(reached, "GET", "/healthz", &[], b"").status, 200, "{arguments:?}");
        assert_eq!(host.is_unspecified(), arguments.contains(&":0"), "{arguments:?}: {host}");
    }
}

#[test]
fn an_address_that_cannot_be_is_named() {
    for (arguments, words) in [
        (&["--addr", "here"][..], "HOST:PORT"),
        (&["--addr", "::1:8080"], "HOST:PORT"),
        (&["--addr", "127.0.0.1:99999"], "HOST:PORT"),
        (&["--addr", "http://localhost:8080"], "HOST:PORT"),
        (&["--addr", "203.0.113.1:0"], "203.0.113.1:0"),
        (&["--addr", "no-such-host.invalid:0"], "no-such-host.invalid:0"),
        (&["--port", "70000"], "--port"),
        (&["--port", "8080", "--addr", ":8080"], "--addr"),
        (&["--count", "0"], "--count"),
        (&["--timeout", "soon"], "30s"),
        (&["--forward-to", "ftp://a"], "--forward-to"),
        (&["--forward-to", "http://a", "--inbox", "sqlite:x"], "--inbox"),
        (&["--inbox-max-bytes", "1"], "--inbox"),
        (&["--inbox-max-bytes", "1", "--inbox", "postgres://127.0.0.1:1/x"], "SQLite"),
        (&["--save", "/proc/nowhere"], "/proc/nowhere"),
        (&["--max-connections", "0"], "--max-connections"),
        (&["--deepsource-algorithm", "md5"], "sha256"),
    ] {
        let refused = webhooks_with(&[&["listen"], arguments].concat(), &EVERY_SECRET, b"");
        assert_eq!(
            (refused.code, refused.stdout.as_str()),
            (Some(2), ""),
            "{arguments:?}: {}",
            refused.stderr
        );
        assert!(refused.stderr.contains(words), "{arguments:?}: {}", refused.stderr);
    }
    let insecure = ["listen", "--deepsource-algorithm", "sha1", "--insecure", "deepsource"];
    let refused = webhooks_with(&insecure, &EVERY_SECRET[..1], b"");
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("contradicts --insecure deepsource"), "{}", refused.stderr);
    let without = webhooks_with(&["listen", "--deepsource-algorithm", "sha1"], &EVERY_SECRET[..1], b"");
    assert_eq!(without.code, Some(2));
}

#[test]
fn the_help_tells_routes_variables_answers_and_exit_statuses() {
    let help = webhooks(&["listen", "--help"]);
    assert_eq!(help.code, Some(0));
    for words in [
        "POST /qase",
        "/readyz",
        "QASE_WEBHOOK_SECRET",
        "_PREVIOUS",
        "503",
        "Exit status",
        "--inbox",
        "sqlite:FILE",
    ] {
        assert!(help.stdout.contains(words), "{words} is not in {}", help.stdout);
    }
}

#[test]
fn a_line_has_the_exact_body_and_marks_a_repetition() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let odd = "{ \"event_name\":\"run.deleted\",\t\"payload\":{\"id\":1,\"t\":\"\u{7f}\u{9b}\u{202e}é\"},\n\"timestamp\":1 }";
    for repeat in 0..3 {
        deliver(&listener, odd);
        let text = listener.text();
        let line: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&line["body"], &line["repeat"]), (&odd.into(), &repeat.into()));
        assert_eq!(line["webhook"]["payload"]["id"], 1);
        assert!(text.contains("\\u007f\\u009b\\u202e"), "{text}");
        assert!(!text.contains(['\u{7f}', '\u{9b}', '\u{202e}']), "{text}");
        assert!(line.get("body_base64").is_none() && line.get("forwarded").is_none(), "{text}");
    }
    // What does not decode is there all the same.
    let contradicts = r#"{"event_name":"run.deleted","timestamp":1,"payload":{"id":{}}}"#;
    deliver(&listener, contradicts);
    let line = listener.line();
    assert_eq!((&line["body"], &line["decoded"]), (&contradicts.into(), &false.into()));
    let bytes = b"{\"event_name\":\"\xff\xfe\"}";
    assert_eq!(Qase::deliver(&listener, bytes).status, 400);
    let line = listener.line();
    assert_eq!(line["body_base64"], "eyJldmVudF9uYW1lIjoi//4ifQ==");
    assert!(line.get("body").is_none(), "{line}");
}

#[test]
fn people_see_a_repetition_and_nothing_that_their_terminal_obeys() {
    let listener = Listener::start_plain(&[], &EVERY_SECRET);
    let body = BODY.replace("\"id\":880", "\"id\":880,\"title\":\"a\u{202e}b\u{9b}c\u{2028}\"");
    deliver(&listener, &body);
    deliver(&listener, &body);
    let lines = listener.stop().stdout.join("\n");
    assert!(lines.contains("  repeat 1  id=880"), "{lines}");
    assert!(!lines.contains(['\u{202e}', '\u{9b}', '\u{2028}', '\u{1b}']), "{lines}");
}

#[test]
fn a_hundred_thousand_levels_are_printed_as_text() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    deliver(&listener, &format!(r#"{{"event_name":"brand.new","timestamp":1,"payload":{deep}}}"#));
    let line = listener.line();
    assert_eq!(line["event"], "brand.new");
}

#[test]
fn only_the_events_that_are_asked_for_are_printed_and_counted() {
    let listener = Listener::start(&["--events", "run.*,defect.created", "--count", "3"], &EVERY_SECRET);
    for event in ["case.created", "run.deleted", "defect.resolved", "defect.created"] {
        deliver(&listener, &named(event));
    }
    assert_eq!(listener.line()["event"], "run.deleted");
    assert_eq!(listener.line()["event"], "defect.created");
    deliver(&listener, &named("run.started"));
    let remains = listener.remains();
    assert_eq!(remains.status.code(), Some(0), "{}", remains.stderr);
    assert_eq!(remains.stdout.len(), 1);
}

/// Those that come at the same time as the last one are not acknowledged unless they are printed.
#[test]
fn nothing_beyond_the_count_is_acknowledged() {
    let listener = Listener::start(&["--count", "5"], &EVERY_SECRET);
    let addr = listener.addr;
    let acknowledged: usize = thread::scope(|scope| {
        let deliveries: Vec<_> = (0..40)
            .map(|number| {
                scope.spawn(move || {
                    let body = BODY.replace("880", &number.to_string());
                    let secret = [("x-qase-secret", QASE_SECRET.to_owned())];
                    let Ok(mut stream) = std::net::TcpStream::connect(addr) else { return 0 };
                    let request = http::head("POST", "/qase", &secret, Some(body.len())) + &body;
                    let _ = stream.write_all(request.as_bytes());
                    usize::from(http::read_answer(&mut stream).is_ok_and(|answer| answer.status == 200))
                })
            })
            .collect();
        deliveries.into_iter().map(|delivery| delivery.join().unwrap()).sum()
    });
    let remains = listener.remains();
    assert_eq!(
        (remains.status.code(), remains.stdout.len(), acknowledged),
        (Some(0), 5, 5),
        "{}",
        remains.stderr
    );
}

#[test]
fn it_stops_after_a_time() {
    let started = Instant::now();
    let ended = Listener::start(&["--timeout", "500ms"], &EVERY_SECRET).remains();
    assert_eq!(ended.status.code(), Some(0), "{}", ended.stderr);
    let missed = Listener::start(&["--timeout", "0.5", "--count", "1"], &EVERY_SECRET).remains();
    assert_eq!(missed.status.code(), Some(1), "{}", missed.stderr);
    assert!(started.elapsed() >= Duration::from_secs(1) && started.elapsed() < Duration::from_secs(10));
}

#[test]
fn every_delivery_is_saved_as_a_request_that_the_other_commands_take() {
    let folder =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("saved-{}/deep", std::process::id()));
    let listener = Listener::start(&["--save", folder.to_str().unwrap()], &EVERY_SECRET);
    let body = "{ \"event_name\":\"brand.new\",\n\"timestamp\":1,\"payload\":{} }";
    deliver(&listener, body);
    let deepsource = Deepsource::samples()[0].body();
    assert_eq!(Deepsource::deliver(&listener, deepsource.as_bytes()).status, 200);
    let monitorqa = Monitorqa::samples()[0].body();
    assert_eq!(Monitorqa::deliver(&listener, monitorqa.as_bytes()).status, 200);
    assert_eq!(Qase::deliver(&listener, b"\xff is no JSON").status, 200);
    // Forged ones are not.
    assert_eq!(Qase::post(&listener, &Qase::signed_with(b"{}", "another-secret")).status, 401);
    listener.stop();

    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let saved: Vec<Vec<u8>> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
    assert_eq!(saved.len(), 4, "{files:?}");
    let bodies = [body.as_bytes(), deepsource.as_bytes(), monitorqa.as_bytes(), b"\xff is no JSON"];
    for (file, body) in saved.iter().zip(bodies) {
        assert!(file.starts_with(b"POST /") && file.ends_with(body));
        let text = String::from_utf8_lossy(file);
        for secret in [QASE_SECRET, DEEPSOURCE_SECRET, MONITORQA_TOKEN] {
            assert!(!text.contains(secret), "{text}");
        }
        assert!(text.contains("content-type: ") || text.contains("content-length: "), "{text}");
    }
    let secret = [("DEEPSOURCE_WEBHOOK_SECRET", DEEPSOURCE_SECRET)];
    let verified =
        webhooks_with(&["verify", "--vendor", "deepsource", files[1].to_str().unwrap()], &secret, b"");
    assert_eq!(verified.code, Some(0), "{}{}", verified.stdout, verified.stderr);
    // The last one is no JSON, which makes it a finding.
    let inspected = webhooks_with(&["inspect", "--json", folder.to_str().unwrap()], &[], b"");
    assert_eq!(inspected.code, Some(1), "{}", inspected.stderr);
    let events: Vec<_> = inspected.lines().into_iter().map(|mut line| line["event"].take()).collect();
    assert_eq!(events[0], "brand.new", "{events:?}");
    assert!(events[1].is_string() && events[2].is_string() && events[3].is_null(), "{events:?}");
    let again = Listener::start(&[], &EVERY_SECRET);
    let to = format!("http://{}/deepsource", again.addr);
    let sent = webhooks_with(&["send", "--file", files[1].to_str().unwrap(), "--to", &to], &secret, b"");
    assert_eq!(sent.code, Some(0), "{}{}", sent.stdout, sent.stderr);
    assert_eq!(again.line()["body"], deepsource);
    std::fs::remove_dir_all(folder.parent().unwrap()).unwrap();
}

/// A file that `--save` wrote, which the test of `cargo xtask adopt` takes too.
const SAVED: &str = include_str!("saved.http");

#[test]
fn a_saved_file_has_the_form_that_adopt_takes() {
    let saved = SAVED.trim_end().replace('\n', "\r\n");
    let (_, body) = saved.split_once("\r\n\r\n").unwrap();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("form-{}", std::process::id()));
    let listener = Listener::start(&["--save", folder.to_str().unwrap()], &EVERY_SECRET);
    assert_eq!(Deepsource::deliver(&listener, body.as_bytes()).status, 200);
    listener.stop();
    let file = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap();
    assert_eq!(std::fs::read_to_string(file.path()).unwrap(), saved);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[cfg(unix)]
#[test]
fn what_cannot_be_saved_is_answered_503_and_logged_once() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("unsaved-{}", std::process::id()));
    let listener = Listener::start(&["--save", folder.to_str().unwrap()], &EVERY_SECRET);
    deliver(&listener, BODY);
    std::fs::remove_dir_all(&folder).unwrap();
    for _ in 0..3 {
        assert_eq!(Qase::deliver(&listener, BODY.as_bytes()).status, 503);
    }
    assert_eq!(listener.request("GET", "/readyz", &[], b"").status, 503);
    std::fs::create_dir_all(&folder).unwrap();
    deliver(&listener, BODY);
    assert_eq!(listener.request("GET", "/readyz", &[], b"").status, 200);
    let remains = listener.stop();
    assert_eq!(remains.stdout.len(), 2);
    let told = remains.stderr.lines().filter(|line| line.contains("failed to save a delivery")).count();
    assert_eq!(told, 1, "{}", remains.stderr);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A load balancer sends nothing to a listener that is not ready.
#[cfg(unix)]
#[test]
fn a_folder_that_works_again_is_noticed_without_a_delivery() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("again-{}", std::process::id()));
    let listener = Listener::start(&["--save", folder.to_str().unwrap()], &EVERY_SECRET);
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(Qase::deliver(&listener, BODY.as_bytes()).status, 503);
    assert_eq!(listener.request("GET", "/readyz", &[], b"").status, 503);
    std::fs::create_dir_all(&folder).unwrap();
    let started = Instant::now();
    while listener.request("GET", "/readyz", &[], b"").status != 200 {
        assert!(started.elapsed() < Duration::from_secs(30));
        thread::sleep(Duration::from_millis(50));
    }
    assert!(std::fs::read_dir(&folder).unwrap().next().is_none(), "the test file is removed");
    let log = listener.stop().stderr;
    assert!(log.contains("deliveries can be saved again"), "{log}");
    std::fs::remove_dir_all(&folder).unwrap();
}

/// An application that gives one answer, and the requests that it got.
fn application(answer: &'static str) -> (SocketAddr, mpsc::Receiver<String>) {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = socket.local_addr().unwrap();
    let (sender, requests) = mpsc::channel();
    thread::spawn(move || {
        for stream in socket.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let mut piece = [0; 4_096];
            // The bodies here end with two braces.
            while !request.ends_with(b"}}") {
                match stream.read(&mut piece).unwrap() {
                    0 => break,
                    count => request.extend_from_slice(&piece[..count]),
                }
            }
            let _ = sender.send(String::from_utf8(request).unwrap());
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (addr, requests)
}

#[test]
fn a_delivery_goes_on_to_an_application_whose_status_the_vendor_gets() {
    let answer = "HTTP/1.1 418 Teapot\r\ncontent-length: 5\r\nconnection: close\r\n\r\nshort";
    let (addr, requests) = application(answer);
    let listener = Listener::start(&["--forward-to", &format!("http://{addr}")], &EVERY_SECRET);
    let secret = [("x-qase-secret", QASE_SECRET.to_owned()), ("x-other", "kept".to_owned())];
    assert_eq!(listener.request("POST", "/qase/in?a=b", &secret, BODY.as_bytes()).status, 418);
    let request = requests.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(request.starts_with("POST /qase/in?a=b HTTP/1.1\r\n") && request.ends_with(BODY), "{request}");
    let lower = request.to_ascii_lowercase();
    assert!(lower.contains(&format!("x-qase-secret: {QASE_SECRET}\r\n")), "{request}");
    assert!(lower.contains("x-other: kept\r\n") && lower.contains(&format!("host: {addr}\r\n")), "{request}");
    let line = listener.line();
    assert_eq!((&line["forwarded"]["status"], &line["forwarded"]["body"]), (&418.into(), &"short".into()));
    // Only what is genuine goes on.
    assert_eq!(Qase::post(&listener, &Qase::signed_with(BODY.as_bytes(), "another-secret")).status, 401);
    assert!(requests.try_recv().is_err());
}

/// It is genuine, so it is stored or passed on; only what stores nothing rejects it.
#[test]
fn what_is_no_json_object_is_answered_as_the_options_decide() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("no-object-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (addr, _requests) =
        application("HTTP/1.1 418 Teapot\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let (inbox, saved, application) =
        (format!("sqlite:{}", path("inbox.db")), path("saved"), format!("http://{addr}"));
    for (arguments, status) in [
        (&["--inbox", &inbox][..], 200),
        (&["--save", &saved], 200),
        (&["--forward-to", &application], 418),
        (&[], 400),
    ] {
        let listener = Listener::start(arguments, &EVERY_SECRET);
        // It ends as the application expects.
        assert_eq!(Qase::deliver(&listener, b"[{\"a\":{}}").status, status, "{arguments:?}");
        // Without its host, a request is malformed for all of them.
        let mut stream = std::net::TcpStream::connect(listener.addr).unwrap();
        stream.write_all(b"POST /qase HTTP/1.1\r\ncontent-length: 0\r\n\r\n").unwrap();
        assert_eq!(crate::http::read_answer(&mut stream).unwrap().status, 400, "{arguments:?}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_url_with_a_path_is_used_as_it_is() {
    let (addr, requests) = application("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
    let listener = Listener::start(&["--forward-to", &format!("{addr}/hooks/here")], &EVERY_SECRET);
    assert_eq!(Qase::deliver(&listener, BODY.as_bytes()).status, 204);
    let request = requests.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(request.starts_with("POST /hooks/here HTTP/1.1\r\n"), "{request}");
}

#[test]
fn an_application_that_is_not_there_is_answered_502() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let listener = Listener::start(&["--forward-to", &format!("http://{gone}")], &EVERY_SECRET);
    assert_eq!(Qase::deliver(&listener, BODY.as_bytes()).status, 502);
    let line = listener.line();
    assert_eq!(line["forwarded"]["status"], Value::Null);
    assert!(line["forwarded"]["error"].is_string(), "{line}");
}

#[test]
fn an_application_that_does_not_answer_is_answered_504_in_time() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let listener = Listener::start(&["--forward-to", &url], &EVERY_SECRET);
    let asked = Instant::now();
    assert_eq!(Qase::deliver(&listener, BODY.as_bytes()).status, 504);
    assert!(asked.elapsed() < Duration::from_secs(12), "{:?}", asked.elapsed());
}
