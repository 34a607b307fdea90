//! A listener with few open files: a genuine delivery finds those that it needs.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use crate::folder::Folder;
use crate::http;
use crate::listener::Listener;
use crate::vendors::QASE_SECRET;

const BODY: &str = r#"{"event_name":"run.deleted","timestamp":1772366400,"payload":{"id":880}}"#;

/// Clients that connect and say nothing.
fn idle(addr: SocketAddr, count: usize) -> Vec<TcpStream> {
    (0..count).map(|_| TcpStream::connect(addr).unwrap()).collect()
}

/// Delivers so often at the same time, each on a connection of its own; the statuses.
fn burst(addr: SocketAddr, count: usize) -> Vec<u16> {
    let barrier = Arc::new(Barrier::new(count));
    let senders: Vec<_> = (0..count)
        .map(|_| {
            let barrier = Arc::clone(&barrier);
            thread::spawn(move || {
                let headers = [("x-qase-secret", QASE_SECRET.to_owned()), ("connection", "close".to_owned())];
                barrier.wait();
                http::request(addr, "POST", "/qase", &headers, BODY.as_bytes()).status
            })
        })
        .collect();
    senders.into_iter().map(|sender| sender.join().unwrap()).collect()
}

/// An application that takes a second for each request.
fn slow_application() -> SocketAddr {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = socket.local_addr().unwrap();
    thread::spawn(move || {
        for stream in socket.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                // The head and the body are small enough to arrive at once.
                let _ = stream.read(&mut [0; 4_096]);
                thread::sleep(Duration::from_secs(1));
                let answer = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                let _ = stream.write_all(answer.as_bytes());
            });
        }
    });
    addr
}

#[test]
fn idle_clients_leave_the_files_to_forward() {
    let application = format!("http://{}", slow_application());
    let listener = Listener::with_open_files(150, &["--forward-to", &application]);
    let _idle = idle(listener.addr, 60);
    assert_eq!(burst(listener.addr, 60), [200; 60]);
    let log = listener.stop().stderr;
    assert!(!log.contains("failed to accept"), "{log}");
}

#[test]
fn a_burst_leaves_the_files_to_save() {
    let folder = Folder::new("open-files");
    let listener = Listener::with_open_files(160, &["--save", &folder.path("saved")]);
    assert_eq!(burst(listener.addr, 180), [200; 180]);
    let log = listener.stop().stderr;
    assert!(!log.contains("failed to"), "{log}");
}

#[test]
fn a_full_admin_page_leaves_the_files_to_receive() {
    let folder = Folder::new("open-files-admin");
    let admin = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let inbox = format!("sqlite:{}", folder.path("inbox.db"));
    let arguments = ["--inbox", &inbox, "--admin", &admin.to_string()];
    let listener = Listener::with_open_files(320, &arguments);
    let _admin = idle(admin, 128);
    let _idle = idle(listener.addr, 150);
    assert_eq!(burst(listener.addr, 60), [200; 60]);
    let log = listener.stop().stderr;
    assert!(!log.contains("failed to"), "{log}");
}

/// The limit is lowered while it runs, so that not even the reserve is left.
#[cfg(target_os = "linux")]
#[test]
fn failures_to_accept_are_logged_once_in_a_while() {
    use std::process::Command;
    use std::time::Instant;

    let listener = Listener::start(&[], &crate::vendors::EVERY_SECRET);
    let limit = |files: usize| {
        let id = listener.id().to_string();
        let set = Command::new("prlimit").args(["--pid", &id, &format!("--nofile={files}:")]).status();
        assert!(set.unwrap().success());
    };
    let open = std::fs::read_dir(format!("/proc/{}/fd", listener.id())).unwrap().count();
    let started = Instant::now();
    limit(open);
    let _idle = idle(listener.addr, 3);
    // It tries ten times a second.
    thread::sleep(Duration::from_secs(2));
    limit(256);
    assert_eq!(burst(listener.addr, 1), [200]);
    let most = started.elapsed().as_secs() / 10 + 1;
    let log = listener.stop().stderr;
    let told = log.lines().filter(|line| line.contains("failed to accept a connection")).count();
    assert!((1..=usize::try_from(most).unwrap()).contains(&told), "{log}");
}
