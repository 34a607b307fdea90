//! The extractors of axum and actix-web behind real sockets: both behave in the same way.

mod actix_server;
mod axum_server;

use std::io::{self, Write};
use std::net::{Shutdown, SocketAddr};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use webhook_core::{Authenticated, Delivery, Receiver, Secret};

use crate::socket::{self, Answer};
use crate::vendors::{Deepsource, Monitorqa, Qase, Vendor};

const OLD: &str = "old-secret-5f";
const NEW: &str = "new-secret-a1";
const PRIVATE: &str = "a-private-title";
const BODY: &str =
    r#"{"event_name":"run.deleted","timestamp":1,"payload":{"id":1,"title":"a-private-title"}}"#;

/// The limits of the receiver at `/receiver` and of the framework at `/framework`.
const SMALL: usize = 1_000;

/// The default of axum, which the application sets at `/default`, with a receiver of DeepSource.
const FRAMEWORK_DEFAULT: usize = 2 * 1024 * 1024;

/// The limit of the framework at `/large`, where the receiver has its default limit.
const LARGE: usize = 1 << 30;

/// Both servers have a receiver for each vendor at `/<vendor>`, and three more of Qase with limits of their own.
/// A server in a thread of its own, with everything that it logged.
struct Server {
    addr: SocketAddr,
    log: Log,
    /// Whether the framework answers `Expect: 100-continue` before it calls a handler.
    continues: bool,
    stop: Option<Box<dyn FnOnce()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop();
        }
        if let Some(Err(_)) = self.thread.take().map(JoinHandle::join) {
            eprintln!("the server panicked");
        }
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Records the log of this thread from now on.
    fn this_thread(&self) {
        let log = self.clone();
        let format = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
        let guard = tracing::subscriber::set_default(format.with_writer(move || log.clone()).finish());
        // The thread ends with its server.
        std::mem::forget(guard);
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The events for rejected deliveries.
    fn rejections(&self) -> Vec<String> {
        self.text().lines().filter(|line| line.contains("webhook rejected")).map(str::to_owned).collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn receiver<W: Authenticated>() -> Receiver<W> {
    Receiver::with_secrets([OLD, NEW].map(|secret| Secret::new(secret).unwrap())).unwrap()
}

/// The answer of a server to an accepted delivery.
fn taken<W: Vendor>(delivery: &Delivery<W>) -> String {
    format!("{} {}", W::VENDOR, delivery.secret_index().unwrap())
}

fn post<W: Vendor>(server: &Server, body: &[u8], secret: &str) -> Answer {
    let request = W::signed_with(body, secret);
    socket::request(server.addr, "POST", &W::target(&request), request.headers(), body)
}

fn secret() -> [(&'static str, String); 1] {
    [("x-qase-secret", OLD.to_owned())]
}

macro_rules! of_both {
    ($($test:ident),* $(,)?) => {
        mod axum {
            $(#[test] fn $test() { super::$test(&super::axum_server::start()); })*
        }
        mod actix {
            $(#[test] fn $test() { super::$test(&super::actix_server::start()); })*
        }
    };
}

of_both!(
    genuine_deliveries_are_accepted_with_each_secret,
    forged_deliveries_are_answered_401_with_an_empty_body,
    two_different_credentials_are_answered_400_with_an_empty_body,
    a_forged_head_is_answered_before_the_body_comes,
    a_body_over_either_limit_is_answered_413,
    the_limit_of_the_receiver_replaces_the_default_of_the_framework,
    a_body_that_announces_too_much_is_answered_before_it_comes,
    chunks_without_end_are_cut_off_at_the_smaller_limit,
    a_truncated_body_is_not_accepted,
    every_rejection_is_logged_once_without_a_secret,
);

fn genuine_deliveries_are_accepted_with_each_secret(server: &Server) {
    fn get_in<W: Vendor>(server: &Server) {
        let sample = W::samples()[0].body().as_bytes();
        for (position, secret) in [OLD, NEW].into_iter().enumerate() {
            let answer = post::<W>(server, sample, secret);
            let body = String::from_utf8(answer.body).unwrap();
            assert_eq!((answer.status, body), (200, format!("{} {position}", W::VENDOR)));
        }
        // The content does not matter for authentication.
        assert_eq!(post::<W>(server, b"", NEW).status, 200);
        assert_eq!(post::<W>(server, b"\xff", NEW).status, 200);
    }
    get_in::<Qase>(server);
    get_in::<Deepsource>(server);
    get_in::<Monitorqa>(server);
    assert_eq!(server.log.rejections(), [""; 0]);
}

fn forged_deliveries_are_answered_401_with_an_empty_body(server: &Server) {
    let nothing =
        |answer: Answer| assert_eq!((answer.status, answer.body.len()), (401, 0), "{}", answer.head);
    for secret in ["x", "old-secret-5e", "OLD-SECRET-5F"] {
        nothing(post::<Qase>(server, BODY.as_bytes(), secret));
        nothing(post::<Deepsource>(server, BODY.as_bytes(), secret));
        nothing(post::<Monitorqa>(server, BODY.as_bytes(), secret));
    }
    for path in ["/qase", "/deepsource", "/monitorqa/x"] {
        nothing(socket::request(server.addr, "POST", path, &[], BODY.as_bytes()));
    }
    // A request that is signed for one vendor is rejected by the others, also with the same secret.
    nothing(socket::request(server.addr, "POST", "/deepsource", &secret(), BODY.as_bytes()));
}

fn two_different_credentials_are_answered_400_with_an_empty_body(server: &Server) {
    for (path, header) in [("/qase", "x-qase-secret"), ("/deepsource", "x-deepsource-signature")] {
        let two = [(header, OLD.to_owned()), (header, NEW.to_owned())];
        let answer = socket::request(server.addr, "POST", path, &two, BODY.as_bytes());
        assert_eq!((answer.status, answer.body.len()), (400, 0), "{path}");
    }
}

/// A body that is announced and never sent: an answer shows that the server does not wait for it.
fn a_forged_head_is_answered_before_the_body_comes(server: &Server) {
    let forged = |header: &str| vec![(header.to_owned(), "x".to_owned())];
    let expecting = ("expect".to_owned(), "100-continue".to_owned());
    let started = Instant::now();
    for (path, header) in
        [("/qase", "x-qase-secret"), ("/monitorqa/x", "x-none"), ("/deepsource", "x-deepsource-signature")]
    {
        for length in [Some(100), Some(1_000_000), Some(LARGE), None] {
            for expect in [false, true] {
                let mut headers = forged(header);
                headers.extend(expect.then(|| expecting.clone()));
                let headers: Vec<(&str, String)> =
                    headers.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
                let mut stream = socket::connect(server.addr);
                stream.write_all(socket::head("POST", path, &headers, length).as_bytes()).unwrap();
                let mut answer = socket::read_answer(&mut stream).unwrap();
                if expect && server.continues {
                    assert_eq!(answer.status, 100);
                    answer = socket::read_answer(&mut stream).unwrap();
                }
                assert_eq!((answer.status, answer.body.len()), (401, 0), "{path} {length:?} {expect}");
            }
        }
    }
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!(server.log.rejections().len(), 24);
}

fn the_limit_of_the_receiver_replaces_the_default_of_the_framework(server: &Server) {
    fn largest<W: Vendor>(server: &Server, limit: usize) {
        assert_eq!(post::<W>(server, &vec![b' '; limit], NEW).status, 200, "{} {limit}", W::VENDOR);
        let request = W::signed_with(b"", NEW);
        let answer = announce(server, &W::target(&request), request.headers(), limit + 1);
        assert_eq!((answer.status, answer.body.len()), (413, 0), "{} {limit}", W::VENDOR);
    }
    largest::<Qase>(server, <Qase as Authenticated>::MAX_BODY_BYTES);
    largest::<Monitorqa>(server, <Monitorqa as Authenticated>::MAX_BODY_BYTES);
    // More than either framework allows by default.
    let limit = <Deepsource as Authenticated>::MAX_BODY_BYTES;
    assert!(limit > FRAMEWORK_DEFAULT);
    largest::<Deepsource>(server, limit);
    // The same number, set by the application, is a limit.
    let body = vec![b' '; FRAMEWORK_DEFAULT];
    let request = Deepsource::signed_with(&body, NEW);
    let answer = socket::request(server.addr, "POST", "/default", request.headers(), &body);
    assert_eq!(answer.status, 200);
    let answer = announce(server, "/default", request.headers(), FRAMEWORK_DEFAULT + 1);
    assert_eq!((answer.status, answer.body.len()), (413, 0));
}

/// The answer to a body that is announced and never sent.
fn announce(server: &Server, target: &str, headers: &[(&str, String)], length: usize) -> Answer {
    let mut stream = socket::connect(server.addr);
    stream.write_all(socket::head("POST", target, headers, Some(length)).as_bytes()).unwrap();
    socket::read_answer(&mut stream).unwrap()
}

fn a_body_over_either_limit_is_answered_413(server: &Server) {
    for path in ["/receiver", "/framework"] {
        for (length, status) in [(SMALL, 200), (SMALL + 1, 413), (SMALL * 20, 413)] {
            let answer = socket::request(server.addr, "POST", path, &secret(), &vec![b' '; length]);
            assert_eq!(answer.status, status, "{length} to {path}");
            assert_eq!(answer.body.is_empty(), status == 413, "{length} to {path}");
        }
    }
}

fn a_body_that_announces_too_much_is_answered_before_it_comes(server: &Server) {
    let started = Instant::now();
    for (path, length) in [("/receiver", SMALL + 1), ("/framework", SMALL + 1), ("/large", LARGE - 1)] {
        let mut stream = socket::connect(server.addr);
        stream.write_all(socket::head("POST", path, &secret(), Some(length)).as_bytes()).unwrap();
        let answer = socket::read_answer(&mut stream).unwrap();
        assert_eq!((answer.status, answer.body.len()), (413, 0), "{path}");
    }
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

fn chunks_without_end_are_cut_off_at_the_smaller_limit(server: &Server) {
    for path in ["/receiver", "/framework", "/large"] {
        let mut stream = socket::connect(server.addr);
        stream.write_all(socket::head("POST", path, &secret(), None).as_bytes()).unwrap();
        let limit = if path == "/large" { <Qase as Authenticated>::MAX_BODY_BYTES } else { SMALL };
        // One byte more than the limit, and then nothing: the answer must not wait for the rest.
        stream.write_all(format!("{:x}\r\n{}\r\n", limit, " ".repeat(limit)).as_bytes()).unwrap();
        stream.write_all(b"1\r\n \r\n").unwrap();
        let answer = socket::read_answer(&mut stream).unwrap();
        assert_eq!((answer.status, answer.body.len()), (413, 0), "{path}");
    }
    assert_eq!(server.log.rejections().len(), 3);
}

fn a_truncated_body_is_not_accepted(server: &Server) {
    for length in [Some(BODY.len()), None] {
        let mut stream = socket::connect(server.addr);
        let start =
            socket::head("POST", "/qase", &secret(), length) + if length.is_some() { "{" } else { "5\r\n{" };
        stream.write_all(start.as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        if let Ok(answer) = socket::read_answer(&mut stream) {
            assert_eq!((answer.status, answer.body.len()), (400, 0), "{}", answer.head);
        }
    }
    assert_eq!(post::<Qase>(server, BODY.as_bytes(), NEW).status, 200);
}

fn every_rejection_is_logged_once_without_a_secret(server: &Server) {
    post::<Qase>(server, BODY.as_bytes(), "x");
    post::<Deepsource>(server, BODY.as_bytes(), "x");
    post::<Monitorqa>(server, BODY.as_bytes(), "x");
    socket::request(server.addr, "POST", "/qase", &[], BODY.as_bytes());
    socket::request(server.addr, "POST", "/receiver", &secret(), &vec![b' '; SMALL + 1]);
    socket::request(server.addr, "POST", "/framework", &secret(), &vec![b' '; SMALL + 1]);
    for secret in [OLD, NEW] {
        post::<Qase>(server, BODY.as_bytes(), secret);
        post::<Deepsource>(server, BODY.as_bytes(), secret);
        post::<Monitorqa>(server, BODY.as_bytes(), secret);
    }
    let rejections = server.log.rejections();
    let expected = [
        ("qase", "credential_wrong", "401"),
        ("deepsource", "credential_wrong", "401"),
        ("monitorqa", "credential_wrong", "401"),
        ("qase", "credential_missing", "401"),
        ("qase", "body_too_large", "413"),
        ("qase", "body_too_large", "413"),
    ];
    assert_eq!(rejections.len(), expected.len(), "{rejections:?}");
    for (line, (vendor, reason, status)) in rejections.iter().zip(expected) {
        let told =
            [format!("vendor=\"{vendor}\""), format!("reason=\"{reason}\""), format!("status={status}")];
        assert!(told.iter().all(|part| line.contains(part)), "{line}");
    }
    let log = server.log.text();
    let signed = Deepsource::signed_with(BODY.as_bytes(), NEW);
    let signature = signed.headers().last().unwrap().1.trim_start_matches("sha256=").to_owned();
    for private in [OLD, NEW, PRIVATE, &signature] {
        assert!(!log.contains(private), "{private} stands in {log}");
    }
}

/// The framework's own error would show the sender how the application is built.
#[test]
fn an_application_of_actix_web_without_a_receiver_answers_500_with_an_empty_body() {
    let server = actix_server::start();
    let answer = socket::request(server.addr, "POST", "/unconfigured", &secret(), BODY.as_bytes());
    assert_eq!((answer.status, answer.body.len()), (500, 0));
    let log = server.log.text();
    let told = log.lines().filter(|line| line.contains("ERROR") && line.contains("no receiver")).count();
    assert_eq!(told, 1, "{log}");
}
