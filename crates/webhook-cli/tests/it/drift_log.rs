//! `listen --drift-log`: what is new is kept once, however often it comes.

use std::path::PathBuf;

use crate::listener::Listener;
use crate::vendors::{EVERY_SECRET, Vendor};

type Qase = qase_webhooks::Webhook;

fn file(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    let _ = std::fs::remove_file(&path);
    path
}

fn start(path: &std::path::Path) -> Listener {
    Listener::start(&["--drift-log", path.to_str().unwrap()], &EVERY_SECRET)
}

fn deliver(listener: &Listener, body: &str) {
    assert_eq!(Qase::deliver(listener, body.as_bytes()).status, 200);
}

#[test]
fn each_event_path_and_kind_is_kept_once() {
    let path = file("drift-once");
    let listener = start(&path);
    let deleted = |id: u32| {
        format!(
            r#"{{"event_name":"run.deleted","timestamp":1,"payload":{{"id":{id},"brand_new":"private-{id}"}}}}"#
        )
    };
    for id in 0..50 {
        deliver(&listener, &deleted(id));
    }
    let steps = r#"[{"position":1,"brand_new":1},{"position":2,"brand_new":2}]"#;
    let case =
        format!(r#"{{"event_name":"case.created","timestamp":1,"payload":{{"id":1,"steps":{steps}}}}}"#);
    deliver(&listener, &case);
    deliver(&listener, &case);
    // The same path in another event is another finding.
    deliver(&listener, &deleted(1).replace("run.deleted", "case.deleted"));
    assert_eq!(listener.stop().stdout.len(), 53);

    let log = std::fs::read_to_string(&path).unwrap();
    let count =
        |parts: &[&str]| log.lines().filter(|line| parts.iter().all(|part| line.contains(part))).count();
    assert_eq!(count(&["qase\trun.deleted\tpayload.brand_new\tunknown_field"]), 1, "{log}");
    assert_eq!(count(&["qase\tcase.deleted\tpayload.brand_new\tunknown_field"]), 1, "{log}");
    assert_eq!(count(&["qase\tcase.created\tpayload.steps[].brand_new\tunknown_field"]), 1, "{log}");
    let mut lines: Vec<&str> = log.lines().collect();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines.len(), log.lines().count(), "{log}");
    assert!(!log.contains("private-"), "{log}");

    // What another run has kept is not new.
    let listener = start(&path);
    deliver(&listener, &deleted(7));
    deliver(&listener, r#"{"event_name":"brand.new","timestamp":1,"payload":{}}"#);
    listener.stop();
    let longer = std::fs::read_to_string(&path).unwrap();
    let added: Vec<&str> = longer.strip_prefix(log.as_str()).unwrap().lines().collect();
    assert_eq!(added.len(), 1, "{added:?}");
    assert!(added[0].starts_with("qase\tbrand.new\tevent_name\tunlisted_value"), "{added:?}");
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_sender_cannot_forge_a_line() {
    let path = file("drift-forged");
    let listener = start(&path);
    deliver(&listener, r#"{"event_name":"a\nqase\tb","timestamp":1,"payload":{},"key\nqase\tc\u001b[2J":1}"#);
    listener.stop();
    let log = std::fs::read_to_string(&path).unwrap();
    for line in log.lines() {
        assert_eq!(line.split('\t').count(), 5, "{log}");
        assert!(!line.contains('\u{1b}'), "{log}");
    }
    assert_eq!(log.lines().count(), 2, "{log}");
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_file_that_cannot_be_written_is_said_at_once() {
    let refused = crate::process::webhooks_with(
        &["listen", "--addr", "127.0.0.1:0", "--drift-log", "/nowhere/at/all"],
        &EVERY_SECRET,
        b"",
    );
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    assert!(refused.stderr.contains("/nowhere/at/all"), "{}", refused.stderr);
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_written_to_while_somebody_reads_it_and_refused_otherwise() {
    use std::io::Read as _;
    use std::os::unix::fs::OpenOptionsExt as _;

    let path = file("drift-pipe");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let arguments = ["listen", "--addr", "127.0.0.1:0", "--drift-log", path.to_str().unwrap()];
    let refused = crate::process::webhooks_with(&arguments, &EVERY_SECRET, b"");
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    assert!(refused.stderr.contains("nobody reads this named pipe"), "{}", refused.stderr);

    // Read and write, so that opening it waits for nobody.
    let mut reader = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed())
        .open(&path)
        .unwrap();
    let listener = start(&path);
    // More than a pipe holds: what does not fit is left out, and nothing waits.
    for number in 0..2_000 {
        deliver(&listener, &format!(r#"{{"event_name":"brand.new.{number:060}","payload":{{}}}}"#));
    }
    assert_eq!(listener.stop().stdout.len(), 2_000);
    let mut log = vec![0; 16 * 1024];
    let length = reader.read(&mut log).unwrap();
    assert!(log[..length].starts_with(b"qase\tbrand.new.0"), "{}", String::from_utf8_lossy(&log[..length]));
    std::fs::remove_file(path).unwrap();
}
