//! The end of a listener: what is in flight is answered, and what was received is printed.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::http;
use crate::listener::Listener;
use crate::vendors::{EVERY_SECRET, QASE_SECRET, Vendor};

const BODY: &str = r#"{"event_name":"run.deleted","timestamp":1772366400,"payload":{"id":880}}"#;

#[test]
fn a_request_in_flight_is_answered_and_printed_after_sigterm() {
    stops_cleanly("TERM");
}

#[test]
fn a_request_in_flight_is_answered_and_printed_after_sigint() {
    stops_cleanly("INT");
}

/// GNU `timeout` signals its child and then the process group.
#[test]
fn two_signals_at_once_are_one_request_to_stop() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let secret = [("x-qase-secret", QASE_SECRET.to_owned())];
    let mut in_flight = http::connect(listener.addr);
    let head = http::head("POST", "/qase", &secret, Some(BODY.len()));
    in_flight.write_all((head + &BODY[..20]).as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(300));
    let id = listener.id();
    let kill = format!("kill -s TERM {id}; kill -s TERM {id}; kill -s INT {id}");
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    while TcpStream::connect(listener.addr).is_ok() {
        thread::sleep(Duration::from_millis(20));
    }
    in_flight.write_all(&BODY.as_bytes()[20..]).unwrap();
    assert_eq!(http::read_answer(&mut in_flight).unwrap().status, 200);
    let remains = listener.remains();
    assert!(remains.status.success(), "{}", remains.status);
    assert_eq!(remains.stdout.len(), 1, "{:?}", remains.stdout);
}

fn stops_cleanly(signal: &str) {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let addr = listener.addr;
    let secret = [("x-qase-secret", QASE_SECRET.to_owned())];
    let head = http::head("POST", "/qase", &secret, Some(BODY.len()));
    // One that waits between two requests, one that has said nothing, and one in the middle of its body.
    let mut idle = http::connect(addr);
    idle.write_all((head.clone() + BODY).as_bytes()).unwrap();
    assert_eq!(http::read_answer(&mut idle).unwrap().status, 200);
    let mut silent = http::connect(addr);
    let mut in_flight = http::connect(addr);
    in_flight.write_all((head + &BODY[..20]).as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(300));

    listener.signal(signal);
    let told = Instant::now();
    while TcpStream::connect(addr).is_ok() {
        assert!(told.elapsed() < Duration::from_secs(5), "new connections are still taken");
        thread::sleep(Duration::from_millis(20));
    }
    for stream in [&mut idle, &mut silent] {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        assert!(rest.is_empty());
    }
    in_flight.write_all(&BODY.as_bytes()[20..]).unwrap();
    assert_eq!(http::read_answer(&mut in_flight).unwrap().status, 200);

    let remains = listener.remains();
    assert!(remains.status.success(), "{}", remains.status);
    assert_eq!(remains.stdout.len(), 2, "{:?}", remains.stdout);
    assert!(told.elapsed() < Duration::from_secs(7), "nothing was left to wait for: {:?}", told.elapsed());
}

#[test]
fn a_client_that_never_finishes_does_not_hold_up_the_end() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let mut endless = http::connect(listener.addr);
    endless.write_all(http::head("POST", "/qase", &[], Some(10)).as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(300));
    let told = Instant::now();
    assert!(listener.stop().status.success());
    assert!(told.elapsed() < Duration::from_secs(15), "{:?}", told.elapsed());
}

#[test]
fn everything_that_was_acknowledged_is_printed() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    for _ in 0..500 {
        assert_eq!(qase_webhooks::Webhook::deliver(&listener, BODY.as_bytes()).status, 200);
    }
    assert_eq!(listener.stop().stdout.len(), 500);
}
